import type { DenseFamily } from './dense-family'
import { denseFamily } from './dense-family'
import type { MeasuredRun } from './measured-run'

/** A run with one loss for every quantity, unless said otherwise. */
export function run(loss: number, seed = 1, parts: Partial<MeasuredRun['result']> = {}): MeasuredRun {
  return {
    corpus: { seed: 1, world: { names: 1024, pairs: 2048 } },
    recipe: { seed },
    characters: 8_000_000,
    result: { loss, memory: loss, computation: loss, domains: { fact: loss, seq: loss }, ...parts },
    floor: { total: 0.7, domains: { fact: 0.2, seq: 1 } }
  }
}

/** A dense family from the losses of the seeds at each size, and of the answers of a run where they are scored. */
export function familyOf(
  sizes: readonly number[],
  losses: (size: number) => readonly number[],
  answers?: (loss: number) => MeasuredRun['result']['answers']
): DenseFamily {
  return denseFamily(
    sizes.map((parameters) => ({
      id: `dense-${parameters}`,
      parameters,
      reports: losses(parameters).map((loss, i) => run(loss, i + 1, { answers: answers?.(loss) }))
    }))
  )
}
