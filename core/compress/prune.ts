/** Single weights set to 0: what the ways to choose them share. */
import { z } from 'zod'
import { linearMatrices, type Matrix } from './matrices'
import type { StoredModel } from './stored-model'
import type { Sweep } from './transform'

const schema = {
  share: z
    .number()
    .min(0)
    .lt(1, 'expected a share below 1, or nothing would be left')
    .default(0.5)
    .describe('part of the weights of each matrix that is set to 0'),
  pattern: z
    .enum(['free', '2:4'])
    .default('free')
    .describe('free, or 2:4: two of every four inputs that follow each other, share 0.5')
}

/** Shares of the weights. */
export const shareSweep: Sweep = { setting: 'share', values: () => [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8] }

/** The settings of all of them. */
export const pruneSettings = z
  .strictObject(schema)
  .refine(({ share, pattern }) => pattern === 'free' || share === 0.5, 'pattern 2:4 is share 0.5: leave the share out')

export type PruneSettings = z.infer<typeof pruneSettings>

/** The saving in bytes, in words. */
export const pruneSaves =
  'bytes: one bit for each weight, and only those that are left; no runtime here is quicker for it'

/** The importance of a weight. */
export type Score = (output: number, input: number) => number

/**
 * Sets the weights with the lowest scores to 0, of each matrix or, where inputs compete for their output alone, of each
 * row; by pattern 2:4 of each four inputs. Ties go to the first.
 */
export function prune(
  model: StoredModel,
  { share, pattern }: PruneSettings,
  scoreOf: (matrix: Matrix) => Score,
  { byOutput = false }: { readonly byOutput?: boolean } = {}
): StoredModel {
  const parameters = model.parameters.slice()
  const storage = new Map(model.storage)
  for (const matrix of linearMatrices(model, parameters)) {
    const rows = scoredRows(matrix, scoreOf(matrix))
    for (const weights of pattern === '2:4' ? rows.flatMap(fours) : byOutput ? rows : [rows.flat()]) {
      const lowest = weights.sort((a, b) => a.score - b.score)
      for (const { place } of lowest.slice(0, Math.round(share * weights.length))) matrix.values[place] = 0
    }
    storage.set(matrix.parameter, { ...storage.get(matrix.parameter), sparse: true })
  }
  return { ...model, parameters, storage }
}

interface ScoredWeight {
  readonly place: number
  readonly score: number
}

function scoredRows({ outputs, inputs, at }: Matrix, score: Score): ScoredWeight[][] {
  return Array.from({ length: outputs }, (_, output) =>
    Array.from({ length: inputs }, (_, input) => ({ place: at(output, input), score: score(output, input) }))
  )
}

/** Inputs behind the last four stay as they are. */
function fours(row: readonly ScoredWeight[]): ScoredWeight[][] {
  return Array.from({ length: Math.floor(row.length / 4) }, (_, i) => row.slice(4 * i, 4 * i + 4))
}
