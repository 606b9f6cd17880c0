import { expect, test } from 'vitest'
import { numpyFiles } from '../../formats/numpy.fixture'
import { storedTensor } from '../../formats/tensor-data'
import { noExpert } from '../trace'
import { fixtureIds, grid, idAt, layers, numpyFile, openedTrace, safetensors, sourceOf, tokens } from './files.fixture'
import { inspect, openRouting } from './open'

test.each(['vllmInt32', 'vllmInt16', 'vllmUint8'] as const)('%s becomes a trace', async (name) => {
  const trace = await openedTrace(numpyFile(name))
  expect(trace).toMatchObject({ layers: [0, 1, 2], experts: 8, topK: 2 })
  expect([...trace.expertIds]).toEqual(fixtureIds)
  expect([...trace.sequenceStarts]).toEqual([0])
  expect(trace.notes.join(' ')).toMatch(/neither the weights.*8 are assumed, because the highest id is 7/)
})

test('stretches that begin and end anywhere are read', async () => {
  const trace = await openRouting(sourceOf(numpyFile('vllmRequests')), { answers: { experts: 64 } })
  if (trace.kind !== 'trace') throw new Error('expected a trace')
  expect(trace.experts).toBe(64)
  for (const [from, to] of [
    [0, 6],
    [3, 5],
    [4, 6],
    [5, 5]
  ] as const) {
    expect([...(await trace.rows(from, to)).expertIds]).toEqual(fixtureIds.slice(from * 6, to * 6))
  }
  // The arrays are request_10 and request_2: their numbers tell the order.
  expect([...trace.sequenceStarts]).toEqual([0, 4])
})

test('layers that are zero throughout are told, and left out unless kept', async () => {
  const file = numpyFile('vllmDenseLayer')
  const { candidates } = await inspect(sourceOf(file))
  expect(candidates[0]?.questions).toContainEqual(
    expect.objectContaining({ id: 'dense-layers', proposal: 'leave-out' })
  )
  const without = await openedTrace(file)
  expect(without.layers).toEqual([1, 2])
  expect([...without.expertIds]).toEqual(grid(tokens, 2, 2, (t, l, r) => idAt(t, l + 1, r)))
  expect(without.notes.join(' ')).toMatch(/In layers 0 every expert is 0\..*left out/)
  const kept = await openedTrace(file, { answers: { 'dense-layers': 'keep' } })
  expect(kept.layers).toEqual([0, 1, 2])
  expect(kept.notes.join(' ')).toMatch(/every expert is 0.*means nothing/)
})

const base64 = (name: keyof typeof numpyFiles) => numpyFiles[name].replaceAll('\n', '')
const nested = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, t) =>
    Array.from({ length: layers }, (_, l) => [0, 1].map((r) => idAt(from + t, l, r)))
  )

test('a response of v0.21: the prompt of the response, the continuation of each choice', async () => {
  const response = {
    model: 'qwen3',
    prompt_token_ids: [1, 2, 3, 4],
    prompt_routed_experts: nested(0, 4),
    choices: [
      { index: 0, token_ids: [5, 6, 7], routed_experts: nested(4, 6) },
      { index: 1, token_ids: [8, 9], routed_experts: nested(4, 5) }
    ]
  }
  const trace = await openedTrace(JSON.stringify(response))
  expect(trace).toMatchObject({ model: 'qwen3', topK: 2 })
  expect([...trace.expertIds]).toEqual([...fixtureIds, ...fixtureIds.slice(24, 30)])
  expect([...(trace.tokenIds ?? [])]).toEqual([1, 2, 3, 4, 5, 6, 8])
  expect([...trace.sequenceStarts]).toEqual([0, 6])
  expect(trace.notes.join(' ')).toMatch(/prompt with several choices is counted once/)
})

test('responses of newer servers: base64 of .npy for prompt and continuation, one on each line', async () => {
  const line = (name: keyof typeof numpyFiles) =>
    JSON.stringify({ prompt_routed_experts: null, choices: [{ routed_experts: base64(name) }] })
  const trace = await openedTrace(`${line('vllmInt16')}\n${line('vllmUint8')}\n`)
  expect([...trace.expertIds]).toEqual([...fixtureIds, ...fixtureIds])
  expect([...trace.sequenceStarts]).toEqual([0, 6])
  expect(trace.tokenIds).toBeUndefined()
  const list = await openedTrace(`[${line('vllmInt16')},${line('vllmUint8')}]`)
  expect(list.expertIds).toEqual(trace.expertIds)
})

