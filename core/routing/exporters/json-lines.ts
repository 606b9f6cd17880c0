/**
 * JSON lines with the fields of OLMoE's `run_moe_analysis.py`, so that its scripts read them: `input_ids` where they are
 * known, and `exp_ids [tokens][k][layers]`, -1 for a dropped choice. Moescope adds `exp_weights` like `exp_ids`,
 * `experts`, `layers` as numbered in the model, and `continues` on a line that goes on with the sequence before it,
 * because lines of long sequences would be too long to read.
 */
import { noExpert, type RoutingRows, type Trace } from '../trace'
import { shortest } from './csv'

/** Experts of a line: as many as OLMoE's script writes, for 2048 tokens of 16 layers and 8 experts each. */
const mostExpertsOfLine = 2 ** 18

/** The lines, one at a time. Fails as `trace.rows` does. */
export async function* jsonLines(trace: Trace): AsyncGenerator<Uint8Array> {
  const { sequenceStarts, tokenCount, layers, topK } = trace
  const tokens = Math.max(1, Math.floor(mostExpertsOfLine / (layers.length * topK)))
  for (const [i, start] of sequenceStarts.entries()) {
    const end = sequenceStarts[i + 1] ?? tokenCount
    for (let from = start; from < end; from += tokens) {
      const rows = await trace.rows(from, Math.min(from + tokens, end), ['expertWeights'])
      yield encoder.encode(lineOf(trace, rows, from > start))
    }
  }
}

const encoder = new TextEncoder()

function lineOf({ layers, topK, experts, model, tokenIds }: Trace, rows: RoutingRows, continues: boolean): string {
  const { from, to, expertIds, expertWeights } = rows
  const nested = (text: (place: number) => string) => {
    const tokens = Array.from({ length: to - from }, (_, token) => {
      const ranks = Array.from({ length: topK }, (_, rank) => {
        const values = layers.map((_, layer) => text((token * layers.length + layer) * topK + rank))
        return `[${values.join(',')}]`
      })
      return `[${ranks.join(',')}]`
    })
    return `[${tokens.join(',')}]`
  }
  const fields = [
    ...(tokenIds ? [`"input_ids":[${tokenIds.subarray(from, to).join(',')}]`] : []),
    `"exp_ids":${nested((place) => (expertIds[place] === noExpert ? '-1' : `${expertIds[place]}`))}`,
    ...(expertWeights ? [`"exp_weights":${nested((place) => shortest(expertWeights[place] ?? 0))}`] : []),
    `"experts":${experts}`,
    `"layers":${JSON.stringify(layers)}`,
    ...(model === '' ? [] : [`"model":${JSON.stringify(model)}`]),
    ...(continues ? ['"continues":true'] : [])
  ]
  return `{${fields.join(',')}}\n`
}
