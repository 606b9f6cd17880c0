/** The last sweep of a model: loss increase against bytes, beside the same by chance. */
import type { LinesRecord } from '@core/stories/records'
import { knownSweeps, measuredCharacters, type Sweep } from '../../compress/sweeps'
import { courseSeconds, type Take, z95 } from './taken'

export const takeCompress: Take = (state) => {
  const { model: id } = state.choices.compress
  const model = state.library?.models.find((each) => each.id === id)
  const sweep = model && knownSweeps(state, id).findLast(({ measured }) => measured.length > 0)
  if (!model || !sweep) return undefined
  const { baseline } = sweep
  const line = (from: Sweep, label: string): LinesRecord['series'][number] => ({
    id: label,
    label,
    role: model.role,
    mark: 'line',
    points: from.measured
      .map(({ bytes, delta, standardError }) => ({
        x: bytes,
        y: delta,
        ...(standardError === null ? {} : { low: delta - z95 * standardError, high: delta + z95 * standardError })
      }))
      .toSorted((a, b) => a.x - b.x)
  })
  const hasBaseline = baseline !== undefined && baseline.measured.length > 0
  return {
    record: {
      kind: 'lines',
      basis: 'measured',
      source: `Compress: ${sweep.name} of ${id}, ${measuredCharacters} characters of validation text`,
      seconds: courseSeconds,
      x: { label: 'bytes of weights', scale: 'log', format: 'bytes' },
      y: { label: 'loss increase, nats per character', scale: 'linear', format: 'change' },
      series: [line(sweep, sweep.name), ...(hasBaseline ? [{ ...line(baseline, 'random'), dashed: true }] : [])],
      references: [{ y: 0, label: 'as it was' }]
    }
  }
}
