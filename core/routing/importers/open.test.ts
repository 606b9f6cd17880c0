import { expect, test } from 'vitest'
import gallery from '../../../assets/architectures.json'
import { storedTensor } from '../../formats/tensor-data'
import { memoryTrace, traceColumns } from '../trace'
import { traceFile } from '../trace-file'
import { fixtureIds, numpyFile, openedTrace, safetensors, sourceOf, torchFile } from './files.fixture'
import { plausibleExperts } from './limits'
import { importers, inspect, openRouting } from './open'

test("Moescope's own file opens without a question", async () => {
  const trace = await openedTrace(numpyFile('vllmInt32'))
  const parts: Uint8Array[] = []
  for await (const part of traceFile(memoryTrace(trace))) parts.push(part)
  const bytes = new Uint8Array(Buffer.concat(parts))
  const { candidates } = await inspect(sourceOf(bytes))
  expect(candidates).toMatchObject([{ format: 'moescope', certain: true, questions: [] }])
  expect(candidates[0]?.preview.split('\n')[0]).toBe(`token 0  ${fixtureIds.slice(0, 6).join(' ')}`)
  const again = await openRouting(sourceOf(bytes))
  if (again.kind !== 'trace') throw new Error('expected a trace')
  expect(await traceColumns(again)).toEqual(trace)
})

const traceMetadata = { format: 'moescope.trace/1', layers: '[0]', experts: '8', top_k: '2' }
const ids = (values: readonly number[]) => storedTensor(Uint16Array.from(values), [values.length / 2, 1, 2])

test.each([
  [
    'is truncated',
    safetensors({ expert_ids: ids([1, 2, 3, 4]) }, traceMetadata).slice(0, -1),
    /'expert_ids' ends at byte 8.*only 7.*truncated/
  ],
  [
    'has another dtype',
    safetensors({ expert_ids: storedTensor(new Int32Array(4), [2, 1, 2]) }, traceMetadata),
    /'expert_ids': expected dtype U16, found I32/
  ],
  [
    'contradicts itself',
    safetensors({ expert_ids: ids([1, 2]) }, { ...traceMetadata, layers: '[0,1]' }),
    /'expert_ids' has shape \[1, 1, 2\]/
  ],
  [
    'has an expert too many',
    safetensors({ expert_ids: ids([1, 8]) }, traceMetadata),
    /'expert_ids' has 8 at place 1, expected 0 to 7/
  ]
])("Moescope's own file that %s is refused in words", async (_, file, message) => {
  await expect(openedTrace(file)).rejects.toThrow(message)
})

test('a file of two kinds is not guessed', async () => {
  const both = safetensors({
    router_logits: storedTensor(new Float32Array(48), [6, 8]),
    routed_experts: storedTensor(
      new Int32Array(12).map((_, i) => i % 2),
      [6, 1, 2]
    )
  })
  expect((await inspect(sourceOf(both))).candidates).toMatchObject([
    { format: 'vllm-arrays', certain: false },
    { format: 'router-logits', certain: false }
  ])
  await expect(openRouting(sourceOf(both))).rejects.toThrow(
    /may be vllm-arrays \(.*\) or router-logits \(.*\): say which/
  )
  expect((await openedTrace(both, { format: 'vllm-arrays' })).topK).toBe(2)
  expect((await openedTrace(both, { format: 'router-logits', answers: { 'top-k': 3 } })).topK).toBe(3)
})

test('a file that is called what it is not says what is wrong', async () => {
  await expect(openedTrace(numpyFile('vllmInt32'), { format: 'router-logits' })).rejects.toThrow(/no array of floats/)
  await expect(openedTrace(numpyFile('vllmInt32'), { format: 'sglang-recorder' })).rejects.toThrow(
    /expected a file of torch/
  )
  await expect(openedTrace(numpyFile('vllmInt32'), { format: 'gguf' })).rejects.toThrow(
    /no format 'gguf': known are moescope/
  )
})

test.each([
  ['an empty file', '', /file is empty/],
  ['a bare pickle', torchFile('legacy'), /bare pickle/],
  [
    'an archive of something else',
    new Uint8Array(Buffer.concat([Buffer.from('PK\x03\x04'), Buffer.alloc(30)])),
    /no ZIP archive/
  ]
])('%s is refused in words', async (_, file, message) => {
  await expect(inspect(sourceOf(file))).rejects.toThrow(message)
  await expect(inspect(sourceOf(file))).rejects.toThrow(expect.objectContaining({ name: 'FormatError' }))
})

test.each([
  ['bytes', Uint8Array.of(0x89, 0x51, 0x4e, 0x47, 0, 0), /^is no trace of .*, which come as safetensors, \.npy/],
  ['prose', 'Call me Ishmael.', /^is no trace of a format that Moescope knows, which come as/],
  ['JSON of something else', '{"a":1}', /^is JSON with the keys a, .*topk_ids/]
])('%s has no candidate, and opening it says why', async (_, file, message) => {
  const { candidates, noTrace } = await inspect(sourceOf(file))
  expect(candidates).toEqual([])
  expect(noTrace).toMatch(message)
  await expect(openRouting(sourceOf(file, 'my file'))).rejects.toThrow(`my file ${noTrace}`)
})

test('only what is asked for is read of a large array', async () => {
  const tokens = 500_000
  const file = safetensors({ router_logits: storedTensor(new Float32Array(tokens * 8), [tokens, 8]) })
  const source = sourceOf(file)
  let read = 0
  const counted = {
    ...source,
    bytes: (start = 0, end = file.length) => {
      read += end - start
      return source.bytes(start, end)
    }
  }
  const trace = await openRouting(counted, { answers: { 'top-k': 2 } })
  if (trace.kind !== 'trace') throw new Error('expected a trace')
  await trace.rows(400_000, 400_010)
  expect(read).toBeLessThan(600_000)
})

test('formats have names of their own', () => {
  const names = importers.map(({ format }) => format)
  expect(new Set(names).size).toBe(names.length)
})

test('a model of the gallery is asked for with the number of experts that it has', () => {
  const counts = JSON.stringify(gallery).matchAll(/"(?:num_experts|num_local_experts|n_routed_experts)":(\d+)/g)
  const found = new Set(Array.from(counts, ([, count]) => Number(count)))
  expect(found.size).toBeGreaterThan(5)
  for (const count of found) expect(plausibleExperts(count - 1)).toBe(count)
})

test.each([
  [11, 12],
  [62, 64],
  [126, 128],
  [58, 60],
  [0, 1],
  [1, 2],
  [2, 4],
  [65_534, 65_535]
])('of a model with expert %i, %i experts are likely', (highest, count) => {
  expect(plausibleExperts(highest)).toBe(count)
})
