import type { TraceColumns } from '@core/routing/trace'

/** The memory of the columns, to be handed over instead of copied. */
export function buffersOf({ expertIds, expertWeights, routerLogits, tokenIds }: TraceColumns): ArrayBuffer[] {
  const arrays = [expertIds, expertWeights, routerLogits, tokenIds].filter((each) => each !== undefined)
  return [...new Set(arrays.map(({ buffer }) => buffer as ArrayBuffer))]
}
