import { expect, test } from 'vitest'
import { readSafetensors, storedTensor, writeSafetensors } from '../formats/safetensors'
import { checkpointWeights } from './join-shards'
import { shardIndexName } from './weight-files'

const tensor = (value: number) => storedTensor(Float32Array.of(value), [1])
const files: Record<string, Uint8Array> = {
  'model-00001-of-00002.safetensors': writeSafetensors([['a', tensor(1)]]),
  'model-00002-of-00002.safetensors': writeSafetensors([['b', tensor(2)]])
}
const names = Object.keys(files)

/** The weights of a folder with these files, and with an index where one is given. */
function weightsOf(present: readonly string[], places?: Record<string, string>): Promise<Uint8Array> {
  const index = places && new TextEncoder().encode(JSON.stringify({ weight_map: places }))
  return checkpointWeights(index ? [...present, shardIndexName] : present, async (name) => {
    const found = name === shardIndexName ? index : files[name]
    if (!found) throw new Error(`${name} was asked for`)
    return found
  })
}

const first = 'model-00001-of-00002.safetensors'
const second = 'model-00002-of-00002.safetensors'

test('the tensors of all shards are those of one file, by the index or by the numbers of the files', async () => {
  for (const places of [{ a: first, b: second }, undefined]) {
    const { tensors } = readSafetensors(await weightsOf(names, places))
    expect([...tensors]).toEqual([
      ['a', tensor(1)],
      ['b', tensor(2)]
    ])
  }
})

test('weights in one file are given as they are', async () => {
  const whole = writeSafetensors([['c', tensor(3)]])
  expect(await checkpointWeights(['config.json', 'model.safetensors', first], async () => whole)).toBe(whole)
})

test.each([
  [{ a: second }, /00002-of-00002\.safetensors: tensor 'a' is missing; .*index\.json says/],
  [{ a: '../secret.safetensors' }, /expected names of safetensors files, found '\.\.\/secret/]
])('an index that lies is told: %j', async (places, message) => {
  await expect(weightsOf(names, places)).rejects.toThrow(message)
})

test('a shard that is missing is named, with or without an index', async () => {
  const message = `${second} does not exist: expected all files of the weights beside config.json, found ${first}; copy`
  await expect(weightsOf([first])).rejects.toThrow(message)
  await expect(weightsOf([first], { a: first, b: second })).rejects.toThrow(message)
})

test('shards of two checkpoints, and a tensor that two shards have, are told', async () => {
  await expect(weightsOf([...names, 'model-00001-of-00003.safetensors'])).rejects.toThrow(
    'expected the files of one checkpoint, found model-*-of-00002.safetensors and model-*-of-00003.safetensors'
  )
  await expect(checkpointWeights(names, async () => writeSafetensors([['a', tensor(1)]]))).rejects.toThrow(
    `${second}: tensor 'a' is in another file too`
  )
})
