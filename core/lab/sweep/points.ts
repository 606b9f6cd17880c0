/** Sweeps: many runs of one kind, by a grid, by a list, or by chance. */
import { z } from 'zod'
import { createRandom, type Random } from '../../random'
import { type Cell, type Settings, settingsOf, withSetting, withSettings } from './settings'

const anyList = z.array(z.unknown()).min(1, 'expected one value or more')
const spec = z.record(z.string(), z.unknown())

const rangeSchema = z
  .strictObject({
    min: z.number(),
    max: z.number(),
    /** As W&B names them: `log_uniform_values` draws the logarithm evenly, `int_uniform` whole numbers. */
    distribution: z.enum(['uniform', 'log_uniform_values', 'int_uniform']).default('uniform')
  })
  .refine(({ min, max }) => min <= max, 'expected min to be no more than max')
  .refine(
    ({ min, distribution }) => distribution !== 'log_uniform_values' || min > 0,
    'log_uniform_values: expected min to be above 0'
  )
  .refine(
    ({ min, max, distribution }) => distribution !== 'int_uniform' || (Number.isInteger(min) && Number.isInteger(max)),
    'int_uniform: expected whole numbers'
  )

type Range = z.infer<typeof rangeSchema>

const randomSchema = z.strictObject({
  /** Draws; each of them runs at every point of the grid. */
  count: z.int().positive(),
  seed: z.int().nonnegative().default(1),
  values: z.record(z.string(), z.union([anyList, rangeSchema]))
})

/** A sweep as its file says it. Paths of settings have dots between their keys: `recipe.seed`. */
export const sweepSchema = z
  .strictObject({
    kind: z.string().min(1),
    /** The spec that every run begins with. */
    base: spec.optional(),
    /** The specs themselves, or where there is a base what each has in other ways. */
    list: z.array(spec).min(1, 'expected one spec or more').optional(),
    /** All combinations of these values, by the paths of their settings. */
    grid: z.record(z.string(), anyList).default({}),
    random: randomSchema.optional()
  })
  .refine(({ base, list }) => base !== undefined || list !== undefined, "expected 'base', 'list', or both")
  .refine(({ grid, random }) => !Object.keys(random?.values ?? {}).some((path) => path in grid), {
    error: 'a setting is varied by grid and by random: expected it in one of them'
  })

export type Sweep = z.infer<typeof sweepSchema>

/** One run of a sweep. */
export interface SweepPoint {
  readonly spec: Settings
  /** The settings varied here, by path; of a list also the settings in which its specs differ. */
  readonly varied: Settings
}

/** Number of runs, known without making them. */
export function sweepSize({ list, grid, random }: Sweep): number {
  const combinations = Object.values(grid).reduce((product, values) => product * values.length, 1)
  return (list?.length ?? 1) * (random?.count ?? 1) * combinations
}

/**
 * The runs of a sweep: for each spec each draw, and for each of these the grid, whose last setting changes fastest. A
 * larger count draws what a smaller one does, and goes on. Throws a `FormatError` for a path that no value can be set at.
 */
export function* sweepPoints({ base, list, grid, random }: Sweep): Generator<SweepPoint> {
  const draws = random ? [...drawn(random)] : [{}]
  const specs = list?.map((each) => withSettings(base ?? {}, each)) ?? [base ?? {}]
  const differing = list && differences(specs)
  for (const [i, each] of specs.entries()) {
    const own = differing?.[i] ?? {}
    for (const draw of draws) {
      for (const combination of combinations(Object.entries(grid))) {
        const varied = { ...draw, ...combination }
        let spec: Settings = each
        for (const [path, value] of Object.entries(varied)) spec = withSetting(spec, path, value)
        yield { spec, varied: { ...own, ...varied } }
      }
    }
  }
}

/** Of each spec the settings in which not all are the same. */
function differences(specs: readonly unknown[]): Record<string, Cell>[] {
  const settings = specs.map((spec) => settingsOf(spec))
  const paths = [...new Set(settings.flatMap((each) => Object.keys(each)))]
  const differing = paths.filter((path) => new Set(settings.map((each) => each[path])).size > 1)
  return settings.map((each) => Object.fromEntries(differing.map((path) => [path, each[path] ?? null])))
}

function* combinations([first, ...rest]: readonly (readonly [string, readonly unknown[]])[]): Generator<Settings> {
  if (!first) return yield {}
  const [path, values] = first
  for (const value of values) for (const others of combinations(rest)) yield { [path]: value, ...others }
}

function* drawn({ count, seed, values }: NonNullable<Sweep['random']>): Generator<Settings> {
  const random = createRandom(seed, 'sweep')
  for (let draw = 0; draw < count; draw++) {
    yield Object.fromEntries(
      Object.entries(values).map(([path, from]) => [
        path,
        'min' in from ? within(from, random) : from[random.integer(from.length)]
      ])
    )
  }
}

/** Six digits, which can be read and typed again. */
function within({ min, max, distribution }: Range, random: Random): number {
  if (distribution === 'int_uniform') return min + random.integer(max - min + 1)
  const share = random.uniform()
  const value = distribution === 'log_uniform_values' ? min * (max / min) ** share : min + share * (max - min)
  return Math.min(max, Math.max(min, Number(value.toPrecision(6))))
}
