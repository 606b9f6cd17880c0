/**
 * `moe_trace.csv` of llama.cpp's tracer of chosen experts: one `layer,expert` row for each activation, nothing of the
 * tokens. https://github.com/ggml-org/llama.cpp (examples that hook `ffn_moe_topk`)
 */
import { FormatError } from '../../formats/format-error'
import { readLines } from '../../formats/text'
import { giveWay } from '../../give-way'
import { answeredExperts, expertsQuestion } from './experts-question'
import { type Importer, throwIfStopped } from './importer'
import { mostExperts, mostLayers } from './limits'
import { type CountRow, countsOfRows, mostCounts } from './routing-counts'

export const llamaCpp: Importer = {
  format: 'llama-cpp',
  label: 'activations of llama.cpp (CSV of layer,expert)',
  detect: ({ content }) => {
    if (content.kind !== 'text') return 'no'
    if (/^(layer,\s*expert\s*\r?\n)?\d+,\s*\d+\s*(\r?\n|$)/i.test(content.head)) return 'certain'
    return /^[\w-]+,\s*[\w-]+\s*(\r?\n|$)/.test(content.head) ? 'possible' : 'no'
  },
  read: async ({ source, content }, options) => {
    const counts = new Map<number, number[]>()
    let highest = 0
    for await (const { lines, first, end } of readLines(source)) {
      for (const [i, line] of lines.entries()) {
        const text = line.trimEnd()
        if (text === '' || (first + i === 1 && /^layer,/i.test(text))) continue
        const [, layer, expert] = /^(\d{1,9}),\s*(\d{1,9})$/.exec(text)?.map(Number) ?? []
        if (layer === undefined || expert === undefined) {
          const found = JSON.stringify(text.slice(0, 40))
          throw new FormatError(`line ${first + i}: expected layer,expert as two whole numbers, found ${found}`)
        }
        if (layer >= mostLayers)
          throw new FormatError(`line ${first + i}: layer ${layer}, expected less than ${mostLayers}`)
        if (expert >= mostExperts) {
          throw new FormatError(`line ${first + i}: expert ${expert}, expected less than ${mostExperts}`)
        }
        const row = counts.get(layer) ?? []
        row[expert] = (row[expert] ?? 0) + 1
        counts.set(layer, row)
        highest = Math.max(highest, expert)
        checkSize(source.name, counts.size, highest + 1)
      }
      options.progress?.(end, source.size)
      await giveWay()
      throwIfStopped(options)
    }
    if (counts.size === 0) throw new FormatError('no row of layer,expert')
    const head = content.kind === 'text' ? content.head : ''
    // All that such a file tells is shares of the experts, so their number is not assumed.
    const asked = { questions: [expertsQuestion(highest, 1, true)], preview: head.split('\n', 8).join('\n') }
    return {
      ...asked,
      open: async (answers) => {
        const { experts } = answeredExperts(highest, 1, answers, asked)
        checkSize(source.name, counts.size, experts)
        const rows = [...counts].flatMap(([layer, row]) =>
          row.map((count, expert): CountRow => [0, layer, expert, count])
        )
        const note = 'The file has activations without their tokens: only how often each expert was chosen can be told.'
        return countsOfRows(rows, { source: source.name, experts, note })
      }
    }
  }
}

function checkSize(source: string, layers: number, experts: number): void {
  if (layers * experts <= mostCounts) return
  throw new FormatError(`${source}: ${layers} layers of ${experts} experts are more than any model has`)
}
