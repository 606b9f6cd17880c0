import { z } from 'zod'
import { angularDistance, blockInfluence } from '../evaluate/similarity'
import { createRandom } from '../random'
import { floats } from '../runtime/backend'
import type { Calibration } from './calibration'
import { calibrationLoss } from './calibration-loss'
import { observe, residualStreams, streamName } from './observation'
import { partOf } from './part-of'
import { shuffled } from './shuffled'
import type { StoredModel } from './stored-model'
import { defineTransform } from './transform'

/** Ways to choose layers. */
type Choice = 'last' | 'influence' | 'angle' | 'damage' | 'random'

const choices = {
  last: 'the last ones',
  influence: 'those of the lowest block influence, one by one',
  angle: 'those that follow each other with the smallest angular distance from the first input to the last output',
  damage: 'those whose removal alone raises the loss least',
  random: 'drawn'
} as const satisfies Readonly<Record<Choice, string>>

/** Whole layers go: the architecture has fewer. */
export const dropLayers = defineTransform({
  id: 'layers',
  name: 'layer dropping',
  papers: [
    { arxiv: '2403.03853', place: 'the definition of block influence' },
    { arxiv: '2403.17887', place: 'the angular distance of layers n apart' }
  ],
  saves: 'bytes, memory and time: whole layers',
  sweep: { setting: 'drop', values: ({ layers }) => layers.slice(1).map((_, i) => i + 1) },
  baseline: { id: 'layers', by: 'random' },
  isDrawn: ({ by }) => by === 'random',
  settings: z.strictObject({
    drop: z.int().min(1).default(1).describe('how many'),
    by: z
      .enum(['last', 'influence', 'angle', 'damage', 'random'])
      .default('influence')
      .describe(
        Object.entries(choices)
          .map(([by, text]) => `${by}: ${text}`)
          .join('; ')
      )
  }),
  apply: async (model, { drop, by }, calibration) => {
    const { length } = model.architecture.layers
    if (drop >= length) {
      throw new RangeError(`layers: ${drop} of ${length} layers would go: no layer would be left, drop fewer`)
    }
    const dropped = new Set(await layersToDrop(model, drop, by, calibration))
    return partOf(
      model,
      [...model.architecture.layers.keys()].filter((layer) => !dropped.has(layer)).map((layer) => ({ layer }))
    )
  }
})

async function layersToDrop(
  model: StoredModel,
  drop: number,
  by: Choice,
  calibration: Calibration
): Promise<readonly number[]> {
  const layers = [...model.architecture.layers.keys()]
  switch (by) {
    case 'last':
      return layers.slice(-drop)
    case 'random':
      return shuffled(layers, createRandom(calibration.seed, 'compress/layers')).slice(0, drop)
    case 'influence': {
      const distances = await distancesBetween(model, calibration, 1, blockInfluence)
      return lowest(distances, drop)
    }
    case 'angle': {
      const [first = 0] = lowest(await distancesBetween(model, calibration, drop, angularDistance), 1)
      return layers.slice(first, first + drop)
    }
    case 'damage': {
      const losses: number[] = []
      for (const layer of layers) {
        const without = partOf(
          model,
          layers.filter((each) => each !== layer).map((each) => ({ layer: each }))
        )
        losses.push(await calibrationLoss(without, calibration))
      }
      return lowest(losses, drop)
    }
  }
}

/**
 * A distance of the residual stream before each layer from that `apart` layers later, the mean over batches of the text:
 * one for each layer from which there are so many.
 */
export async function distancesBetween(
  model: StoredModel,
  calibration: Calibration,
  apart: number,
  distance: (x: Float32Array, y: Float32Array, width: number) => number
): Promise<number[]> {
  const { layers, width } = model.architecture
  const sums = new Array<number>(layers.length - apart + 1).fill(0)
  let batches = 0
  await observe(model, calibration, residualStreams, (outputs) => {
    batches++
    for (const i of sums.keys()) {
      const [x, y] = [floats(outputs, streamName(i)), floats(outputs, streamName(i + apart))]
      sums[i] = (sums[i] ?? 0) + distance(x, y, width)
    }
  })
  return sums.map((sum) => sum / batches)
}

/** Places of the lowest scores. */
function lowest(scores: readonly number[], count: number): number[] {
  const score = (place: number) => scores[place] ?? Number.NaN
  return [...scores.keys()].sort((a, b) => score(a) - score(b)).slice(0, count)
}
