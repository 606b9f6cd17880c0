import { computationDomains, domains, memoryDomains } from '@core/corpus'
import { DomainLosses, type DomainLossGroup } from '../charts/DomainLosses'
import { formatCount } from '../charts/format'
import { type ParameterRow, ParameterScale } from '../charts/ParameterScale'
import type { LibraryModel } from '../state/library'
import { ChartPanel } from '../ui/ChartPanel'
import { worthText } from '../words/model-words'
import styles from './EffectivePanel.module.css'
import { effectiveMark } from './meters'
import { useChosenModels } from './use-models'

/** Effective parameters of the MoE on the languages of memory, and on those of computation. */
export function EffectivePanel() {
  const [left, right] = useChosenModels()
  const shown = [left, right].filter((model) => model !== undefined)
  const moe = [right, left].find((model) => model?.role === 'moe')
  return (
    <ChartPanel
      id="worth"
      title="Do experts buy memory, or reasoning?"
      fileName="loss-by-language"
      legend={
        <>
          <b className={styles.dense}>●</b> dense <b className={styles.moe}>●</b> MoE
        </>
      }
      table={() => ({
        columns: ['language', 'model', 'role', 'loss_nats_per_character', 'floor'],
        rows: shown.flatMap(({ id: model, role, domains: own }) =>
          Object.entries(own).map(([language, { loss, floor }]) => [language, model, role, loss.mean, floor])
        )
      })}
      note="Tick: the floor of each language, known exactly. Sums and differences can be computed, but models this small learn them by heart."
      answer={
        moe && (
          <span className={styles.answer}>
            Effective parameters of the MoE: <b>{worthText(moe.worth.memory)}</b> on memory,{' '}
            <b>{worthText(moe.worth.computation)}</b> on computation; {formatCount(moe.active.all)} are active.
          </span>
        )
      }
    >
      {(frame) => (
        <>
          {moe && (
            <ParameterScale
              {...frame}
              rowHeight={54}
              rows={[quantityRow(moe, 'memory', 'Memory'), quantityRow(moe, 'computation', 'Computation')]}
            />
          )}
          {left && right && <DomainLosses {...frame} groups={groupsOf([left, right])} />}
        </>
      )}
    </ChartPanel>
  )
}

function quantityRow(moe: LibraryModel, quantity: 'memory' | 'computation', label: string): ParameterRow {
  const marks = effectiveMark(moe.worth[quantity], 'above')
  return {
    id: quantity,
    kind: 'moe',
    label,
    marks: [
      {
        meter: 'active',
        value: moe.active.all,
        place: 'below',
        label: (
          <>
            <b>{formatCount(moe.active.all)}</b> active
          </>
        )
      },
      ...marks
    ]
  }
}

function groupsOf(models: readonly LibraryModel[]): DomainLossGroup[] {
  const titles = [
    ['Memory: facts of the world', memoryDomains],
    ['Computation: rules on the text', computationDomains],
    [
      'Tables and grammar',
      domains.map(({ id }) => id).filter((id) => ![...memoryDomains, ...computationDomains].includes(id))
    ]
  ] as const
  return titles.map(([title, ids]) => ({
    title,
    rows: domains
      .filter(({ id }) => ids.includes(id))
      .map(({ id, title: label }) => ({
        id,
        label,
        floor: models[0]?.domains[id]?.floor ?? undefined,
        losses: models.flatMap(({ role, domains }) => {
          const loss = domains[id]?.loss.mean
          return loss === undefined ? [] : [{ kind: role, loss }]
        })
      }))
  }))
}
