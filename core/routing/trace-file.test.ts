import fc from 'fast-check'
import { expect, test } from 'vitest'
import { byteSource } from '../formats/byte-source'
import { readSafetensors, storedTensor, writeSafetensors } from '../formats/safetensors'
import { memoryTrace, noExpert, type TraceColumns, traceColumns } from './trace'
import { openTraceFile, traceFile } from './trace-file'

const traces: fc.Arbitrary<TraceColumns> = fc
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
      tokenIds: whole ? Int32Array.from({ length: count }, next) : undefined,
      tokens: whole ? Array.from({ length: count }, () => String.fromCodePoint(next())) : undefined,
      expertIds: Uint16Array.from({ length: count * layers.length * topK }, () => {
        const id = next() % (experts + 1)
        return id === experts ? noExpert : id
      }),
      expertWeights: floats(count * layers.length * topK),
      routerLogits: floats(count * layers.length * experts),
      domains: ['fact', 'dict'],
      domainIds: whole ? Uint8Array.from({ length: count }, () => next() % 2) : undefined,
      logits: count > 0 ? floats(count * vocabulary) : undefined,
      sequenceStarts: Uint32Array.from({ length: Math.min(count, 3) }, (_, i) => i),
      notes: whole ? ['a note'] : []
    }
  })

async function write(columns: TraceColumns): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  for await (const part of traceFile(memoryTrace(columns))) parts.push(part)
  return new Uint8Array(await new Blob(parts as BlobPart[]).arrayBuffer())
}

const open = (bytes: Uint8Array) => openTraceFile(byteSource('t', bytes))

test('a trace comes back from its file as it was', async () => {
  await fc.assert(
    fc.asyncProperty(traces, async (trace) => {
      expect(await traceColumns(await open(await write(trace)))).toEqual(trace)
    })
  )
})

test('rows are read in any stretch, and no others are touched', async () => {
  const bytes = await write(small)
  const reads: number[] = []
  const source = byteSource('t', bytes)
  const trace = await openTraceFile({
    ...source,
    bytes: (start = 0, end = bytes.length) => {
      reads.push(end - start)
      return source.bytes(start, end)
    }
  })
  reads.length = 0
  const rows = await trace.rows(1, 3, ['expertWeights'])
  expect(rows).toEqual({ from: 1, to: 3, expertIds: small.expertIds.slice(4, 12), expertWeights: new Float32Array(8) })
  expect(reads).toEqual([16, 32])
})

const small: TraceColumns = {
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
  logits: new Float32Array(30),
  sequenceStarts: Uint32Array.of(0, 2),
  notes: []
}

test('the file has the tensors and metadata that other software reads', async () => {
  const { metadata, tensors } = readSafetensors(await write(small))
  expect(Object.fromEntries([...tensors].map(([name, { dtype, shape }]) => [name, [dtype, ...shape]]))).toEqual({
    token_ids: ['I32', 3],
    sequence_starts: ['I32', 2],
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

async function changed(
  change: Partial<Record<string, string>>,
  tensors: Record<string, ReturnType<typeof storedTensor>> = {}
) {
  const file = readSafetensors(await write(small))
  const metadata = Object.fromEntries(
    Object.entries({ ...file.metadata, ...change }).filter((entry): entry is [string, string] => entry[1] !== undefined)
  )
  return writeSafetensors(new Map([...file.tensors, ...Object.entries(tensors)]), metadata)
}

test.each([
  ['another format', changed({ format: 'pt' }), /no trace file.*format/],
  ['metadata that are not JSON', changed({ layers: 'one' }), /layers: expected JSON, found "one"/],
  ['missing metadata', changed({ top_k: undefined }), /top_k/],
  [
    'a misshaped tensor',
    changed({ top_k: '1' }),
    /'expert_ids' has shape \[3, 2, 2\], but .* call for \[tokens, 2, 1\]/
  ],
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
  ['texts of other tokens', changed({ tokens: '["a"]' }), /tokens: 1 texts, but 'expert_ids' has 3 tokens/],
  [
    'starts that are no places',
    changed({}, { sequence_starts: storedTensor(Int32Array.of(0, 3), [2]) }),
    /'sequence_starts': expected places of tokens in order/
  ],
  ['an empty file', new Uint8Array(), /truncated/]
])('%s is refused in words', async (_, bytes, message) => {
  await expect(open(await bytes).then(traceColumns)).rejects.toThrow(message)
})
