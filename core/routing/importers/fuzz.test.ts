/** Damaged files of every format give a trace or an error in words: no crash, no hang, no reading beyond the end. */
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import type { ByteSource } from '../../formats/byte-source'
import { damaged } from '../../formats/damage.fixture'
import { storedTensor } from '../../formats/tensor-data'
import { createRandom, type Random } from '../../random'
import { traceCsv } from '../exporters/csv'
import { traceParquet } from '../exporters/parquet'
import { memoryTrace, type Trace } from '../trace'
import { traceFile } from '../trace-file'
import {
  fixtureIds,
  grid,
  idAt,
  layers,
  numpyFile,
  parquetFile,
  pickledFile,
  safetensors,
  sourceOf,
  tokens,
  torchFile
} from './files.fixture'
import type { Answers } from './importer'
import { importers, openRouting } from './open'

/** MOESCOPE_FUZZ=100000 tries more. */
const runs = Number(process.env.MOESCOPE_FUZZ ?? 5000)

const own = memoryTrace({
  model: 'm',
  source: 's',
  layers: [0, 1, 2],
  experts: 8,
  topK: 2,
  tokenIds: new Int32Array(tokens),
  tokens: Array.from({ length: tokens }, (_, token) => `"${token}`),
  domains: ['x', 'y'],
  domainIds: new Uint8Array(tokens),
  sequenceStarts: Uint32Array.of(0, 2),
  notes: [],
  expertIds: Uint16Array.from(fixtureIds),
  expertWeights: new Float32Array(fixtureIds.length)
})

async function written(write: (trace: Trace) => AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  for await (const part of write(own)) parts.push(part)
  return new Uint8Array(Buffer.concat(parts))
}

const text = (value: string) => new TextEncoder().encode(value)
const nested = grid(tokens, 1, 1, (t) => t).map((t) =>
  Array.from({ length: layers }, (_, l) => [idAt(t, l, 0), idAt(t, l, 1)])
)
const npy = Buffer.from(numpyFile('vllmInt16')).toString('base64')
const raw = Buffer.from(Int32Array.from(fixtureIds).buffer).toString('base64')
const gate = storedTensor(new Float32Array(48), [6, 8])

