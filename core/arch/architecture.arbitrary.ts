/** Random small architectures for property tests: every one that its model type can express. */
import fc from 'fast-check'
import { type GroupedSettings, groupedRouterSpec } from '../routers/grouped'
import type { Architecture, Attention, FeedForward, RunnableModelType } from './architecture'
import { topKRouterSpec } from './architecture'
import type { RotaryScaling } from './rotary-scaling'

const size = fc.integer({ min: 1, max: 24 })

const original = { factor: 8, original_max_position_embeddings: 32 }
const scalings: readonly (RotaryScaling | undefined)[] = [
  undefined,
  { kind: 'linear', factor: 2 },
  { kind: 'llama3', ...original, low_freq_factor: 1, high_freq_factor: 4 },
  { kind: 'yarn', ...original, beta_fast: 32, beta_slow: 1, attention_factor: 1.2, truncate: false }
]

const denseFeedForward = size.map((width): FeedForward => ({ kind: 'dense', width }))

const no = fc.constant<AttentionOptions>({ projectionBias: false })
const allOrNone = fc.constantFrom<AttentionOptions>(
  { projectionBias: false },
  { projectionBias: true, outputBias: true }
)
const multipliers = { embedding: 12, attention: 0.125, residual: 0.22, logitsDivisor: 13 }
const dense = alike(denseFeedForward)
const withoutShared = (normalised: fc.Arbitrary<boolean>) => alike(moeFeedForward(normalised, fc.constant(0)))

/** Any kind; layers of one architecture share their sizes, as config.json demands. */
export const arbitraryArchitecture: fc.Arbitrary<Architecture> = fc.oneof(
  architectures('llama', allOrNone, dense),
  architectures('granite', allOrNone, dense).map((each) => ({ ...each, multipliers })),
  architectures('granitemoe', allOrNone, withoutShared(fc.constant(true))).map((each) => ({ ...each, multipliers })),
  architectures('mistral', windowed(no), dense),
  architectures('qwen2', windowed(fc.constant({ projectionBias: true })), dense),
  architectures('qwen3', windowed(normed('head')), dense),
  architectures('mixtral', windowed(no), withoutShared(fc.constant(true))),
  architectures('olmoe', normed('allHeads'), withoutShared(fc.boolean())),
  architectures(
    'qwen2_moe',
    windowed(fc.boolean().map((projectionBias) => ({ projectionBias }))),
    mixed(moeFeedForward(fc.boolean(), fc.nat(24)))
  ),
  architectures('qwen3_moe', windowed(normed('head')), mixed(moeFeedForward(fc.boolean(), fc.constant(0)))),
  architectures(
    'glm4_moe',
    fc.constantFrom<AttentionOptions>({ projectionBias: false }, { projectionBias: true, queryKeyNorm: 'head' }),
    firstDense({ scores: 'sigmoid', correction: true, group_best: 2 })
  ),
  architectures('deepseek_v2', latent(true), firstDense({ scores: 'softmax', correction: false, group_best: 1 })),
  fc
    .boolean()
    .chain((interleaved) =>
      architectures(
        'deepseek_v3',
        latent(interleaved),
        firstDense({ scores: 'sigmoid', correction: true, group_best: 2 })
      )
    ),
  architectures(
    'gpt_oss',
    windowed(allOrNone.map((biases) => ({ ...biases, sinks: true }))),
    withoutShared(fc.constant(true)).map((layers) =>
      layers.map((each) => ({ ...each, routerBias: true, expertBias: true, clamped: true }) as FeedForward)
    )
  )
)

type AttentionOptions = Partial<Attention> & Pick<Attention, 'projectionBias'>

/** Latents of heads that are 6 wide, of which 2 features turn. */
function latent(interleaved: boolean): fc.Arbitrary<AttentionOptions> {
  return fc
    .tuple(allOrNone, fc.constantFrom({}, { queryRank: 3 }), fc.constantFrom(3, 6))
    .map(([biases, rank, valueSize]) => ({
      ...biases,
      headSize: 6,
      latent: { ...rank, keyValueRank: 5, rotarySize: 2, valueSize, ...(interleaved && { interleaved: true }) }
    }))
}

