/** Random small architectures for property tests: every one that its model type can express. */
import fc from 'fast-check'
import type { Architecture, Attention, FeedForward, RunnableModelType } from './architecture'
import { topKRouterSpec } from './architecture'

const size = fc.integer({ min: 1, max: 24 })

const denseFeedForward = size.map((width): FeedForward => ({ kind: 'dense', width }))

/** Any of the three kinds; layers of one architecture share their sizes, as config.json demands. */
export const arbitraryArchitecture: fc.Arbitrary<Architecture> = fc.oneof(
  architectures(
    'llama',
    fc.constant(false),
    fc.tuple(denseFeedForward, layerCount()).map(([dense, count]) => Array.from({ length: count }, () => dense))
  ),
  architectures(
    'mixtral',
    fc.constant(false),
    fc
      .tuple(moeFeedForward(fc.constant(true), fc.constant(0)), layerCount())
      .map(([moe, count]) => Array.from({ length: count }, () => moe))
  ),
  architectures(
    'qwen2_moe',
    fc.boolean(),
    fc
      .tuple(
        denseFeedForward,
        moeFeedForward(fc.boolean(), fc.nat(24)),
        fc.array(fc.boolean(), { minLength: 1, maxLength: 4 })
      )
      .map(([dense, moe, sparse]) => sparse.map((isSparse) => (isSparse ? moe : dense)))
  )
)

function architectures(
  modelType: RunnableModelType,
  projectionBias: fc.Arbitrary<boolean>,
  feedForwards: fc.Arbitrary<FeedForward[]>
): fc.Arbitrary<Architecture> {
  return fc
    .record({
      vocabularySize: size,
      width: size,
      context: fc.integer({ min: 1, max: 100_000 }),
      tiedEmbeddings: fc.boolean(),
      normEpsilon: fc.constantFrom(1e-6, 1e-5),
      ropeTheta: fc.constantFrom(10_000, 1_000_000),
      attention: attentions(projectionBias),
      feedForwards,
      shared: fc.boolean()
    })
    .map(({ attention, feedForwards, shared, ...rest }) => ({
      modelType,
      ...rest,
      layers: feedForwards.map((feedForward) => ({ attention, feedForward })),
      // Layers that share their weights are alike.
      ...(shared && new Set(feedForwards).size === 1 ? { sharedLayers: true } : {})
    }))
}

function attentions(projectionBias: fc.Arbitrary<boolean>): fc.Arbitrary<Attention> {
  const few = fc.integer({ min: 1, max: 4 })
  return fc
    .record({ keyValueHeads: few, group: few, halfHeadSize: few, projectionBias })
    .map(({ keyValueHeads, group, halfHeadSize, projectionBias }) => ({
      heads: keyValueHeads * group,
      keyValueHeads,
      headSize: 2 * halfHeadSize,
      projectionBias
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
