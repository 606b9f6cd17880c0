/** Hyper-connections (arXiv 2409.19606; manifold-constrained, arXiv 2512.24880): several residual streams side by side. */
import type { ListedWeights } from '../describe/description'
import { listed } from '../describe/parts'

/**
 * The mixing of one part of a layer.
 *
 * @param streams side by side, each as wide as the model
 * @param rows of the mixing matrix; default as DeepSeek-V4 has them: in, out and across
 */
export function hyperConnection(
  part: string,
  streams: number,
  rows = (2 + streams) * streams,
  scales = 3
): ListedWeights[] {
  return [
    { ...listed('other', `mixing of the streams, ${part}`, rows, 'width'), copies: streams },
    listed('other', `mixing of the streams, ${part} bias`, rows),
    listed('other', `mixing of the streams, ${part} scale`, scales)
  ]
}

/** The mixing that makes the streams one, before the head. */
export function hyperHead(streams: number): ListedWeights[] {
  return hyperConnection('at the end', streams, streams, 1)
}