const files: Record<string, readonly Uint8Array[]> = {
  moescope: [await written(traceFile)],
  'router-logits': [
    numpyFile('stackedLogits'),
    numpyFile('logitsByLayer'),
    numpyFile('compressedLogits'),
    safetensors({ 'gate.0': gate, 'gate.1': gate }, { top_k: '2' }),
    pickledFile('logitsTuple'),
    pickledFile('logitsHooks'),
    pickledFile('logitsNumpy'),
    pickledFile('logitsTensor')
  ],
  rollouts: [pickledFile('rollout')],
  'count-arrays': [
    pickledFile('eplbWeight'),
    text('{"logical_count": [[[90, 132, 40, 61], [20, 107, 104, 64]]]}'),
    text('[[3, 4, 4], [1, 0, 7.5]]'),
    text('{"layer_0":[3,9,4],"layer_1":[1,0,8]}'),
    text('{"0":{"1":3,"0":9},"1":{"0":2,"2":8}}'),
    safetensors({ counts: storedTensor(Int32Array.of(3, 4, 4, 5), [1, 2, 2]) })
  ],
  records: [
    text(
      '{"step":0,"layer":1,"rank":0,"top_indices":[[1,2],[3,4]]}\n{"step":0,"layer":2,"rank":0,"top_indices":[[5,2],[0,4]]}\n'
    ),
    text('{"model_id":"m"}\n{"req_id":"a","token_idx":0,"layer":0,"topk_ids":[9,0],"topk_weights":[0.5,0.25]}\n'),
    text('[{"token":0,"experts":[[1,2],[3,4]]},{"token":1,"experts":[[1,2],[3,4]]}]'),
    text('{"records":[{"token":0,"layers":{"0":[1,2],"3":{"experts":[3,4],"weights":[1,0.5]}}}]}'),
    text('{"token":0,"layer":1,"router_logits":[0.5,-1,2]}\n{"token":1,"layer":1,"router_logits":[0.5,3,2]}\n')
  ],
  'count-records': [
    text('{"step":0,"layer":1,"expert_counts":[3,0,9]}\n{"step":1,"layer":1,"expert_counts":[1,2,9]}\n'),
    text('[{"layer":1,"expert":4,"count":7},{"layer":2,"expert":0,"count":9}]')
  ],
  'vllm-arrays': [
    numpyFile('vllmInt32'),
    numpyFile('vllmRequests'),
    numpyFile('objects'),
    pickledFile('idsUint16'),
    pickledFile('pickledNumpy5'),
    pickledFile('pickledNumpy')
  ],
  'vllm-responses': [
    text(JSON.stringify({ prompt_routed_experts: nested, choices: [{ token_ids: [1], routed_experts: nested }] })),
    text(`${JSON.stringify({ choices: [{ routed_experts: npy }] })}\n{"choices":[]}`),
    text(JSON.stringify({ choices: [{ routed_experts: { data: raw, shape: [tokens, layers, 2], dtype: 'int32' } }] })),
    // The ids 0 to 2 of 16 bits in base85.
    text(JSON.stringify({ choices: [{}], nvext: { routed_experts: { data: '000310ss', shape: [1, 1, 3] } } }))
  ],
  'sglang-responses': [
    text(
      JSON.stringify({
        usage: { prompt_tokens: 4, completion_tokens: 3 },
        choices: [{ sgl_ext: { routed_experts: raw } }]
      })
    ),
    text(JSON.stringify([{ meta_info: { prompt_tokens: 4, completion_tokens: 3, routed_experts: raw } }]))
  ],
  'sglang-recorder': [torchFile('perToken'), torchFile('perTokenMoved'), torchFile('perPass'), torchFile('stat')],
  olmoe: [
    text(
      '{"input_ids":[1,2],"exp_ids":[[[1,2],[3,4]],[[5,6],[7,0]]],"experts":8,"layers":[1,2]}\n{"exp_ids":[[[1,2],[3,4]]]}'
    )
  ],
  csv: [
    await written(traceCsv),
    text('token,layer,rank,expert\r\n0,1,0,3\r\n0,1,1,2\r\n1,1,0,5'),
    text('seq_id,pos,layer_id,expert_id,prob\na,0,1,3,0.5\na,0,1,2,0.25\nb,0,1,5,1'),
    text('token,layer,expert_0,expert_1\n0,1,3,2\n1,1,5,2'),
    new Uint8Array(gzipSync('token,layer,expert\n0,1,3\n0,1,2'))
  ],
  parquet: [await written(traceParquet), parquetFile('arrow'), parquetFile('arrowPlain')],
  'csv-counts': [text('step,layer,expert,count\n0,1,0,7\n0,1,1,2\n1,1,0,5\n'), text('layer,e0,e1,e2,e3\n0,1,2,3,4')],
  'llama-cpp': [text('layer,expert\n3,1\n3,4\n7,1\n3,1\r\n')]
}

test.each(Object.keys(files))(`${runs} damaged files of %s give a trace or an error in words`, async (format) => {
  const random = createRandom(1, `fuzz/${format}`)
  const seeds = files[format] ?? []
  let opened = 0
  for (let run = 0; run < runs; run++) {
    const seed = seeds[run % seeds.length] ?? new Uint8Array()
    opened += (await opens(damaged(seed, random), random)) ? 1 : 0
  }
  // Some damage is harmless, and most is not.
  expect(opened).toBeGreaterThan(0)
  expect(opened).toBeLessThan(runs)
})

test('no importer is left out', () => {
  expect(Object.keys(files).sort()).toEqual(importers.map(({ format }) => format).sort())
})

const answers: readonly Answers[] = [{}, { 'top-k': 2 }, { 'top-k': 2, layers: 3 }, { experts: 64 }]
const expectedErrors = new Set(['FormatError', 'AnswerError', 'FormatChoiceError'])

async function opens(bytes: Uint8Array, random: Random): Promise<boolean> {
  try {
    const routing = await openRouting(bounded(bytes), { answers: answers[random.integer(answers.length)] })
    if (routing.kind === 'trace') {
      const { expertIds } = await routing.rows(0, routing.tokenCount, [...routing.has])
      expect(expertIds.length).toBe(routing.tokenCount * routing.layers.length * routing.topK)
    } else {
      expect(routing.counts.length).toBe(routing.steps * routing.layers.length * routing.experts)
    }
    return true
  } catch (error) {
    if (!(error instanceof Error) || !expectedErrors.has(error.name)) throw error
    expect(error.message.length).toBeGreaterThan(10)
    return false
  }
}

/** A source that is never asked for bytes which are not there. */
function bounded(bytes: Uint8Array): ByteSource {
  const source = sourceOf(bytes)
  return {
    ...source,
    bytes: (start = 0, end = bytes.length) => {
      if (!(start >= 0 && start <= end && end <= bytes.length))
        throw new Error(`bytes ${start} to ${end} were asked for`)
      return source.bytes(start, end)
    }
  }
}