/** As Python's `base64.b85encode`. */
function base85(bytes: Uint8Array): string {
  const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~'
  const padding = (4 - (bytes.length % 4)) % 4
  const view = new DataView(Uint8Array.of(...bytes, ...new Uint8Array(padding)).buffer)
  const text = Array.from({ length: view.byteLength / 4 }, (_, i) =>
    [4, 3, 2, 1, 0].map((power) => alphabet[Math.floor(view.getUint32(4 * i) / 85 ** power) % 85]).join('')
  ).join('')
  return text.slice(0, text.length - padding)
}

const widths = { uint8: Uint8Array, uint16: Uint16Array, int16: Int16Array, int32: Int32Array } as const
const bytesOf = (dtype: keyof typeof widths, values: readonly number[] = fixtureIds) =>
  new Uint8Array(widths[dtype].from(values).buffer)
const shape = [tokens, layers, 2]
const payload = (dtype: keyof typeof widths, more: object = {}) => ({
  data: Buffer.from(bytesOf(dtype)).toString('base64'),
  shape,
  dtype,
  ...more
})

test.each(Object.keys(widths) as (keyof typeof widths)[])(
  'payloads of %s, told or not, in base64 and base85',
  async (dtype) => {
    const told = payload(dtype, { start: 0 })
    const { dtype: _, ...untold } = payload(dtype)
    const older = { data: base85(bytesOf(dtype)), shape }
    for (const value of [told, untold, older]) {
      const trace = await openedTrace(JSON.stringify({ model: 'm', choices: [{ routed_experts: value }] }))
      expect([...trace.expertIds]).toEqual(fixtureIds)
    }
  }
)

test('-1 of a payload is no expert', async () => {
  const data = base85(bytesOf('int16', [3, -1, 2, 1]))
  const trace = await openedTrace(JSON.stringify({ choices: [{ routed_experts: { data, shape: [2, 1, 2] } }] }))
  expect([...trace.expertIds]).toEqual([3, noExpert, 2, 1])
})

test('Dynamo puts the payload beside the choices, and may begin it at a later token', async () => {
  const ids = { prompt_token_ids: [1, 2, 3, 4, 5], completion_token_ids: [6, 7, 8, 9] }
  const nvext = { routed_experts: payload('uint8', { start: 2 }), engine_data: ids }
  const trace = await openedTrace(JSON.stringify({ model: 'm', choices: [{ index: 0 }], nvext }))
  expect([...trace.expertIds]).toEqual(fixtureIds)
  expect([...(trace.tokenIds ?? [])]).toEqual([3, 4, 5, 6, 7, 8])
  const inside = JSON.stringify({ choices: [{}], nvext: { engine_data: { routed_experts: payload('int16') } } })
  expect([...(await openedTrace(inside)).expertIds]).toEqual(fixtureIds)
})

test('responses that are longer than what is looked at first, and indented ones, are read', async () => {
  const text = 'a'.repeat(300_000)
  const long = { choices: [{ text, routed_experts: nested(0, 6) }] }
  const lines = await openedTrace(`${JSON.stringify(long)}\n${JSON.stringify(long)}\n`)
  expect([...lines.sequenceStarts]).toEqual([0, 6])
  const indented = await openedTrace(JSON.stringify(long, null, 2))
  expect([...indented.expertIds]).toEqual(fixtureIds)
})

const ids = (values: readonly number[], shape: readonly number[]) =>
  safetensors({ routed_experts: storedTensor(Int32Array.from(values), shape) })
const response = (value: unknown) => JSON.stringify({ choices: [{ routed_experts: value }] })

