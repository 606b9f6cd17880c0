import { createRandom } from '../random'
import { prune, pruneSaves, pruneSettings, shareSweep } from './prune'
import { defineTransform } from './transform'

/** Weights drawn at random go: the baseline of every other choice. */
export const randomWeights = defineTransform({
  id: 'random',
  name: 'random pruning',
  papers: [],
  saves: pruneSaves,
  settings: pruneSettings,
  sweep: shareSweep,
  apply: (model, settings, { seed }) =>
    prune(model, settings, ({ name }) => {
      const random = createRandom(seed, `compress/random/${name}`)
      return () => random.uniform()
    })
})
