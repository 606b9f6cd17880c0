/**
 * Logits of other software for checkpoints of every kind that runs: transformers 5.18 with PyTorch in float64 (its rotary
 * table in float32), reading the same `config.json` and `model.safetensors` as this test, whose weights follow a closed
 * formula. What agrees here opens what others train.
 *
 * Of each in `transformers.json`: `nats` of each token after the first, `logits` after the last one, and the chosen
 * `experts` `[MoE layers][tokens][k]`.
 */
import { expect, test } from 'vitest'
import type { Architecture } from '../arch/architecture'
import { readConfig } from '../arch/runnable'
import { byteSource } from '../formats/byte-source'
import { values } from '../graph/tensor'
import { openTensorStore } from '../tensors/store'
import { readWeights } from './checkpoint'
import { evaluation } from './evaluation'
import { groupedExperts } from './experts/grouped'
import { prefill } from './inference'
import { compute, largestDifference } from './models.fixture'
import { formulaCheckpoint } from './transformers.fixture'
import references from './transformers.json'
import { constantWeights } from './weights'

const tokens = [3, 1, 4, 1, 5, 9, 2, 6]

test.each(references)('$name', async ({ config, nats, logits, experts }) => {
  const architecture = readConfig(config)
  const store = await openTensorStore([byteSource('model.safetensors', formulaCheckpoint(architecture))])
  const flat = await readWeights(architecture, store)
  const context = tokens.length
  const read = compute(prefill(architecture, constantWeights(architecture, flat), groupedExperts), {
    tokens: values('int32', [context], tokens),
    positions: values('int64', [1, context], [...tokens.keys()])
  })
  expect(largestDifference(read.logits?.slice(-logits.length), logits)).toBeLessThan(tolerance)
  expect(chosenOf(read.routing ?? [], architecture)).toEqual(experts.flat(2))

  const evaluated = compute(evaluation(architecture, groupedExperts, { batch: 1, context }), {
    parameters: values('float32', [flat.length], flat),
    tokens: values('int32', [context], tokens),
    targets: values('int32', [context], [...tokens.slice(1), 0])
  })
  expect(largestDifference(evaluated.nats?.slice(0, -1), nats)).toBeLessThan(tolerance)
  expect([...(evaluated.experts ?? [])]).toEqual(experts.flat(2))
})

/** The chosen experts of rows `[logits, chosen experts, gates]`. */
function chosenOf(rows: ArrayLike<number>, { layers }: Architecture): number[] {
  const moe = layers.map(({ feedForward }) => feedForward).find(({ kind }) => kind === 'moe')
  if (moe?.kind !== 'moe') return []
  const { experts, topK } = moe
  const size = experts + 2 * topK
  return Array.from(rows).filter((_, i) => i % size >= experts && i % size < experts + topK)
}

/** The values have six decimals, and come from float32 weights. */
const tolerance = 5e-6
