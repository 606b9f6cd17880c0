import { noExpert, type Trace } from '@core/routing/trace'

/** Tokens that are read at once. */
const stretch = 65_536

/** Share of the assignments of each layer that each expert got: `[layers][experts]`; what was dropped counts nowhere. */
export async function layerLoads({ layers, experts, topK, tokenCount, rows }: Trace): Promise<number[][]> {
  const counts = layers.map(() => new Float64Array(experts))
  for (let from = 0; from < tokenCount; from += stretch) {
    const { expertIds } = await rows(from, Math.min(from + stretch, tokenCount))
    for (let i = 0; i < expertIds.length; i++) {
      const expert = expertIds[i] ?? noExpert
      const layer = counts[Math.floor(i / topK) % layers.length]
      if (expert !== noExpert && layer) layer[expert] = (layer[expert] ?? 0) + 1
    }
  }
  return counts.map((layer) => {
    const total = layer.reduce((sum, count) => sum + count, 0)
    return Array.from(layer, (count) => (total > 0 ? count / total : 0))
  })
}
