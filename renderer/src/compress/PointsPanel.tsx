import { halfInterval } from '@core/evaluate/paired-losses'
import { formatChange, formatPercent } from '../charts/format'
import { formatBytes } from '../charts/format-large'
import type { LibraryModel } from '../state/library'
import { ChartPanel } from '../ui/ChartPanel'
import styles from './CompressView.module.css'
import { type MeasuredPoint, type Sweep, valueOf } from './sweeps'

interface PointsPanelProps {
  readonly model: LibraryModel
  readonly sweep: Sweep
  /** Effective parameters in words; empty where they are not known. */
  readonly worth: (point: MeasuredPoint) => string
}

/** The loss increase of every value of a sweep, in total and by domain. */
export function PointsPanel({ model, sweep, worth }: PointsPanelProps) {
  const { before, points, baseline } = sweep
  const domains = Object.keys(before.domains)
  const isWorthKnown = sweep.measured.some((point) => worth(point) !== '')
  return (
    <ChartPanel
      title={`${sweep.name}: loss increase in nats per character`}
      fileName={`${model.id}-compression-domains`}
      legend="measured here, with the 95 % interval of the paired difference"
      table={() => ({
        columns: [sweep.setting, 'bytes', 'delta', 'standard_error', 'delta_by_chance', 'effective', ...domains],
        rows: sweep.measured.map((point) => [
          valueOf(point, sweep),
          point.bytes,
          point.delta,
          point.standardError,
          baseline?.measured.find((each) => valueOf(each, baseline) === valueOf(point, sweep))?.delta ?? null,
          worth(point),
          ...domains.map((domain) => changeIn(point.domains, domain) ?? null)
        ])
      })}
    >
      <div className={styles.points}>
        <table>
          <thead>
            <tr>
              <th scope="col">{sweep.setting}</th>
              <th scope="col">size</th>
              <th scope="col">loss</th>
              {baseline && <th scope="col">random</th>}
              {isWorthKnown && <th scope="col">effective</th>}
              {domains.map((domain) => (
                <th key={domain} scope="col">
                  {domain}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {points.map((point) => (
              <tr key={valueOf(point, sweep)}>
                <th scope="row">{valueOf(point, sweep)}</th>
                {'refused' in point ? (
                  <td colSpan={domains.length + (baseline ? 3 : 2) + (isWorthKnown ? 1 : 0)}>{point.refused}</td>
                ) : (
                  <>
                    <td title={`${point.bytes} of ${before.bytes} bytes`}>
                      {formatBytes(point.bytes)} <small>{formatPercent(point.bytes / before.bytes)}</small>
                    </td>
                    <td>
                      {formatChange(point.delta)}
                      {point.standardError !== null && (
                        <small> ± {(halfInterval * point.standardError).toFixed(3)}</small>
                      )}
                    </td>
                    {baseline && <td>{chanceOf(baseline, valueOf(point, sweep))}</td>}
                    {isWorthKnown && <td>{worth(point)}</td>}
                    {domains.map((domain) => {
                      const change = changeIn(point.domains, domain)
                      return (
                        <td key={domain} style={{ background: shade(change ?? 0) }}>
                          {change === undefined ? '' : formatChange(change)}
                        </td>
                      )
                    })}
                  </>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </ChartPanel>
  )
}

/** The loss increase by chance at a value, once it is measured. */
function chanceOf(baseline: Sweep, value: string): string {
  const point = baseline.measured.find((each) => valueOf(each, baseline) === value)
  return point ? formatChange(point.delta) : '…'
}

function changeIn(domains: object, domain: string): number | undefined {
  return (domains as Readonly<Record<string, { delta: number } | undefined>>)[domain]?.delta
}

/** Stronger for larger rises, up to half a nat. */
function shade(change: number): string {
  const part = Math.round(Math.min(1, Math.max(0, change) / 0.5) * 55)
  return `color-mix(in oklab, var(--moe) ${part}%, transparent)`
}
