/** Text of `moescope compress`. */
import { domainIds } from '@core/corpus'
import type { ChangedLoss } from '@core/evaluate/paired-losses'
import { intervalOf } from '@core/evaluate/paired-losses'
import { effectiveText, sizeText } from '../terminal/model-figures'
import { tableLines } from '../terminal/table'
import type { Terminal } from '../terminal/terminal'
import type { BeforeAfter, CompressionReport } from './report'
import { transformText } from './transform-option'

export function compressionText(report: CompressionReport, { paint }: Terminal): string {
  const { model, transform, before, after } = report
  const [heading = '', whole = '', ...domains] = tableLines([
    ['nats per character', 'before', 'after', 'change', '95 % interval'],
    [model, before.loss.toFixed(4), ...changeCells(after)],
    ...domainIds.flatMap((id) => {
      const [own, changed] = [before.domains[id], after.domains[id]]
      return own && changed ? [[`  ${id}`, own.loss.toFixed(4), ...changeCells(changed)]] : []
    })
  ])
  const speeds = [report.tokensPerSecond.before, report.tokensPerSecond.after]
  const facts = [
    `${after.tokens} characters, the same for both`,
    `bytes ${report.bytes.before} -> ${report.bytes.after} (${percent(report.bytes)} of them)`,
    `total parameters ${sizeText(report.total.before)} -> ${sizeText(report.total.after)}`,
    `effective parameters ${effectiveText(report.effective)}${report.effective.reason ? ` (${report.effective.reason})` : ''}`,
    `tokens per second ${speeds.map((each) => each?.toFixed(0) ?? 'not measured').join(' -> ')}, computed as floats`,
    ...(report.out === undefined
      ? []
      : [`saved in ${report.out}: model.safetensors has ${report.out_bytes} bytes with its header`])
  ]
  return `${[transform.map(transformText).join(', then '), paint.dim(heading), paint.bold(whole), ...domains, ...facts].join('\n')}\n`
}

function changeCells(change: ChangedLoss): string[] {
  const { low, high } = intervalOf(change)
  const interval = low === null || high === null ? '' : `${signed(low)} to ${signed(high)}`
  return [change.loss.toFixed(4), signed(change.delta), interval]
}

function signed(value: number): string {
  return `${value < 0 ? '' : '+'}${value.toFixed(4)}`
}

function percent({ before, after }: BeforeAfter<number>): string {
  return `${((100 * after) / before).toFixed(1)} %`
}
