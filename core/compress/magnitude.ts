import { prune, pruneSaves, pruneSettings, shareSweep } from './prune'
import { defineTransform } from './transform'

/** The weights nearest to 0 go, of each matrix as many as of the others. */
export const magnitude = defineTransform({
  id: 'magnitude',
  name: 'magnitude pruning',
  papers: [{ arxiv: '2306.11695', place: 'section 2, the baseline of Wanda' }],
  saves: pruneSaves,
  settings: pruneSettings,
  sweep: shareSweep,
  baseline: { id: 'random' },
  apply: (model, settings) =>
    prune(
      model,
      settings,
      ({ values, at }) =>
        (output, input) =>
          Math.abs(values[at(output, input)] ?? Number.NaN)
    )
})
