/**
 * JSON lines with the fields of OLMoE's `run_moe_analysis.py`, so that its scripts read them: `input_ids` where they are
 * known, and `exp_ids [tokens][k][layers]`, -1 for a dropped choice. Moescope adds, where they are known, `exp_weights`
 * like `exp_ids`, the texts (`tokens`) and domains (`domain_ids`, of the names in `domains`) of the tokens; `experts`,
 * `layers` as numbered in the model, `model` and `source`; `notes` on the first line; and `continues` on a line that goes
 * on with the sequence before it, because lines of long sequences would be too long to read.
 */
import { noExpert, type RoutingRows, type Trace } from '../trace'
import { shortest } from './csv'

/** Experts of a line: as many as OLMoE's script writes, for 2048 tokens of 16 layers and 8 experts each. */
const maxExpertsOfLine = 2 ** 18

/** The lines, one at a time. Fails as `trace.rows` does. */
export async function* jsonLines(trace: Trace): AsyncGenerator<Uint8Array> {
  const { sequenceStarts, tokenCount, layers, topK } = trace
  const tokens = Math.max(1, Math.floor(maxExpertsOfLine / (layers.length * topK)))
  for (const [i, start] of sequenceStarts.entries()) {
    const end = sequenceStarts[i + 1] ?? tokenCount
    for (let from = start; from < end; from += tokens) {
      const rows = await trace.rows(from, Math.min(from + tokens, end), ['expertWeights'])
      yield encoder.encode(lineOf(trace, rows, from > start))
    }
  }
}

const encoder = new TextEncoder()

function lineOf(trace: Trace, rows: RoutingRows, continues: boolean): string {
  const { layers, topK, experts, model, source, tokenIds, tokens, domains, domainIds, notes } = trace
  const { from, to, expertIds, expertWeights } = rows
  const nested = (text: (place: number) => string) => {
    const lists = Array.from({ length: to - from }, (_, token) => {
      const ranks = Array.from({ length: topK }, (_, rank) => {
        const values = layers.map((_, layer) => text((token * layers.length + layer) * topK + rank))
        return `[${values.join(',')}]`
      })
      return `[${ranks.join(',')}]`
    })
    return `[${lists.join(',')}]`
  }
  const fields = [
    ...(tokenIds ? [`"input_ids":[${tokenIds.subarray(from, to).join(',')}]`] : []),
    `"exp_ids":${nested((place) => (expertIds[place] === noExpert ? '-1' : `${expertIds[place]}`))}`,
    ...(expertWeights ? [`"exp_weights":${nested((place) => shortest(expertWeights[place] ?? 0))}`] : []),
    ...(tokens ? [`"tokens":${JSON.stringify(tokens.slice(from, to))}`] : []),
    ...(domainIds ? [`"domain_ids":[${domainIds.subarray(from, to).join(',')}]`] : []),
    ...(domains.length > 0 ? [`"domains":${JSON.stringify(domains)}`] : []),
    `"experts":${experts}`,
    `"layers":${JSON.stringify(layers)}`,
    ...(model === '' ? [] : [`"model":${JSON.stringify(model)}`]),
    ...(source === '' ? [] : [`"source":${JSON.stringify(source)}`]),
    ...(from === 0 ? [`"notes":${JSON.stringify(notes)}`] : []),
    ...(continues ? ['"continues":true'] : [])
  ]
  return `{${fields.join(',')}}\n`
}
