/** Files of the engine and the terminal as they were saved before: each opens, with the values that it was saved with. */
import { cp, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { runCommand, temporaryFolder } from './commands.fixture'
import {
  backendFor,
  figuresOf,
  fingerprintOf,
  metadataOf,
  modelFiles,
  openFolder,
  planFor,
  planOf,
  readCheckpoints,
  readReport,
  readSavedRun,
  savedTrainings,
  steps,
  stoppedAfter,
  train,
  writeCheckpoints,
  writeSavedRun
} from './engine.fixture'
import { saved, savedBytes, sha256 } from './saved.fixture'

const trainings = savedTrainings()

beforeAll(() => void vi.stubGlobal('MOESCOPE_VERSION', 'test'))

describe.each(['llama', 'mixtral'] as const)('a training of a %s that was stopped', (kind) => {
  const folder = `models/${kind}-stopped`

  test('says what is trained, and is written again byte by byte', async () => {
    const bytes = await savedBytes(folder, 'run.safetensors')
    const { fingerprint = '' } = metadataOf(bytes)
    expect(planOf(fingerprint)).toEqual(planFor(kind))
    expect(fingerprintOf(planFor(kind))).toBe(fingerprint)
    const run = readSavedRun(bytes, fingerprint)
    expect(run.state.step).toBe(stoppedAfter)
    expect(run.state.parameters).toEqual((await openFolder(saved(folder))).parameters)
    expect(Buffer.from(writeSavedRun(run, fingerprint)).equals(bytes)).toBe(true)
  })

  test('ends with the weights of one that was not, bit for bit', async () => {
    const plan = planFor(kind)
    const run = readSavedRun(await savedBytes(folder, 'run.safetensors'), fingerprintOf(plan))
    const found = figuresOf(await train(plan, backendFor('reference'), { saved: run }))
    const expected = trainings[kind]
    expect(found).toEqual({ ...expected, steps: expected.steps.slice(stoppedAfter) })
  })

  test('goes on in the terminal', async () => {
    const here = await temporaryFolder()
    await cp(saved(folder), here, { recursive: true })
    const args = ['train', saved('specs', `${kind}.json`), '--out', here, '--threads', '1']
    const { status, output, errors } = await runCommand(args)
    expect({ status, errors }).toEqual({ status: 0, errors: '' })
    const first = output.split('\n').find((line) => line.includes('"steps"')) ?? ''
    expect(JSON.parse(first)).toMatchObject({ step: stoppedAfter + 1, steps })
    const found = readReport(await readFile(join(here, 'training.json')))
    const { report } = trainings[kind]
    expect(found.result.loss).toBeCloseTo(report.result.loss, 4)
    // The measurements from before it was stopped are still there.
    const before = <T extends { readonly step: number }>(curve: readonly T[]) =>
      curve.filter(({ step }) => step <= stoppedAfter)
    expect(before(found.curve)).toEqual(before(report.curve))
    expect(found.training_loss.slice(0, stoppedAfter)).toEqual(report.training_loss.slice(0, stoppedAfter))
  })
})

test.each([
  ['mixtral-stopped', [1, 2]],
  ['qwen2-moe-finished', [1, 2, 5]]
])('the checkpoints of %s', async (folder, kept) => {
  const bytes = await savedBytes('models', folder, 'checkpoints.safetensors')
  const checkpoints = readCheckpoints(bytes)
  expect(checkpoints.planned).toEqual([1, 2, 5])
  expect(checkpoints.kept.map(({ step }) => step)).toEqual(kept)
  const last = checkpoints.kept.find(({ step }) => step === steps)
  if (last) expect(sha256(last.parameters)).toBe(trainings['qwen2-moe'].weights)
  expect(Buffer.from(writeCheckpoints(checkpoints)).equals(bytes)).toBe(true)
})

test.each([
  ['llama-stopped', 'llama'],
  ['mixtral-stopped', 'mixtral'],
  ['qwen2-moe-finished', 'qwen2-moe']
] as const)('the folder %s opens, and is written again byte by byte', async (id, kind) => {
  const folder = saved('models', id)
  const { architecture, parameters } = await openFolder(folder)
  expect(architecture).toEqual(planFor(kind).architecture)
  const files = modelFiles(architecture, parameters)
  expect(files).toHaveLength(4)
  const before = await Promise.all(files.map(({ name }) => readFile(join(folder, name))))
  expect(files.map(({ name, content }, i) => [name, before[i]?.equals(content)])).toEqual(
    files.map(({ name }) => [name, true])
  )
})

test('the record of a training', async () => {
  const bytes = await savedBytes('models/qwen2-moe-finished/training.json')
  const report = readReport(bytes)
  expect(report).toEqual(JSON.parse(new TextDecoder().decode(bytes)))
  expect(report).toMatchObject({ backend: 'reference', machine: 'a laptop', ...trainings['qwen2-moe'].report })
})
