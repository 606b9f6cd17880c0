import { noExpert } from '../trace'
import { randomUniqueExperts } from './random-routing'
import type { Statistic } from './statistic'

/** Unique experts of a batch, which must be read from memory to compute it. */
export interface UniqueExperts {
  /** As places in `trace.layers`. */
  readonly layers: readonly number[]
  /** Tokens of a batch. */
  readonly batch: number
  /** Whole batches that were counted. */
  readonly batches: number
  /** Mean number of different experts of a batch: `[layers]`; NaN where no batch is whole. */
  readonly unique: Float64Array
  /** Value at random routing. */
  readonly baseline: number
}

/**
 * Different experts of n consecutive tokens that the filter takes. Batches lie side by side, whatever text their tokens
 * belong to, as an engine fills them; what is left at the end counts nowhere. Random routing reaches E (1 - (1 -
 * k/E)^n). Throws a `RangeError` for a batch that is no whole number of tokens.
 */
export function uniqueExperts({ batch }: { readonly batch: number }): Statistic<UniqueExperts> {
  if (!(Number.isInteger(batch) && batch > 0)) {
    throw new RangeError(`unique experts: expected a batch of 1 token or more, found ${batch}`)
  }
  return {
    begin: ({ trace: { experts, topK }, layers }) => {
      /** The batch, counted from 1, that last reached an expert: `[layers, experts]`. */
      const last = new Uint32Array(layers.length * experts)
      /** Experts of the whole batches, and of the one that is not whole yet: `[layers]`. */
      const reached = new Float64Array(layers.length)
      const pending = new Uint32Array(layers.length)
      let tokens = 0
      return {
        add: ({ count, expertIds }) => {
          let at = 0
          for (let layer = 0; layer < layers.length; layer++) {
            const row = layer * experts
            let number = Math.floor(tokens / batch) + 1
            let left = batch - (tokens % batch)
            let unique = pending[layer] ?? 0
            let whole = reached[layer] ?? 0
            for (let token = 0; token < count; token++) {
              for (const end = at + topK; at < end; at++) {
                const expert = expertIds[at] ?? noExpert
                if (expert === noExpert || last[row + expert] === number) continue
                last[row + expert] = number
                unique++
              }
              if (--left > 0) continue
              whole += unique
              unique = 0
              number++
              left = batch
            }
            pending[layer] = unique
            reached[layer] = whole
          }
          tokens += count
        },
        result: () => {
          const batches = Math.floor(tokens / batch)
          const unique = reached.map((experts) => experts / batches)
          return { layers, batch, batches, unique, baseline: randomUniqueExperts(experts, topK, batch) }
        }
      }
    }
  }
}
