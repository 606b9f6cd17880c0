/** `moescope train` and a folder that holds something already, that is in use, or that cannot be written. */
import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { holdFolder } from '../../node/hold'
import { runCommand, temporaryFolder } from '../command.fixture'

const steps = 6
const spec = {
  architecture: { kind: 'moe', width: 8, layers: 1, experts: 4, context: 32 },
  corpus: { characters: 4000, validation_characters: 900, world: { names: 50, pairs: 50, keys: 50 } },
  recipe: { learning_rate: 0.01, batch: 4, characters: 4 * 32 * steps, warmup_steps: 2 }
}

async function setUp() {
  const folder = await temporaryFolder()
  await writeFile(join(folder, 'spec.json'), JSON.stringify(spec))
  await writeFile(join(folder, 'other.json'), JSON.stringify({ ...spec, recipe: { ...spec.recipe, seed: 2 } }))
  const out = join(folder, 'out')
  const train = (name: string, more: readonly string[] = [], terminal: Parameters<typeof runCommand>[1] = {}) =>
    runCommand(['train', join(folder, `${name}.json`), '--out', out, '--threads', '1', ...more], terminal)
  return { folder, out, train, weights: () => readFile(join(out, 'model.safetensors')) }
}

const linesOf = (output: string) =>
  output
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { step?: number; validation?: { loss: number } })

test('another training is refused, at the same time and afterwards; the first model stays', async () => {
  const { out, train, weights } = await setUp()
  const both = await Promise.all([train('spec'), train('other')])
  const [done, refused] = both[0].status === 0 ? both : both.toReversed()
  expect([done?.status, refused?.status, refused?.output]).toEqual([0, 1, ''])
  expect(refused?.errors).toMatch(
    /out (is in use by process \d+ since .* UTC: wait for it or end it|holds another training)/
  )
  const model = await weights()
  const after = await train(both[0].status === 0 ? 'other' : 'spec')
  expect(after).toEqual({
    status: 1,
    output: '',
    errors: `moescope: ${out} holds another training, of another architecture, corpus or recipe: choose another folder for --out\n`
  })
  expect(await weights()).toEqual(model)
  expect((await readdir(out)).sort()).toEqual([
    'config.json',
    'lab-run.json',
    'model.safetensors',
    'tokenizer.json',
    'tokenizer_config.json',
    'training.json'
  ])
})

test('a finished one is told again without a step; checkpoints that it has not kept are refused', async () => {
  const { out, train } = await setUp()
  const first = await train('spec')
  const again = await train('spec')
  expect(again).toEqual({ status: 0, output: `${first.output.trimEnd().split('\n').at(-1)}\n`, errors: '' })
  const read = await train('spec', [], { outputIsRead: true })
  expect(read.output).toContain(`${out} holds this training at its end already\n`)
  expect((await train('spec', ['--checkpoints', '2'])).errors).toMatch(
    /out holds this training at its end, without a checkpoint of step 2: choose another folder/
  )
})

test('a folder of an earlier version, which has no record of its run, goes on, and is told when it is whole', async () => {
  const { folder, out, train, weights } = await setUp()
  await train('spec', ['--steps', '4'])
  await rm(join(out, 'lab-run.json'))
  const saved = await readFile(join(out, 'run.safetensors'))
  expect((await train('other')).errors).toMatch(/out holds another training/)
  const { output } = await train('spec')
  expect(linesOf(output).find(({ step }) => step)?.step).toBe(5)
  const model = await weights()
  // Earlier versions left what continues a run beside the whole model.
  await rm(join(out, 'lab-run.json'))
  await writeFile(join(out, 'run.safetensors'), saved)
  expect(linesOf((await train('spec')).output)).toEqual(linesOf(output).slice(-1))
  expect(await weights()).toEqual(model)
  expect(await readdir(out)).not.toContain('run.safetensors')
  expect(await readdir(folder)).toHaveLength(3)
})

test('a finished training without a record of its run is told again; a damaged record counts as none', async () => {
  const { out, train, weights } = await setUp()
  const lines = linesOf((await train('spec')).output).slice(-1)
  const model = await weights()
  for (const record of [undefined, '{"format": "moescope.lab-run']) {
    await rm(join(out, 'lab-run.json'))
    if (record !== undefined) await writeFile(join(out, 'lab-run.json'), record)
    expect((await train('other')).errors).toMatch(/out holds another training/)
    expect(linesOf((await train('spec')).output)).toEqual(lines)
  }
  expect(await weights()).toEqual(model)
})

test('while it is held elsewhere nothing is computed', async () => {
  const { out, train } = await setUp()
  const hold = await holdFolder(out)
  const { status, output, errors } = await train('spec')
  await hold?.release()
  expect({ status, output }).toEqual({ status: 1, output: '' })
  expect(errors).toMatch(/out is in use by process \d+ since/)
  expect(await readdir(out)).toEqual([])
})

test.runIf(existsSync('/proc/self'))('a folder that cannot be made is told before a step', async () => {
  const { folder } = await setUp()
  const ran = await runCommand(['train', join(folder, 'spec.json'), '--out', '/proc/nope'])
  expect(ran).toMatchObject({ status: 1, output: '' })
  expect(ran.errors).toMatch(/^moescope: cannot write \/proc\/nope/)
})

test('what cannot be written at its end is kept elsewhere, and can be moved back', async () => {
  const { out, train, weights } = await setUp()
  const whole = await train('spec')
  const model = await weights()
  await rm(out, { recursive: true })
  // From step 3 on nobody can write the weights.
  const inTheWay = join(out, 'model.safetensors', 'in the way')
  let written = ''
  const { status, errors } = await train('spec', [], {
    write: (text) => {
      written += text
      if (written.includes('"step":3,')) mkdirSync(inTheWay, { recursive: true })
    }
  })
  expect(status).toBe(1)
  const [, elsewhere = ''] =
    /; what was computed is in (.*): when there is room, move it to .*out\n$/.exec(errors) ?? []
  expect(errors).toMatch(/^moescope: cannot write .*model\.safetensors: it is a folder/)
  expect(await readFile(join(elsewhere, 'model.safetensors'))).toEqual(model)
  rmSync(join(out, 'model.safetensors'), { recursive: true })
  await cp(elsewhere, out, { recursive: true })
  await rm(elsewhere, { recursive: true })
  expect(linesOf((await train('spec')).output)).toEqual(linesOf(whole.output).slice(-1))
  expect(await weights()).toEqual(model)
})

test('a run of another kind is not overwritten', async () => {
  const { out, train } = await setUp()
  await mkdir(out)
  const record = {
    format: 'moescope.lab-run/1',
    id: 'a',
    kind: 'record',
    spec: {},
    status: 'finished',
    created: 0,
    done: 1,
    detail: ''
  }
  await writeFile(join(out, 'lab-run.json'), JSON.stringify(record))
  expect((await train('spec')).errors).toMatch(/out holds a run of another kind \(record\): choose another folder/)
})