/** Dense layers before those with experts, whose router has groups. */
function firstDense(form: Pick<GroupedSettings, 'scores' | 'correction' | 'group_best'>): fc.Arbitrary<FeedForward[]> {
  return fc
    .record({ width: size, before: fc.nat(2), expertWidth: size, shared: fc.nat(2), groups: fc.constantFrom(1, 2) })
    .map(({ width, before, expertWidth, shared, groups }) => {
      const normalise_gates = form.scores === 'sigmoid'
      const router = groupedRouterSpec({
        ...form,
        n_group: groups,
        topk_group: 1,
        normalise_gates,
        routed_scaling_factor: 1.5
      })
      const moe: FeedForward = {
        kind: 'moe',
        experts: 4,
        topK: 2,
        expertWidth,
        router,
        sharedWidth: shared * expertWidth,
        ...(shared > 0 && { ungatedShared: true })
      }
      return [...Array.from({ length: before }, (): FeedForward => ({ kind: 'dense', width })), moe]
    })
}

function normed(queryKeyNorm: 'head' | 'allHeads'): fc.Arbitrary<AttentionOptions> {
  return allOrNone.map((biases) => ({ ...biases, queryKeyNorm }))
}

/** With and without a window shorter than every context. */
function windowed(options: fc.Arbitrary<AttentionOptions>): fc.Arbitrary<AttentionOptions> {
  return fc
    .tuple(options, fc.constantFrom({}, { window: 1 }, { window: 3 }))
    .map(([others, window]) => ({ ...others, ...window }))
}

function alike(feedForward: fc.Arbitrary<FeedForward>): fc.Arbitrary<FeedForward[]> {
  return fc.tuple(feedForward, layerCount()).map(([each, count]) => Array.from({ length: count }, () => each))
}

/** Layers with experts and dense ones. */
function mixed(moe: fc.Arbitrary<FeedForward>): fc.Arbitrary<FeedForward[]> {
  return fc
    .tuple(denseFeedForward, moe, fc.array(fc.boolean(), { minLength: 1, maxLength: 4 }))
    .map(([dense, moe, sparse]) => sparse.map((isSparse) => (isSparse ? moe : dense)))
}

function architectures(
  modelType: RunnableModelType,
  options: fc.Arbitrary<AttentionOptions>,
  feedForwards: fc.Arbitrary<FeedForward[]>
): fc.Arbitrary<Architecture> {
  return fc
    .record({
      vocabularySize: size,
      width: size,
      context: fc.integer({ min: 4, max: 100_000 }),
      tiedEmbeddings: fc.boolean(),
      normEpsilon: fc.constantFrom(1e-6, 1e-5),
      ropeTheta: fc.constantFrom(10_000, 1_000_000),
      scaling: fc.constantFrom(...scalings),
      attention: attentions(options),
      feedForwards,
      shared: fc.boolean()
    })
    .map(({ attention, feedForwards, shared, scaling, ...rest }) => ({
      modelType,
      ...rest,
      ...(scaling && { ropeScaling: scaling }),
      layers: feedForwards.map((feedForward) => ({ attention, feedForward })),
      // Layers that share their weights are alike.
      ...(shared && new Set(feedForwards).size === 1 ? { sharedLayers: true } : {})
    }))
}

function attentions(options: fc.Arbitrary<AttentionOptions>): fc.Arbitrary<Attention> {
  const few = fc.integer({ min: 1, max: 4 })
  return fc
    .record({ keyValueHeads: few, group: few, halfHeadSize: few, options })
    .map(({ keyValueHeads, group, halfHeadSize, options }) => ({
      heads: keyValueHeads * group,
      keyValueHeads,
      headSize: 2 * halfHeadSize,
      ...options,
      // Latents are expanded to keys of every head.
      ...(options.latent && { keyValueHeads: keyValueHeads * group })
    }))
}

function moeFeedForward(
  normalised: fc.Arbitrary<boolean>,
  sharedWidth: fc.Arbitrary<number>
): fc.Arbitrary<FeedForward> {
  const topK = fc.integer({ min: 1, max: 3 })
  return fc
    .record({ topK, others: fc.nat(5), expertWidth: size, router: normalised.map(topKRouterSpec), sharedWidth })
    .map(({ others, ...rest }) => ({ kind: 'moe', experts: rest.topK + others, ...rest }))
}

function layerCount(): fc.Arbitrary<number> {
  return fc.integer({ min: 1, max: 4 })
}
