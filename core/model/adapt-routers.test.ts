/** A router with state, which no gradient reaches and which its own rule changes after a step. */
import { expect, test } from 'vitest'
import type { MoeFeedForward } from '../arch/architecture'
import { moeArchitecture } from '../arch/presets'
import { input } from '../graph/expression'
import { gradients } from '../graph/gradient'
import { multiply, sum } from '../graph/operators'
import { values } from '../graph/tensor'
import { lossFreeRouter } from '../routers/loss-free'
import type { RouterSite } from '../routers/router'
import { routerSite } from '../routers/router-site.fixture'
import { adaptRouters, routedLayers } from './adapt-routers'
import { compute, largestDifference } from './models.fixture'
import { adamW } from './optimisers/adamw'
import { parameterLayout } from './parameters'

const bias = 'e_score_correction_bias'
const shape: MoeFeedForward = {
  kind: 'moe',
  experts: 3,
  topK: 1,
  expertWidth: 8,
  sharedWidth: 0,
  router: { kind: 'loss-free', update_rate: 0.25 }
}
const logits = [
  [0.5, 0.25, -1],
  [2, 1, -2]
]

function siteOf(biases: readonly number[]): RouterSite {
  return routerSite({
    logits: input('logits', 'float32', [2, 3]),
    parameters: { [bias]: input('bias', 'float32', [biases.length]) }
  })
}

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x))

test('the bias changes who is chosen, never the gate, and no gradient reaches it', () => {
  // Without a bias expert 0 is the best of both tokens; 0.1 more for expert 1 turns the first of them.
  for (const [biases, chosen] of [
    [
      [0, 0, 0],
      [0, 0]
    ],
    [
      [0, 0.1, 0],
      [1, 0]
    ]
  ] as const) {
    const site = siteOf(biases)
    const { experts, gates } = lossFreeRouter.of(shape, 8).route(site)
    const [ofLogits, ofBias] = gradients(sum(multiply(gates, gates)), [site.logits, site.parameter(bias)])
    if (!ofLogits || !ofBias) throw new Error('unreachable')
    const inputs = { logits: values('float32', [2, 3], logits.flat()), bias: values('float32', [3], biases) }
    const found = compute({ experts, gates, ofLogits, ofBias }, inputs)
    const scores = chosen.map((expert, token) => sigmoid(logits[token]?.[expert] ?? Number.NaN))
    expect([...(found.experts ?? [])]).toEqual([...chosen])
    expect(largestDifference(found.gates, scores)).toBeLessThan(1e-12)
    expect([...(found.ofBias ?? [])]).toEqual([0, 0, 0])
    const expected = logits.flatMap((row, token) =>
      row.map((_, expert) =>
        expert === chosen[token] ? 2 * (scores[token] ?? 0) ** 2 * (1 - (scores[token] ?? 0)) : 0
      )
    )
    expect(largestDifference(found.ofLogits, expected)).toBeLessThan(1e-12)
  }
})

test('what no gradient reaches AdamW leaves as it is: vectors have no weight decay', () => {
  const optimiser = adamW({ beta1: 0.9, beta2: 0.98, epsilon: 1e-8, weightDecay: 0.1, clip: 1 }, 1)
  const [parameters, update] = [input('parameters', 'float32', [3]), input('gradient', 'float32', [3])]
  const vector = (...data: number[]) => values('float32', [data.length], data)
  const zero = vector(0, 0, 0)
  const found = compute(optimiser.step({ parameters, update }), {
    parameters: vector(1, 2, -0.25),
    gradient: vector(1, 1, 0),
    first_moment: zero,
    second_moment: zero,
    rates: vector(...optimiser.ratesAt(1, 0.01))
  })
  expect(found.new_parameters?.[2]).toBe(-0.25)
  expect(found.new_parameters?.[1]).not.toBe(2)
})

test('after a step each bias moves by the rate towards balance, in its own layer, bit for bit', () => {
  const router = lossFreeRouter.of(shape, 8)
  const place = (layer: number, offset: number) => ({
    name: `layers.${layer}.router.${bias}`,
    part: `router.${bias}` as const,
    layer,
    shape: [3],
    offset,
    size: 3,
    draw: () => () => 0,
    blocks: []
  })
  const layout = { parameters: [place(1, 4), place(3, 7)] }
  const routed = [
    { layer: 1, router },
    { layer: 3, router }
  ]
  let parameters: Float32Array = Float32Array.of(9, 9, 9, 9, 0, 0, 0, 0.5, 0.5, 0.5)
  const before = parameters.slice()
  const loads = [
    // Above, below and at the mean of 4; then all at the mean.
    [6, 2, 4, 4, 4, 4],
    [6, 4, 2, 0, 0, 12]
  ]
  for (const load of loads) {
    const next = adaptRouters(routed, layout, { parameters, load: Float32Array.from(load), tokens: 12 })
    expect(next).not.toBe(parameters)
    parameters = next
  }
  expect(before).toEqual(Float32Array.of(9, 9, 9, 9, 0, 0, 0, 0.5, 0.5, 0.5))
  expect(parameters).toEqual(Float32Array.of(9, 9, 9, 9, -0.5, 0.25, 0.25, 0.75, 0.75, 0.25))
})

test('a model whose routers carry nothing keeps its vector', () => {
  const architecture = moeArchitecture({ width: 8, vocabularySize: 55, experts: 4 })
  const parameters = Float32Array.of(1, 2)
  const step = { parameters, load: new Float32Array(8), tokens: 4 }
  expect(adaptRouters(routedLayers(architecture), parameterLayout(architecture), step)).toBe(parameters)
})
