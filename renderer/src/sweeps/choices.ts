/** Choices of the view of sweeps. */
import { z } from 'zod'

export const sweepPictures = ['curves', 'equal', 'effective', 'pareto'] as const
export type SweepPicture = (typeof sweepPictures)[number]

export const sweepCosts = ['total', 'active', 'bytes', 'flops', 'seconds'] as const
export type SweepCost = (typeof sweepCosts)[number]

/** Settings that a sweep of the Lab's models varies. */
export const gridFields = ['seed', 'width', 'experts', 'learning_rate', 'characters'] as const
export type GridField = (typeof gridFields)[number]

export const sweepChoicesSchema = z.object({
  picture: z.enum(sweepPictures).default('curves'),
  along: z.enum(['tokens', 'flops']).default('tokens'),
  cost: z.enum(sweepCosts).default('total'),
  /** Terms that a row must meet: `moe width=32 loss<3`. */
  filter: z.string().max(200).default(''),
  /** The column by which rows are sorted; empty for the order of the sweep. */
  sort: z.string().max(200).default(''),
  down: z.boolean().default(false),
  /** Values of the settings that a sweep of the Lab's models varies, as they were typed; none leaves a setting as it is. */
  grid: z.partialRecord(z.enum(gridFields), z.string().max(200)).default({ seed: '1, 2, 3' }),
  /** Id of the run that is looked at; empty for none. */
  run: z.string().max(200).default('')
})

export type SweepChoices = z.infer<typeof sweepChoicesSchema>

export const defaultSweep: SweepChoices = sweepChoicesSchema.parse({})

/** Choices of a sweep that are typed or walked through. */
export const gradualSweepChoices = ['filter', 'run', 'grid'] as const satisfies readonly (keyof SweepChoices)[]
