/** Tables for any program: a header, and numbers or quoted text. */
import { stretches } from '../stretches'
import type { RoutingCounts, Trace } from '../trace'
import { type LongColumn, longColumns, longTable } from './long-table'

/** Bytes of a row: its numbers, and its text as one string and as bytes. */
const bytesOfRow = 96

/** A row for each choice of a token, with the columns of `longTable`. Fails as `trace.rows` does. */
export async function* traceCsv(trace: Trace): AsyncGenerator<Uint8Array> {
  yield encoder.encode(`${longColumns(trace).join(',')}\n`)
  const bytesPerToken = bytesOfRow * trace.layers.length * trace.topK
  for await (const stretch of stretches(trace, bytesPerToken, { columns: ['expertWeights'] })) {
    const { rows, columns } = longTable(trace, stretch)
    const fields = columns.map(fieldOf)
    const lines: string[] = []
    for (let row = 0; row < rows; row++) lines.push(`${fields.map((field) => field(row)).join(',')}\n`)
    yield encoder.encode(lines.join(''))
  }
}

function fieldOf({ name, values }: LongColumn): (row: number) => string | number | undefined {
  if (name === 'weight') return (row) => shortest(values[row] ?? 0)
  if (name === 'domain' || name === 'text') return (row) => quoted(values[row] ?? '')
  return (row) => values[row]
}

/** Text as RFC 4180 has it. */
function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`
}

/** A row for each step, layer and expert: `step,layer,expert,count`. */
export async function* countsCsv({ layers, experts, steps, counts }: RoutingCounts): AsyncGenerator<Uint8Array> {
  yield encoder.encode('step,layer,expert,count\n')
  for (let step = 0; step < steps; step++) {
    const lines: string[] = []
    for (const [place, layer] of layers.entries()) {
      const begin = (step * layers.length + place) * experts
      for (let expert = 0; expert < experts; expert++) {
        lines.push(`${step},${layer},${expert},${counts[begin + expert]}\n`)
      }
    }
    yield encoder.encode(lines.join(''))
  }
}

/** The shortest decimal that is the same 32-bit float. */
export function shortest(value: number): string {
  for (let digits = 6; digits < 9; digits++) {
    const text = String(Number(value.toPrecision(digits)))
    if (Math.fround(Number(text)) === value) return text
  }
  return String(Number(value.toPrecision(9)))
}

const encoder = new TextEncoder()
