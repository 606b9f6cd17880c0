import { z } from 'zod'
import { moeLayers, moeShape } from '../arch/architecture'
import type { Expression } from '../graph/expression'
import { matmul, sum } from '../graph/operators'
import { swiGlu } from '../model/feed-forward'
import { parameterLayout } from '../model/parameters'
import { expertLoad } from '../routers/routing'
import { floats } from '../runtime/backend'
import { type ExpertPart, parameterName } from '../tensors/part'
import { bestPermutation } from './assignment'
import type { Calibration } from './calibration'
import { groupsByLogits, groupsByOutputs } from './expert-groups'
import { keepSweep, requireExperts } from './experts'
import { observe } from './observation'
import { partOf } from './part-of'
import { unquantised } from './quantised'
import type { StoredModel } from './stored-model'
import { defineTransform } from './transform'

/**
 * Experts that are alike become one: the hidden units of each are put in the order of the most used one's, and the weights
 * averaged by how many tokens chose them. The papers point all their columns of the router to it; a checkpoint has one
 * column for an expert, here that of the most used.
 */
export const mergeExperts = defineTransform({
  id: 'merge',
  name: 'expert merging',
  papers: [
    { arxiv: '2310.01334', place: 'section 3, by router logits' },
    { arxiv: '2410.08589', place: 'section 3, by outputs' }
  ],
  saves: 'bytes and memory: whole experts',
  sweep: keepSweep,
  settings: z.strictObject({
    keep: z.int().min(1).default(8).describe('experts that are left in each layer'),
    by: z
      .enum(['logits', 'outputs'])
      .default('outputs')
      .describe(
        'logits: the experts of most tokens take in those of like router logits; outputs: clusters of like outputs'
      )
  }),
  apply: async (model, { keep, by }, calibration) => {
    requireExperts(unquantised(model), keep)
    const groups = new Map(
      Array.from(await likenessOf(model, calibration), ([layer, { tokens, gram, outputs }]) => {
        const found = by === 'logits' ? groupsByLogits(tokens, gram, keep) : groupsByOutputs(tokens, outputs, keep)
        // In the order of their first experts, whose columns of the router stay.
        return [layer, { tokens, groups: found.sort(([a = 0], [b = 0]) => a - b) }] as const
      })
    )
    const part = partOf(
      model,
      model.architecture.layers.map((_, layer) => ({
        layer,
        experts: groups.get(layer)?.groups.map(([first = 0]) => first)
      }))
    )
    const parameters = part.parameters.slice()
    const [from, to] = [expertsOf(model), expertsOf({ ...part, parameters })]
    for (const [layer, { tokens, groups: ofLayer }] of groups) {
      for (const [expert, group] of ofLayer.entries()) {
        const members = group.map((each) => from.read(layer, each))
        const mean = meanExpert(
          members,
          group.map((each) => tokens[each] ?? 0)
        )
        to.write(layer, expert, mean)
      }
    }
    return { ...part, parameters }
  }
})

/** Ways to tell which experts of a layer are alike. */
interface Likeness {
  /** That chose each expert. */
  readonly tokens: Float64Array
  /** See `groupsByLogits`. */
  readonly gram: Float64Array
  /** See `groupsByOutputs`; a sum over tokens, which all experts have alike. */
  readonly outputs: Float64Array
}

/** By MoE layer; layers that share their weights are alike all together. */
async function likenessOf(model: StoredModel, calibration: Calibration): Promise<ReadonlyMap<number, Likeness>> {
  const { architecture } = model
  const stored = (layer: number) => (architecture.sharedLayers ? 0 : layer)
  const found = new Map(
    moeLayers(architecture).map((layer) => {
      const { experts } = moeShape(architecture, layer)
      const empty = (size: number) => new Float64Array(size)
      return [
        layer,
        { tokens: empty(experts), gram: empty(experts ** 2), outputs: empty(experts * architecture.width) }
      ] as const
    })
  )
  await observe(
    model,
    calibration,
    ({ routing, weights }) => {
      const outputs = routing.flatMap((each): [string, Expression][] => {
        const { layer, shape, site, logits } = each
        const outputOf = (expert: number) =>
          swiGlu(site.x, weights.expert(layer, 'expert_gate_up', expert), weights.expert(layer, 'expert_down', expert))
        return [
          [`tokens_${layer}`, expertLoad(each)],
          [`gram_${layer}`, matmul(logits, logits, { a: true })],
          ...Array.from({ length: shape.experts }, (_, expert): [string, Expression] => [
            `outputs_${layer}_${expert}`,
            sum(outputOf(expert), [0])
          ])
        ]
      })
      return Object.fromEntries(outputs)
    },
    (outputs) => {
      for (const layer of found.keys()) {
        const own = found.get(stored(layer))
        if (!own) continue
        addTo(own.tokens, floats(outputs, `tokens_${layer}`))
        addTo(own.gram, floats(outputs, `gram_${layer}`))
        for (const expert of own.tokens.keys()) {
          addTo(own.outputs.subarray(expert * architecture.width), floats(outputs, `outputs_${layer}_${expert}`))
        }
      }
    }
  )
  return new Map(Array.from(found, ([layer, own]) => [layer, found.get(stored(layer)) ?? own]))
}

