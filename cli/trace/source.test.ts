/** Files of other software, measured without converting them first. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fixtureIds, layers, numpyFile, tokens, torchFile } from '@core/routing/importers/files.fixture'
import { memoryTrace } from '@core/routing/trace'
import { traceFile } from '@core/routing/trace-file'
import { expect, test } from 'vitest'
import { runCommand, temporaryFolder } from '../command.fixture'
import { writeWhole } from '../terminal/files'

async function write(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(await temporaryFolder(), name)
  await writeFile(path, content)
  return path
}

async function json(...args: string[]) {
  const { status, output, errors } = await runCommand(['trace', ...args, '--json'])
  expect({ status, errors }).toEqual({ status: 0, errors: '' })
  return JSON.parse(output)
}

async function wrong(...args: string[]) {
  const { status, output, errors } = await runCommand(['trace', ...args])
  expect(output).toBe('')
  return { status, errors }
}

/** A trace file with the experts of the fixtures, which says that there are 16; the last one can be another. */
async function ownTrace(last = fixtureIds.at(-1) ?? 0): Promise<string> {
  const path = join(await temporaryFolder(), 'own.safetensors')
  const facts = { model: '', source: '', layers: [0, 1, 2], experts: 16, topK: 2, domains: [], notes: [] }
  const unknown = { tokenIds: undefined, tokens: undefined, domainIds: undefined }
  const columns = { expertWeights: undefined, routerLogits: undefined, logits: undefined }
  const expertIds = Uint16Array.from(fixtureIds).fill(last, -1)
  const sequenceStarts = Uint32Array.of(0)
  await writeWhole(path, traceFile(memoryTrace({ ...facts, ...unknown, ...columns, sequenceStarts, expertIds })))
  return path
}

test('statistics of what vLLM returns', async () => {
  const report = await json('stats', await write('routed.npy', numpyFile('vllmInt32')), '--layers', '0')
  expect(report).toMatchObject({ kind: 'trace', tokens, top_k: 2 })
  expect(report.notes.join(' ')).toMatch(/8 are assumed/)
  const chosen = fixtureIds.filter((_, i) => Math.floor(i / 2) % layers === 0)
  const load = Array.from({ length: 8 }, (_, expert) => chosen.filter((id) => id === expert).length / chosen.length)
  expect(report.layers).toEqual([expect.objectContaining({ layer: 0, experts: 8, load })])
})

test('what a file leaves open is asked for, and answered by the options of convert', async () => {
  const path = await write('logits.npy', numpyFile('stackedLogits'))
  const { status, errors } = await wrong('stats', path)
  expect(status).toBe(2)
  expect(errors).toMatch(/begins with\n.*logits of the first experts/)
  expect(errors).toMatch(/top-k .*the file does not say it; give --top-k\n/)
  const report = await json('stats', path, '--top-k', '3', '--gates', 'softmax')
  expect(report).toMatchObject({ tokens, top_k: 3 })
  expect(report.layers).toHaveLength(layers)
  expect((await wrong('stats', path, '--top-k', '3', '--dense-layers', 'keep')).errors).toMatch(
    /dense-layers is nothing to answer for/
  )
})

test('the layers of a row are answered apart from the layers that are measured', async () => {
  const rows = Int32Array.of(0, 1, 2, 3, 1, 0, 3, 2)
  const routed_experts = Buffer.from(rows.buffer).toString('base64')
  const path = await write('response.json', JSON.stringify({ choices: [{ sgl_ext: { routed_experts } }] }))
  const { status, errors } = await wrong('stats', path, '--top-k', '2')
  expect({ status, errors }).toMatchObject({ status: 2, errors: expect.stringMatching(/give --row-layers/) })
  expect(errors).toMatch(/\n {2}--row-layers N /)
  const report = await json('stats', path, '--top-k', '2', '--row-layers', '2', '--layers', '1')
  expect(report).toMatchObject({ tokens: 2, layers: [{ layer: 1, load: [0, 0, 0.5, 0.5] }] })
})

