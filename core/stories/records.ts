/**
 * The records that chapters of stories show: plain data that was measured, shipped or published before, from which any
 * moment can be drawn. Nothing of a record is computed when it is shown.
 */
import { z } from 'zod'

/** The form in which a value is written. */
export const valueFormats = ['count', 'loss', 'change', 'percent', 'ratio', 'number', 'bytes', 'year'] as const

export type ValueFormat = (typeof valueFormats)[number]

const role = z.enum(['dense', 'moe'])
const finite = z.number()
const share = z.number().min(0).max(1)

const common = {
  /** Standing of the figures. */
  basis: z.enum(['measured', 'shipped', 'published', 'predicted']),
  /** Their origin: reports, the command that recorded them, a paper. */
  source: z.string().min(1),
  /** Seconds that its course takes; 0 for a picture that stands still. */
  seconds: z.number().min(0).max(120)
}

/** One number, the answer of its chapter. */
export const figureSchema = z.object({
  kind: z.literal('figure'),
  ...common,
  value: finite,
  /** Ends of its 95 % interval. */
  low: finite.exactOptional(),
  high: finite.exactOptional(),
  format: z.enum(valueFormats),
  /** Words beneath it. */
  words: z.string(),
  role: role.exactOptional()
})

/** Total, active and effective parameters of some models. */
export const metersSchema = z.object({
  kind: z.literal('meters'),
  ...common,
  rows: z
    .array(
      z.object({
        id: z.string(),
        label: z.string(),
        role,
        total: z.number().positive(),
        active: z.number().positive(),
        /** Undefined where nobody measured or predicted it; an end alone where only that is known. */
        effective: z
          .object({ estimate: finite.nullable(), low: finite.nullable(), high: finite.nullable() })
          .exactOptional()
      })
    )
    .min(1)
    .max(8)
})

/** The texts of two models after one prompt, token by token. */
export const textsSchema = z.object({
  kind: z.literal('texts'),
  ...common,
  prompt: z.string(),
  /** Experts of a layer of those that have some. */
  experts: z.int().nonnegative(),
  models: z
    .array(
      z.object({
        id: z.string(),
        role,
        tokens: z
          .array(
            z.object({
              text: z.string(),
              /** The experts that processed it, best first: `[MoE layers][k]`; empty for a dense model. */
              experts: z.array(z.array(z.int().nonnegative())),
              /** Of a token of an answer: true where it is the right one. */
              right: z.boolean().exactOptional()
            })
          )
          .min(1)
      })
    )
    .min(1)
    .max(2)
})

const axis = z.object({ label: z.string(), scale: z.enum(['linear', 'log']), format: z.enum(valueFormats) })

/** Lines and points by two numbers, told from the least x to the largest. */
export const linesSchema = z.object({
  kind: z.literal('lines'),
  ...common,
  x: axis,
  y: axis,
  series: z
    .array(
      z.object({
        id: z.string(),
        label: z.string(),
        role: role.exactOptional(),
        mark: z.enum(['line', 'points']),
        dashed: z.boolean().exactOptional(),
        /** Ascending in x where they are a line. */
        points: z
          .array(
            z.object({
              x: finite,
              y: finite,
              low: finite.exactOptional(),
              high: finite.exactOptional(),
              name: z.string().exactOptional()
            })
          )
          .min(1)
      })
    )
    .min(1),
  references: z.array(z.object({ y: finite, label: z.string() })).default([])
})

/** Values of some things beside each other, told one by one. */
export const barsSchema = z.object({
  kind: z.literal('bars'),
  ...common,
  quantity: z.string(),
  format: z.enum(valueFormats),
  rows: z
    .array(
      z.object({
        id: z.string(),
        label: z.string(),
        role: role.exactOptional(),
        value: finite,
        low: finite.exactOptional(),
        high: finite.exactOptional()
      })
    )
    .min(1)
    .max(20)
})

/** Shares of the assignments of each layer that each expert got, of one model or text after the other. */
export const loadsSchema = z.object({
  kind: z.literal('loads'),
  ...common,
  frames: z.array(z.object({ label: z.string(), shares: z.array(z.array(share).min(1)).min(1) })).min(1)
})

/** The sources of a story, on its last chapter. */
export const sourcesSchema = z.object({
  kind: z.literal('sources'),
  ...common,
  items: z.array(z.object({ what: z.string(), from: z.string() })).min(1)
})

/** Any record. */
export const recordSchema = z.discriminatedUnion('kind', [
  figureSchema,
  metersSchema,
  textsSchema,
  linesSchema,
  barsSchema,
  loadsSchema,
  sourcesSchema
])

export type StoryRecord = z.infer<typeof recordSchema>
export type FigureRecord = z.infer<typeof figureSchema>
export type MetersRecord = z.infer<typeof metersSchema>
export type TextsRecord = z.infer<typeof textsSchema>
export type LinesRecord = z.infer<typeof linesSchema>
export type BarsRecord = z.infer<typeof barsSchema>
export type LoadsRecord = z.infer<typeof loadsSchema>
export type SourcesRecord = z.infer<typeof sourcesSchema>

/** Names of what a chapter's pointer can stress in a record: rows, series, models, or experts as `LAYER:EXPERT`. */
export function pointable(record: StoryRecord): readonly string[] {
  switch (record.kind) {
    case 'meters':
    case 'bars':
      return record.rows.map(({ id }) => id)
    case 'lines':
      return record.series.map(({ id }) => id)
    case 'texts':
      return record.models.map(({ id }) => id)
    case 'loads':
      return (record.frames[0]?.shares ?? []).flatMap((layer, l) => layer.map((_, expert) => `${l}:${expert}`))
    case 'figure':
    case 'sources':
      return []
  }
}
