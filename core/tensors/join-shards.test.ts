import { expect, test } from 'vitest'
import { readSafetensors, storedTensor, writeSafetensors } from '../formats/safetensors'
import { joinedShards } from './join-shards'

const tensor = (value: number) => storedTensor(Float32Array.of(value), [1])
const files: Record<string, Uint8Array> = {
  'model-00001-of-00002.safetensors': writeSafetensors([['a', tensor(1)]]),
  'model-00002-of-00002.safetensors': writeSafetensors([['b', tensor(2)]])
}
const read = async (name: string) => {
  const found = files[name]
  if (!found) throw new Error(`${name} was asked for`)
  return found
}
const index = (places: Record<string, string>) => new TextEncoder().encode(JSON.stringify({ weight_map: places }))

test('the tensors of all shards are those of one file', async () => {
  const places = { a: 'model-00001-of-00002.safetensors', b: 'model-00002-of-00002.safetensors' }
  const { tensors } = readSafetensors(await joinedShards(index(places), read))
  expect([...tensors]).toEqual([
    ['a', tensor(1)],
    ['b', tensor(2)]
  ])
})

test.each([
  [{ a: 'model-00002-of-00002.safetensors' }, /00002-of-00002\.safetensors: tensor 'a' is missing; .*index\.json says/],
  [{ a: '../secret.safetensors' }, /expected names of safetensors files, found '\.\.\/secret/]
])('an index that lies is told: %j', async (places, message) => {
  await expect(joinedShards(index(places), read)).rejects.toThrow(message)
})
