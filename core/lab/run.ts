/** A long piece of work as data: what is computed, and what has become of it. */
import { z } from 'zod'

/** One training, recording, ablation or measurement. Equal runs have equal ids, wherever and whenever they are begun. */
export interface Run {
  /** Name of its `RunKind`. */
  readonly kind: string
  /** Everything that decides the result besides the machine: plain JSON that the kind's schema has read. */
  readonly spec: unknown
}

/**
 * The share of the machine that a run needs: so many cores, or all of it, because a speed is measured (`quiet`): then
 * nothing else computes meanwhile.
 */
export type Needs = { readonly cores: number } | 'quiet'

/**
 * - `queued`: waits for its turn
 * - `running`, `paused`: computes, or stands still because it was paused or while a speed is measured
 * - `interrupted`: what computed it died; it goes on from what it saved
 * - `cancelled`, `failed`: ended before its end; what it saved is kept, and it can go on
 * - `finished`: its result is whole
 */
export const runStatuses = ['queued', 'running', 'paused', 'interrupted', 'cancelled', 'failed', 'finished'] as const

export type RunStatus = (typeof runStatuses)[number]

export const runRecordSchema = z.object({
  format: z.literal('moescope.lab-run/1'),
  id: z.string().min(1),
  kind: z.string().min(1),
  spec: z.unknown(),
  status: z.enum(runStatuses),
  /** Time at which it was asked for, ms since 1970. */
  created: z.number(),
  /** Time at which it began to compute, the last time, and at which it ended; ms since 1970. */
  started: z.number().optional(),
  ended: z.number().optional(),
  /** From 0 to 1. */
  done: z.number().min(0).max(1),
  /** Its present part, in a few words. */
  detail: z.string(),
  /** True of a run that was paused, and waits until it is asked to go on. */
  onHold: z.boolean().optional(),
  /** The reason of its failure, in a sentence. */
  failure: z.string().optional()
})

/** A run and its state, as the store keeps it. */
export type RunRecord = Readonly<z.infer<typeof runRecordSchema>> & Run

/** True of a run that waits, computes or stands still: it will go on by itself. */
export function isUnderWay({ status }: Pick<RunRecord, 'status'>): boolean {
  return status === 'queued' || status === 'running' || status === 'paused'
}

/** True of a run that ended before its end and can go on from what it saved. */
export function isResumable({ status }: Pick<RunRecord, 'status'>): boolean {
  return status === 'interrupted' || status === 'cancelled' || status === 'failed'
}