test('an answer goes to the file that asks for it', async () => {
  const [own, routed] = [await ownTrace(), await write('routed.npy', numpyFile('vllmInt32'))]
  const same = { layers: [0, 1, 2].map((layer) => ({ layer, same_first: 1, overlap: 1, same_set: 1 })) }
  expect(await json('compare', own, routed, '--experts', '16')).toMatchObject(same)
  expect(await json('compare', routed, own, '--experts', '16')).toMatchObject(same)
  expect(await json('compare', routed, routed, '--experts', '16')).toMatchObject(same)
  expect(await wrong('compare', own, routed)).toMatchObject({
    status: 1,
    errors: expect.stringMatching(/one has 16 experts, the other 8/)
  })
  expect(await wrong('compare', own, routed, '--gates', 'softmax', '--experts', '16')).toMatchObject({
    status: 2,
    errors: expect.stringMatching(/^moescope: --gates: neither .*own\.safetensors nor .*routed\.npy asks for it\n/)
  })
})

test('damage that is found while two are read is told of the file that has it', async () => {
  const [good, bad] = [await ownTrace(), await ownTrace(99)]
  for (const files of [
    [good, bad],
    [bad, good]
  ]) {
    const { status, errors } = await wrong('compare', ...files)
    expect(status).toBe(1)
    expect(errors).toBe(`moescope: ${bad}: trace: tensor 'expert_ids' has 99 at place 35, expected 0 to 15, or 65535\n`)
  }
})

test('counts without tokens tell how even they are, and why no more', async () => {
  // Layer 1 has 3 + 8, 4 + 9, 5 + 10 and 6 + 11 choices in two steps.
  const path = await write('recorded.pt', torchFile('stat'))
  const report = await json('stats', path, '--layers', '1', '--dead', '0.9')
  expect(report).toMatchObject({ kind: 'counts', model: '', tokens: null, top_k: null, steps: 2 })
  const [layer] = report.layers
  const counts = [11, 13, 15, 17]
  expect(layer).toMatchObject({
    layer: 1,
    experts: 4,
    load: counts.map((count) => count / 56),
    dead_experts: [0],
    baselines: { load: 0.25 }
  })
  expect(layer.cv).toBeCloseTo(Math.sqrt(5) / 14, 12)
  expect(layer.jain).toBeCloseTo(56 ** 2 / (4 * (121 + 169 + 225 + 289)), 12)
  expect(layer.max_violation).toBeCloseTo(3 / 14, 12)
  expect(layer).not.toHaveProperty('repeat_first')
  const { cv_baseline, ...others } = report.unavailable
  expect(cv_baseline).toMatch(/how many experts a token is sent to/)
  expect(new Set(Object.values(others))).toEqual(
    new Set(['needs tokens, and this file only counts how often experts were chosen'])
  )
  expect(Object.keys(others)).toEqual(expect.arrayContaining(['repeats', 'unique_experts', 'router_logits']))
  const { output } = await runCommand(['trace', 'stats', path])
  expect(output).toMatch(/recorded\.pt: counts of 2 steps, 2 MoE layers, 4 experts\n\nlayer +CV .* dead\n/)
  expect(output).toMatch(/\n1 +0\.160 +0\.\d+ +\d\.\d+ +0\.214 +0\n/)
  expect(output).toMatch(/\nfirst choice load, repeats, .*: needs tokens/)
})

test('counts cannot be compared, nor looked at by domain', async () => {
  const path = await write('recorded.pt', torchFile('stat'))
  expect(await wrong('compare', path, path)).toMatchObject({
    status: 1,
    errors: expect.stringMatching(/recorded\.pt only counts how often experts were chosen.*token by token.*trace stats/)
  })
  expect((await wrong('stats', path, '--domain', 'code')).errors).toMatch(/does not tell the domains of its tokens/)
})

test.each([
  ['stats', 1],
  ['compare', 2],
  ['place', 1]
])('a damaged file ends %s in one line that names it once', async (action, files) => {
  const path = await write('cut.npy', numpyFile('vllmInt32').subarray(0, 200))
  const shape = action === 'place' ? ['--replicas', '8', '--gpus', '4'] : []
  const { status, errors } = await wrong(action, ...new Array<string>(files).fill(path), ...shape)
  expect(status).toBe(1)
  expect(errors).toMatch(/^moescope: [^:]*cut\.npy: I32 of shape \[6, 3, 2\] takes 144 bytes.*truncated or damaged\n$/)
})