test.each([
  ['a truncated array', numpyFile('vllmInt16').slice(0, -3), /I16 of shape \[6, 3, 2\] takes 72 bytes, found 69/],
  [
    'an array of floats',
    safetensors({ routed_experts: storedTensor(new Float32Array(8), [8]) }),
    /no trace of a format/
  ],
  ['too few axes', ids([1, 2], [1, 2]), /'routed_experts': expected integers of the axes .* I32 of shape \[1, 2\]/],
  ['an id below -1', ids([0, 1, 2, -2], [2, 1, 2]), /'routed_experts': -2 at token 1, layer 0, rank 1/],
  ['an id beyond any expert', ids([0, 65_535], [1, 1, 2]), /'routed_experts': 65535 at token 0, layer 0, rank 1/],
  ['no expert at all', ids([-1, -1], [1, 1, 2]), /every value is -1/],
  ['no layers', ids([], [0, 0, 2]), /'routed_experts': layers: expected 1 to 4096, found 0/],
  ['billions of layers', ids([], [0, 2 ** 40, 2]), /layers: expected 1 to 4096/],
  [
    'requests of other models',
    safetensors({ r0: storedTensor(new Int32Array(8), [2, 2, 2]), r1: storedTensor(new Int32Array(8), [4, 1, 2]) }),
    /'r1': shape \[4, 1, 2\] contradicts 'r0', which has 2 layers and top_k 2/
  ],
  ['base64 of something else', response('k05VTVBZAQB2'), /choices\[0\]\.routed_experts/],
  ['base64 that is cut', response(base64('vllmInt16').slice(0, -8)), /choices\[0\]\.routed_experts: I16 .*truncated/],
  [
    'rows of other lengths',
    response([[[1, 2]], [[1]]]),
    /choices\[0\]\.routed_experts\[1\]\[0\]: expected a list of 2 \(top_k\)/
  ],
  ['text for a number', response([[[1, 'a']]]), /choices\[0\]\.routed_experts\[0\]\[0\]\[1\]: expected a whole number/],
  ['lists for a number', response([[[[1], 2]]]), /\[0\]\[0\]\[0\]: expected a whole number, found a list of 1/],
  ['a cut response', response([[[1, 2]]]).slice(0, -4), /is not JSON.*truncated/],
  [
    'a truncated payload',
    response(payload('int16', { data: base85(bytesOf('int16')).slice(0, -5) })),
    /choices\[0\]\.routed_experts\.data: 85 characters are neither base64 nor base85 of 36 values .* 2 bytes: .*truncated/
  ],
  [
    'a payload of floats',
    response(payload('int16', { dtype: 'float32' })),
    /choices\.0\.routed_experts: expected text, nested lists, or .*uint8 or int8/
  ],
  [
    'a payload of another shape',
    response(payload('int16', { shape: [tokens, layers, 3] })),
    /neither base64 nor base85 of 54 values \(shape\)/
  ],
  [
    'a payload of too few axes',
    response(payload('int16', { shape: [tokens, layers * 2] })),
    /choices\.0\.routed_experts/
  ],
  [
    'a payload with an expert beyond any',
    response({ data: base85(bytesOf('int32', [1, 70_000])), shape: [1, 1, 2] }),
    /choices\[0\]\.routed_experts': 70000 at token 0, layer 0, rank 1/
  ],
  ['a response without routing', JSON.stringify({ choices: [{ text: 'a' }] }), /enable-return-routed-experts/]
])('%s is refused in words', async (_, file, message) => {
  await expect(openedTrace(file)).rejects.toThrow(message)
})

test('an answer that the file contradicts is refused, and so is one that nobody asked for', async () => {
  await expect(openedTrace(numpyFile('vllmInt32'), { answers: { experts: 7 } })).rejects.toThrow(
    /expected 8 to 65535 .*found 7/
  )
  await expect(openedTrace(numpyFile('vllmInt32'), { answers: { experts: 2.5 } })).rejects.toThrow(/whole number/)
  await expect(openedTrace(numpyFile('vllmInt32'), { answers: { 'top-k': 2 } })).rejects.toThrow(
    /top-k is nothing to answer/
  )
})

test('a long reading stops when it is told to, and tells how far it is', async () => {
  const values = new Int32Array(3_000_000).map((_, i) => i % 2)
  const file = safetensors({ routed_experts: storedTensor(values, [1_500_000, 1, 2]) })
  const heard: number[] = []
  await inspect(sourceOf(file), { progress: (done, total) => heard.push(done / total) })
  expect(heard.length).toBeGreaterThan(2)
  expect(heard).toEqual([...heard].sort((a, b) => a - b))
  expect(heard.at(-1)).toBe(1)
  await expect(inspect(sourceOf(file), { signal: AbortSignal.abort(new Error('stopped')) })).rejects.toThrow('stopped')
})
