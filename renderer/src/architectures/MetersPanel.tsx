import type { Within } from '@core/scaling/laws'
import { geometricMeanRule } from '@core/scaling/published'
import type { ReactNode } from 'react'
import { formatExact } from '../charts/format'
import { formatLarge } from '../charts/format-large'
import { type ParameterRow, ParameterScale } from '../charts/ParameterScale'
import { useAppState } from '../state/app'
import { ChartPanel } from '../ui/ChartPanel'
import { Figure } from '../ui/Figure'
import styles from './Architectures.module.css'
import { effectiveByLaws } from './effective-laws'
import { conventionOf, conventionWords } from './gallery-rows'
import type { Subject } from './subjects'

/** The three meters on one scale: total, active, and effective as a rule of thumb has it. */
export function MetersPanel({ original, shown }: { original: Subject; shown: Subject }) {
  const subjects = shown === original ? [original] : [original, shown]
  return (
    <Meters
      title="Total, active and effective parameters"
      fileName={`${original.id}-meters`}
      rows={subjects.map((subject, i) => ({ subject, label: i === 0 ? 'as it is' : 'changed' }))}
    >
      <Laws subject={shown} />
    </Meters>
  )
}

/** Effective parameters by every law; grey outside the region of its fit. */
function Laws({ subject }: { subject: Subject }) {
  const tokens = 10 ** useAppState(({ choices }) => choices.scaling.tokens)
  const answers = effectiveByLaws(subject, tokens)
  if (answers.length === 0) return null
  return (
    <dl className={styles.laws} aria-label="Effective parameters by law">
      {answers.map(({ law, effective, within, asked }) => (
        <div key={law.id} data-within={law.provenance === 'folklore' ? 'folklore' : within}>
          <dt>{law.name}</dt>
          <dd>
            <Figure
              exact={
                effective === undefined ? 'no figure' : `${formatExact(Math.round(effective))} effective parameters`
              }
              definition={`Asked of ${asked}. ${law.formula}. ${law.source}. Fitted on: ${law.region.source}.${law.note ? ` ${law.note}.` : ''}`}
              provenance="predicted"
            >
              {effective === undefined ? '–' : formatLarge(effective)}
            </Figure>{' '}
            <small>{law.provenance === 'folklore' ? 'folklore, never fitted' : regionWords[within]}</small>
          </dd>
        </div>
      ))}
    </dl>
  )
}

const regionWords: Readonly<Record<Within, string>> = {
  inside: 'inside its fit',
  outside: 'outside its fit',
  unknown: 'fit not known'
}

export interface MetersProps {
  readonly title: string
  readonly fileName: string
  readonly rows: readonly { readonly subject: Subject; readonly label: string }[]
  /** Below the scale. */
  readonly children?: ReactNode
}

/** The meters of some models, on one scale. */
export function Meters({ title, fileName, rows, children }: MetersProps) {
  return (
    <ChartPanel
      title={title}
      fileName={fileName}
      legend="total and active counted; effective predicted by a rule of thumb"
      table={() => ({
        columns: ['model', 'total', 'active_all', 'active_no_input_embedding', 'active_no_embedding', 'geometric_mean'],
        rows: rows.map(({ subject }) => {
          const { name, count } = subject
          return [
            name,
            count.total,
            count.active.all,
            count.active.no_input_embedding,
            count.active.no_embedding,
            geometricMeanRule(count.total, count.active[conventionOf(subject)]).predicted
          ]
        })
      })}
    >
      {(frame) => (
        <>
          <ParameterScale {...frame} rows={rows.map(({ subject, label }) => meterRow(subject, label))} />
          {children}
        </>
      )}
    </ChartPanel>
  )
}

function meterRow(subject: Subject, label: string): ParameterRow {
  const { id, kind, count } = subject
  const { total } = count
  const base = { id: `${id}-${label}`, kind, label }
  if (kind === 'dense') {
    return {
      ...base,
      marks: [
        {
          meter: 'active',
          value: total,
          place: 'right',
          label: (
            <Figure
              exact={`${formatExact(total)} parameters`}
              definition="Every weight of a dense model is active for every token."
              provenance="counted"
            >
              <b>{formatLarge(total)}</b> total and active
            </Figure>
          )
        }
      ]
    }
  }
  const convention = conventionOf(subject)
  const active = count.active[convention]
  const { predicted, formula, source } = geometricMeanRule(total, active)
  return {
    ...base,
    marks: [
      {
        meter: 'active',
        value: active,
        place: 'below',
        label: (
          <Figure
            exact={`${formatExact(active)} active parameters`}
            definition={`The weights that one token touches: ${conventionWords[convention]}.`}
            provenance="counted"
          >
            <b>{formatLarge(active)}</b> active
          </Figure>
        )
      },
      {
        meter: 'effective',
        value: predicted,
        place: 'above',
        label: (
          <Figure
            exact={`${formatExact(predicted)} effective parameters, if the rule holds`}
            definition={`Geometric mean, ${formula}: a ${source}. Folklore: no fit stands behind it. Nothing was measured.`}
            provenance="predicted"
          >
            <b>{formatLarge(predicted)}</b> effective (folklore)
          </Figure>
        )
      },
      {
        meter: 'total',
        value: total,
        place: 'below',
        label: (
          <Figure
            exact={`${formatExact(total)} total parameters`}
            definition="Every weight of the model, all experts included: what memory must hold."
            provenance="counted"
          >
            <b>{formatLarge(total)}</b> total
          </Figure>
        )
      }
    ]
  }
}
