import { transformOf } from '@core/compress'
import { halfInterval } from '@core/evaluate/paired-losses'
import { sensitivityForm } from '@core/lab/kinds/sensitivity'
import { formatChange } from '../charts/format'
import { RunProgress } from '../lab/RunProgress'
import { useApp, useAppState } from '../state/app'
import { attempt } from '../state/attempt'
import { Button } from '../ui/Button'
import { ChartPanel } from '../ui/ChartPanel'
import { Segments } from '../ui/Segments'
import styles from './CompressView.module.css'
import { settingsOf } from './chain'
import { measureParts, partCharacters, partsFound, runOf } from './findings'
import type { PageProps } from './pages'

/** The loss increase where one layer or one expert alone is changed. */
export default function PartsPage({ model, chosen, choose }: PageProps) {
  const app = useApp()
  const state = useAppState((each) => each)
  const finding = partsFound(state)
  const running = runOf(state.runs, sensitivityForm, model.id)
  const { name, sweep } = transformOf(chosen.transform)
  const value = settingsOf(chosen)[sweep.setting]
  const way = chosen.without ? 'taken out' : `changed by ${name}, ${sweep.setting} ${value}`
  const layers = finding?.parts.filter(({ expert }) => expert === undefined) ?? []
  const experts = finding?.parts.filter(({ expert }) => expert !== undefined) ?? []
  const most = Math.max(0, ...(finding?.parts.map(({ delta }) => delta) ?? []))
  const worst = finding?.parts.find(({ delta }) => delta === most)
  return (
    <>
      <div className={styles.bar}>
        <Segments
          label="Each part"
          value={chosen.without ? 'without' : 'changed'}
          options={[
            { value: 'changed', label: `by ${name}` },
            { value: 'without', label: 'taken out' }
          ]}
          onChange={(way) => choose({ without: way === 'without' })}
        />
        {running ? (
          <RunProgress run={running} />
        ) : (
          <Button look="primary" onClick={() => attempt(app, () => measureParts(app))}>
            Measure part by part
          </Button>
        )}
      </div>
      <p className={styles.note}>
        One part at a time is {way}, and everything else stays as it was; the loss increase in nats per character, on{' '}
        {partCharacters.toLocaleString('en')} characters.
      </p>
      {finding && worst && (
        <ChartPanel
          title={`${model.id}: loss increase where one part is ${way}`}
          fileName={`${model.id}-sensitivity`}
          legend="measured here"
          answer={`The most sensitive part is ${partName(worst)}: ${formatChange(worst.delta)} nats per character.`}
          table={() => ({
            columns: ['layer', 'expert', 'delta', 'standard_error'],
            rows: finding.parts.map(({ layer, expert, delta, standardError }) => [
              layer,
              expert ?? null,
              delta,
              standardError
            ])
          })}
        >
          <div className={styles.points}>
            <table>
              <thead>
                <tr>
                  <th scope="col">layer</th>
                  <th scope="col">the whole layer</th>
                  {experts
                    .filter(({ layer }) => layer === experts[0]?.layer)
                    .map(({ expert }) => (
                      <th key={expert} scope="col">
                        {expert}
                      </th>
                    ))}
                </tr>
              </thead>
              <tbody>
                {layers.map((part) => (
                  <tr key={part.layer}>
                    <th scope="row">{part.layer}</th>
                    {[part, ...experts.filter(({ layer }) => layer === part.layer)].map((each) => (
                      <td
                        key={each.expert ?? 'all'}
                        title={`${partName(each)}: ${formatChange(each.delta)}${each.standardError === null ? '' : ` ± ${(halfInterval * each.standardError).toFixed(3)}`}`}
                        style={{ background: shade(each.delta, most) }}
                      >
                        {formatChange(each.delta)}
                      </td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </ChartPanel>
      )}
    </>
  )
}

function partName({ layer, expert }: { readonly layer: number; readonly expert?: number }): string {
  return expert === undefined ? `layer ${layer}` : `expert ${expert} of layer ${layer}`
}

function shade(delta: number, most: number): string {
  return `color-mix(in oklab, var(--moe) ${Math.round((Math.max(0, delta) / (most || 1)) * 55)}%, transparent)`
}
