/** Tables for any program: a header and plain numbers. */
import { stretches } from '../stretches'
import { noExpert, type RoutingCounts, type Trace } from '../trace'

/**
 * A row for each expert that a token was sent to: `token` and `rank` from 0 on, `layer` as in the model, `expert`, and
 * `weight`, empty where it is not known. A dropped choice has no row.
 */
export async function* traceCsv(trace: Trace): AsyncGenerator<Uint8Array> {
  const { layers, topK } = trace
  yield encoder.encode('token,layer,rank,expert,weight\n')
  // A row of text takes about 24 bytes, as one string and as bytes.
  const bytesPerToken = 48 * layers.length * topK
  for await (const rows of stretches(trace, bytesPerToken, { columns: ['expertWeights'] })) {
    const { from, expertIds, expertWeights } = rows
    const lines: string[] = []
    for (let i = 0; i < expertIds.length; i++) {
      const expert = expertIds[i] ?? noExpert
      if (expert === noExpert) continue
      const row = Math.floor(i / topK)
      const token = from + Math.floor(row / layers.length)
      const weight = expertWeights ? shortest(expertWeights[i] ?? 0) : ''
      lines.push(`${token},${layers[row % layers.length]},${i % topK},${expert},${weight}\n`)
    }
    yield encoder.encode(lines.join(''))
  }
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
