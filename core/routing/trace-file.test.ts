import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readSafetensors, storedTensor, writeSafetensors } from '../formats/safetensors'
import type { Trace } from './trace'
import { noExpert } from './trace'
import { readTrace, writeTrace } from './trace-file'

const traces: fc.Arbitrary<Trace> = fc
  .record({
    count: fc.integer({ min: 0, max: 5 }),
    layers: fc.uniqueArray(fc.nat(9), { minLength: 1, maxLength: 3 }),
    experts: fc.integer({ min: 1, max: 6 }),
    topK: fc.integer({ min: 1, max: 3 }),
    vocabulary: fc.integer({ min: 1, max: 4 }),
    model: fc.string(),
    source: fc.string(),
    whole: fc.boolean(),
    fill: fc.infiniteStream(fc.nat(1000))
  })
  .map(({ count, layers, experts, topK, vocabulary, model, source, whole, fill }) => {
    const next = () => fill.next().value as number
    const floats = (length: number) => (whole ? Float32Array.from({ length }, () => next() / 7) : undefined)
    return {
      model,
      source,
      layers,
      experts,
      topK,
      tokenIds: Int32Array.from({ length: count }, next),
      tokens: Array.from({ length: count }, () => String.fromCodePoint(next())),
      expertIds: Uint16Array.from({ length: count * layers.length * topK }, () => {
        const id = next() % (experts + 1)
        return id === experts ? noExpert : id
      }),
      expertWeights: floats(count * layers.length * topK),
      routerLogits: floats(count * layers.length * experts),
      domains: ['fact', 'dict'],
      domainIds: whole ? Uint8Array.from({ length: count }, () => next() % 2) : undefined,
      logits: count > 0 ? floats(count * vocabulary) : undefined
    }
  })

test('a trace comes back from its file as it was', () => {
  fc.assert(
    fc.property(traces, (trace) => {
      expect(readTrace(writeTrace(trace))).toEqual(trace)
    })
  )
})

const small: Trace = {
  model: 'moe',
  source: 'a text',
  layers: [1, 3],
  experts: 4,
  topK: 2,
  tokenIds: Int32Array.of(5, 6, 7),
  tokens: ['a', 'b', '\n'],
  expertIds: Uint16Array.of(0, 1, 2, 3, 0, 2, 1, 3, 3, 2, 1, noExpert),
  expertWeights: new Float32Array(12),
  routerLogits: new Float32Array(24),
  domains: [],
  domainIds: undefined,
  logits: new Float32Array(30)
}

test('the file has the tensors and metadata that other software reads', () => {
  const { metadata, tensors } = readSafetensors(writeTrace(small))
  expect(Object.fromEntries([...tensors].map(([name, { dtype, shape }]) => [name, [dtype, ...shape]]))).toEqual({
    token_ids: ['I32', 3],
    expert_ids: ['U16', 3, 2, 2],
    expert_weights: ['F32', 3, 2, 2],
    router_logits: ['F32', 3, 2, 4],
    logits: ['F32', 3, 10]
  })
  expect(metadata).toEqual({
    format: 'moescope.trace/1',
    model: 'moe',
    source: 'a text',
    layers: '[1,3]',
    experts: '4',
    top_k: '2',
    tokens: '["a","b","\\n"]',
    domains: '[]'
  })
})

function changed(
  change: Partial<Record<string, string>>,
  tensors: Record<string, ReturnType<typeof storedTensor>> = {}
) {
  const file = readSafetensors(writeTrace(small))
  const metadata = Object.fromEntries(
    Object.entries({ ...file.metadata, ...change }).filter((entry): entry is [string, string] => entry[1] !== undefined)
  )
  return writeSafetensors(new Map([...file.tensors, ...Object.entries(tensors)]), metadata)
}

test.each([
  ['another format', changed({ format: 'pt' }), /no trace file.*format/],
  ['metadata that are not JSON', changed({ layers: 'one' }), /layers: expected JSON, found "one"/],
  ['missing metadata', changed({ top_k: undefined }), /top_k/],
  ['a misshaped tensor', changed({ top_k: '1' }), /'expert_ids' has shape \[3, 2, 2\], but .* call for \[3, 2, 1\]/],
  [
    'an expert beyond the last',
    changed({}, { expert_ids: storedTensor(new Uint16Array(12).fill(4, 11), [3, 2, 2]) }),
    /'expert_ids' has 4 at place 11, expected 0 to 3, or 65535/
  ],
  [
    'a domain beyond the last',
    changed({}, { domain_ids: storedTensor(Uint8Array.of(0, 0, 1), [3]) }),
    /'domain_ids' has 0 at place 0, expected less than 0/
  ],
  ['an empty file', new Uint8Array(), /truncated/]
])('%s is refused in words', (_, bytes, message) => {
  expect(() => readTrace(bytes)).toThrow(message)
})
