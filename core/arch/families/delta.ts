/** Kimi Delta Attention (arXiv 2510.26692, section 3), which Kimi Linear and GLM-5 Next have in three of four layers. */
import type { ListedMixer } from '../describe/description'
import { listed, listedMixer } from '../describe/parts'

/**
 * Queries, keys and values with short convolutions, a decay of each feature and a gate of the output.
 *
 * @param gateRank of the output gate; null for a whole matrix
 */
export function kimiDelta({ heads, headSize, kernel, gateRank = headSize }: DeltaShape): ListedMixer {
  const inner = heads * headSize
  return listedMixer(
    'Kimi Delta Attention',
    [
      listed('linearAttention', 'queries, keys and values', 3 * inner, 'width'),
      listed('linearAttention', 'convolutions', 3 * inner, kernel),
      listed('linearAttention', 'decay into its rank', headSize, 'width'),
      listed('linearAttention', 'decay out of its rank', inner, headSize),
      listed('linearAttention', 'decay biases', inner + heads),
      listed('linearAttention', 'step', heads, 'width'),
      ...(gateRank === null
        ? [listed('linearAttention', 'output gate', inner, 'width')]
        : [
            listed('linearAttention', 'output gate into its rank', gateRank, 'width'),
            listed('linearAttention', 'output gate out of its rank', inner, gateRank)
          ]),
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
  readonly gateRank?: number | null
}
