/** Kimi Delta Attention (arXiv 2510.26692, section 3), which Kimi Linear and GLM-5 Next have in three of four layers. */
import type { ListedMixer } from '../describe/description'
import { listed, listedMixer } from '../describe/parts'

/** Queries, keys and values with short convolutions, a decay of each feature and a gate of the output. */
export function kimiDelta({
  heads,
  headSize,
  kernel,
  decayRank = headSize,
  gateRank = headSize
}: DeltaShape): ListedMixer {
  const inner = heads * headSize
  /** A projection to all features, through its rank where it has one. */
  const featured = (name: string, rank: number | null) =>
    rank === null
      ? [listed('linearAttention', name, inner, 'width')]
      : [
          listed('linearAttention', `${name} into its rank`, rank, 'width'),
          listed('linearAttention', `${name} out of its rank`, inner, rank)
        ]
  return listedMixer(
    'Kimi Delta Attention',
    [
      listed('linearAttention', 'queries, keys and values', 3 * inner, 'width'),
      listed('linearAttention', 'convolutions', 3 * inner, kernel),
      ...featured('decay', decayRank),
      listed('linearAttention', 'decay biases', inner + heads),
      listed('linearAttention', 'step', heads, 'width'),
      ...featured('output gate', gateRank),
      listed('norms', 'norm of a head', headSize),
      listed('linearAttention', 'attention output', 'width', inner)
    ],
    { stateSize: heads * headSize ** 2, convolutionSize: 3 * inner * kernel }
  )
}

interface DeltaShape {
  readonly heads: number
  readonly headSize: number
  /** Tokens of the short convolutions. */
  readonly kernel: number
  /** Of the projection to the decay, by default the size of a head; null for a whole matrix. */
  readonly decayRank?: number | null
  /** Of the output gate, the same. */
  readonly gateRank?: number | null
}
