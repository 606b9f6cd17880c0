import { noExpert, type Trace } from '@core/routing/trace'

/** Share of the assignments of each layer that each expert got: `[layers][experts]`; what was dropped counts nowhere. */
export function layerLoads({
  layers,
  experts,
  topK,
  expertIds
}: Pick<Trace, 'layers' | 'experts' | 'topK' | 'expertIds'>): number[][] {
  const counts = layers.map(() => new Float64Array(experts))
  const stride = layers.length * topK
  for (let i = 0; i < expertIds.length; i++) {
    const expert = expertIds[i] ?? noExpert
    const layer = counts[Math.floor((i % stride) / topK)]
    if (expert !== noExpert && layer) layer[expert] = (layer[expert] ?? 0) + 1
  }
  return counts.map((layer) => {
    const total = layer.reduce((sum, count) => sum + count, 0)
    return Array.from(layer, (count) => (total > 0 ? count / total : 0))
  })
}
