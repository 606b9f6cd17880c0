/** `moescope trace stats`: the statistics of a trace. */
import type { Routing } from '@core/routing/importers/importer'
import { numberWithin, readOptions, wholeNumber } from '../terminal/options'
import { createProgress } from '../terminal/progress'
import type { Terminal } from '../terminal/terminal'
import { answerOptions, openingOf } from './answers'
import { type CountsReport, countsReportOf } from './counts-report'
import { filterOf, filterOptions, noTokens, takenLayers } from './filter'
import { reportOf, type TraceReport } from './report'
import { withRouting } from './source'
import { statsText } from './stats-text'

export async function run(args: readonly string[], terminal: Terminal): Promise<void> {
  const { values, positionals } = readOptions(
    args,
    {
      ...answerOptions,
      ...filterOptions,
      capacity: { type: 'string', default: '1.25' },
      window: { type: 'string', default: '4096' },
      batch: { type: 'string', default: '64' },
      dead: { type: 'string', default: '0' },
      json: { type: 'boolean' }
    },
    ['FILE']
  )
  const [path = ''] = positionals
  const deadBelowShare = numberWithin('--dead', values.dead, 0, 1)
  const options = {
    capacity: numberWithin('--capacity', values.capacity, 0.01, 1000),
    window: wholeNumber('--window', values.window, 1, 100_000_000),
    batch: wholeNumber('--batch', values.batch, 1, 100_000_000),
    deadBelowShare
  }
  const opening = openingOf(values)
  const signal = terminal.interruption()
  const measured = async (routing: Routing): Promise<TraceReport | CountsReport> => {
    const filter = filterOf(routing, values)
    if (routing.kind === 'counts')
      return countsReportOf(routing, { layers: takenLayers(routing, filter), deadBelowShare })
    const progress = createProgress(terminal, `measuring ${path}`)
    return reportOf(routing, { ...options, filter, signal, onProgress: progress.update }).finally(progress.end)
  }
  const report = await withRouting(path, { ...opening, signal }, terminal, measured)
  if (report.tokens === 0) throw noTokens(path, values)
  const { paint } = terminal
  terminal.write(values.json ? `${JSON.stringify({ file: path, ...report })}\n` : statsText(path, report, paint))
}
