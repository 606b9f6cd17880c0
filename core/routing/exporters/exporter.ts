/** Formats of exported routing: one per file beside this one. */
import type { Routing } from '../importers/importer'
import type { OptionalColumn, RoutingCounts, Trace } from '../trace'
import { traceFile } from '../trace-file'
import { countsCsv, traceCsv } from './csv'
import { jsonLines } from './json-lines'
import { traceParquet } from './parquet'

export interface Exporter {
  /** Its name in options, and the ending of its files. */
  readonly format: 'safetensors' | 'jsonl' | 'csv' | 'parquet'
  /** Its name for people. */
  readonly label: string
  /** Columns of a trace that the format has no place for. */
  readonly leavesOut: readonly OptionalColumn[]
  /** The bytes of a file, in parts, as the trace is read. Fails as `trace.rows` does. */
  readonly trace: (trace: Trace) => AsyncGenerator<Uint8Array>
  /** Passes of `trace` over all rows; one by default. */
  readonly passes?: (trace: Trace) => number
  /** The same for counts without tokens, where the format can hold them. */
  readonly counts?: (counts: RoutingCounts) => AsyncGenerator<Uint8Array>
}

const logits = ['routerLogits', 'logits'] as const

export const exporters: readonly Exporter[] = [
  {
    format: 'safetensors',
    label: 'Moescope trace (safetensors)',
    leavesOut: [],
    trace: traceFile,
    passes: ({ has }) => has.size + 1
  },
  { format: 'jsonl', label: 'JSON lines, one for each sequence', leavesOut: logits, trace: jsonLines },
  {
    format: 'csv',
    label: 'CSV, one row for each expert of a token',
    leavesOut: logits,
    trace: traceCsv,
    counts: countsCsv
  },
  { format: 'parquet', label: 'Parquet, one row for each expert of a token', leavesOut: logits, trace: traceParquet }
]

/** A sentence for the user about what a trace has and a format does not hold; undefined where it holds all. */
export function leftOut(routing: Routing, { leavesOut, format }: Exporter): string | undefined {
  const lost = routing.kind === 'trace' ? leavesOut.filter((column) => routing.has.has(column)) : []
  if (lost.length === 0) return undefined
  const names = lost.map((column) => (column === 'logits' ? 'logits of the model' : 'logits of the routers'))
  return `The ${names.join(' and ')} are left out: ${format} has no place for them, and safetensors has.`
}

export interface ExportOptions {
  /** Hears how many tokens are written, of how many. */
  readonly progress?: ((done: number, total: number) => void) | undefined
  /** Stops the writing: the bytes end with the signal's reason as an error. */
  readonly signal?: AbortSignal | undefined
}

/** Writes routing. Throws a `RangeError` for counts in a format that cannot hold them. */
export function exported(
  routing: Routing,
  { trace, counts, passes, label }: Exporter,
  options: ExportOptions = {}
): AsyncGenerator<Uint8Array> {
  if (routing.kind === 'counts') {
    if (counts) return counts(routing)
    throw new RangeError(`${label} holds tokens, and ${routing.source} has counts without tokens: they can be CSV`)
  }
  return trace(watched(routing, passes?.(routing) ?? 1, options))
}

/** A trace that tells how much of it was read, and stops when it is told to. */
function watched(trace: Trace, passes: number, { progress, signal }: ExportOptions): Trace {
  let read = 0
  return {
    ...trace,
    rows: async (from, to, columns) => {
      signal?.throwIfAborted()
      const rows = await trace.rows(from, to, columns)
      read += to - from
      progress?.(Math.min(Math.floor(read / passes), trace.tokenCount), trace.tokenCount)
      return rows
    }
  }
}
