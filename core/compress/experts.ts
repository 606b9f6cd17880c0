import { z } from 'zod'
import { moeLayers, moeShape } from '../arch/architecture'
import { createMaskedEvaluator } from '../evaluate/masked-evaluator'
import { createRandom } from '../random'
import type { Calibration } from './calibration'
import { maskedLoss } from './calibration-loss'
import { type ExpertUse, expertUse } from './expert-use'
import { partOf } from './part-of'
import type { StoredModel } from './stored-model'
import { defineTransform, type Sweep } from './transform'

/** Ways to score experts. */
type Choice = 'random' | 'frequency' | 'reap' | 'norm' | 'damage'

const choices = {
  random: 'drawn',
  frequency: 'how many tokens chose it',
  reap: 'mean of gate times norm of its output over its tokens',
  norm: 'mean norm of its output over its tokens',
  damage: 'loss increase without it alone'
} as const satisfies Readonly<Record<Choice, string>>

/** Points of a sweep: enough for a curve. */
const mostPoints = 8

/** From one expert less to as many as each token needs. */
export const keepSweep: Sweep = {
  setting: 'keep',
  values: (architecture) => {
    const routed = moeLayers(architecture).map((layer) => moeShape(architecture, layer))
    const [most, least] = [
      Math.min(...routed.map(({ experts }) => experts)),
      Math.max(...routed.map(({ topK }) => topK))
    ]
    const kept = Array.from({ length: mostPoints }, (_, i) =>
      Math.round(most - ((i + 1) * (most - least)) / mostPoints)
    )
    return routed.length === 0 ? [] : [...new Set(kept)].filter((keep) => keep < most)
  }
}

/** Experts of the lowest scores go, in every layer as many; the others take their tokens. */
export const pruneExperts = defineTransform({
  id: 'experts',
  name: 'expert pruning',
  papers: [
    { arxiv: '2510.13999', place: 'REAP, the saliency criterion' },
    { arxiv: '2606.15716', place: 'the mean output norm' }
  ],
  saves: 'bytes and memory: whole experts',
  sweep: keepSweep,
  baseline: { id: 'experts', by: 'random' },
  settings: z.strictObject({
    keep: z.int().min(1).default(8).describe('experts that are left in each layer'),
    by: z
      .enum(['random', 'frequency', 'reap', 'norm', 'damage'])
      .default('reap')
      .describe(
        Object.entries(choices)
          .map(([by, text]) => `${by}: ${text}`)
          .join('; ')
      )
  }),
  apply: async (model, { keep, by }, calibration) => {
    requireExperts(model, keep)
    const scores = await expertScores(model, by, calibration)
    return partOf(
      model,
      model.architecture.layers.map((_, layer) => {
        const own = scores.get(layer)
        return { layer, ...(own && { experts: highest(own, keep) }) }
      })
    )
  }
})

/** Throws a `RangeError` where so many experts cannot be left. */
export function requireExperts({ architecture }: StoredModel, keep: number): void {
  const routed = moeLayers(architecture)
  if (routed.length === 0) throw new RangeError('the model is dense: it has no experts')
  for (const layer of routed) {
    const { experts, topK } = moeShape(architecture, layer)
    if (keep > experts) throw new RangeError(`layer ${layer} has ${experts} experts: keep=${keep} is more`)
    if (keep < topK) throw new RangeError(`layer ${layer}: each token needs ${topK} experts: keep=${keep} is less`)
  }
}

/** Scores of the experts by MoE layer, the higher the more important; of layers that share their weights one for all. */
export async function expertScores(
  model: StoredModel,
  by: Choice,
  calibration: Calibration
): Promise<ReadonlyMap<number, readonly number[]>> {
  const { architecture } = model
  const scores = await scoresBy[by](model, calibration)
  if (!architecture.sharedLayers) return scores
  const all = [...scores.values()]
  const sums = all[0]?.map((_, expert) => all.reduce((sum, each) => sum + (each[expert] ?? Number.NaN), 0)) ?? []
  return new Map(Array.from(scores.keys(), (layer) => [layer, sums]))
}

type Scores = Map<number, readonly number[]>

const scoresBy: Readonly<Record<Choice, (model: StoredModel, calibration: Calibration) => Promise<Scores>>> = {
  random: async ({ architecture }, { seed }) =>
    new Map(
      moeLayers(architecture).map((layer) => {
        const random = createRandom(seed, `compress/experts/layer ${layer}`)
        return [layer, Array.from({ length: moeShape(architecture, layer).experts }, () => random.uniform())]
      })
    ),
  frequency: (model, calibration) => byUse(model, calibration, ({ tokens }) => tokens),
  reap: (model, calibration) => byUse(model, calibration, ({ gatedNorms, tokens }) => meanOf(gatedNorms, tokens)),
  norm: (model, calibration) => byUse(model, calibration, ({ norms, tokens }) => meanOf(norms, tokens)),
  damage: async (model, calibration) => {
    const evaluator = createMaskedEvaluator(calibration.backend, model)
    try {
      const scores: Scores = new Map()
      for (const layer of moeLayers(model.architecture)) {
        const losses: number[] = []
        for (let expert = 0; expert < moeShape(model.architecture, layer).experts; expert++) {
          losses.push(await maskedLoss(evaluator, calibration, [{ kind: 'mask', layer, experts: [expert] }]))
        }
        scores.set(layer, losses)
      }
      return scores
    } finally {
      await evaluator.release()
    }
  }
}

async function byUse(model: StoredModel, calibration: Calibration, score: (use: ExpertUse) => number): Promise<Scores> {
  return new Map(Array.from(await expertUse(model, calibration), ([layer, experts]) => [layer, experts.map(score)]))
}

/** 0 for an expert that no token chose. */
function meanOf(sum: number, tokens: number): number {
  return tokens === 0 ? 0 : sum / tokens
}

/** The experts of the highest scores, in their order. */
function highest(scores: readonly number[], count: number): number[] {
  const score = (expert: number) => scores[expert] ?? Number.NaN
  return [...scores.keys()]
    .sort((a, b) => score(b) - score(a))
    .slice(0, count)
    .sort((a, b) => a - b)
}