function addTo(sums: Float64Array, values: Float32Array): void {
  for (const [i, each] of values.entries()) sums[i] = (sums[i] ?? Number.NaN) + each
}

/** An expert by its hidden units: of each the weights of its gate, of its way up and of its way down, `[3 d]`. */
type Units = readonly Float32Array[]

/** Reads and writes the experts of a model. */
function expertsOf({ architecture, parameters }: StoredModel) {
  const { width } = architecture
  const found = new Map(parameterLayout(architecture).parameters.map((each) => [each.name, each]))
  const weightsOf = (part: ExpertPart, layer: number, expert: number) => {
    const parameter = found.get(parameterName({ part, layer: architecture.sharedLayers ? 0 : layer, expert }))
    if (!parameter) throw new Error(`layer ${layer} has no expert ${expert}`)
    return parameters.subarray(parameter.offset, parameter.offset + parameter.size)
  }
  /** Calls with each place of a unit, and the weights and the place in them that it stands for. */
  const eachPlace = (
    layer: number,
    expert: number,
    visit: (unit: number, place: number, weights: Float32Array, at: number) => void
  ) => {
    const [gateUp, down] = [weightsOf('expert_gate_up', layer, expert), weightsOf('expert_down', layer, expert)]
    const { expertWidth } = moeShape(architecture, layer)
    for (let unit = 0; unit < expertWidth; unit++) {
      for (let i = 0; i < width; i++) {
        visit(unit, i, gateUp, i * 2 * expertWidth + unit)
        visit(unit, width + i, gateUp, i * 2 * expertWidth + expertWidth + unit)
        visit(unit, 2 * width + i, down, unit * width + i)
      }
    }
  }
  return {
    read: (layer: number, expert: number): Units => {
      const { expertWidth } = moeShape(architecture, layer)
      const units = Array.from({ length: expertWidth }, () => new Float32Array(3 * width))
      eachPlace(layer, expert, (unit, place, weights, at) => {
        const own = units[unit]
        if (own) own[place] = weights[at] ?? Number.NaN
      })
      return units
    },
    write: (layer: number, expert: number, units: Units) =>
      eachPlace(layer, expert, (unit, place, weights, at) => {
        weights[at] = units[unit]?.[place] ?? Number.NaN
      })
  }
}

/**
 * The mean of experts by weights (by none where all are 0), the units of each in the order that is most like the first
 * one's: the permutation of the largest sum of inner products, and so of the least squared distance.
 */
export function meanExpert(experts: readonly Units[], weights: readonly number[]): Units {
  const [first = []] = experts
  const total = weights.reduce((a, b) => a + b, 0)
  const mean = first.map((unit) => new Float32Array(unit.length))
  for (const [i, units] of experts.entries()) {
    const part = total === 0 ? 1 / experts.length : (weights[i] ?? 0) / total
    const gains = Float64Array.from({ length: first.length ** 2 }, (_, at) =>
      innerProduct(first[Math.floor(at / first.length)] ?? [], units[at % first.length] ?? [])
    )
    for (const [place, unit] of bestPermutation(gains, first.length).entries()) {
      const target = mean[place]
      for (const [k, each] of (units[unit] ?? []).entries()) if (target) target[k] = (target[k] ?? 0) + part * each
    }
  }
  return mean
}

function innerProduct(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? Number.NaN) * (b[i] ?? Number.NaN)
  return sum
}
