import { computationDomains, domains, memoryDomains } from '@core/corpus'
import { DomainLosses, type DomainLossGroup } from '../charts/DomainLosses'
import { formatCount } from '../charts/format'
import { type ParameterRow, ParameterScale } from '../charts/ParameterScale'
import { useWidth } from '../charts/use-size'
import type { LibraryModel } from '../state/library'
import { Panel } from '../ui/Panel'
import { useTextScale } from '../ui/use-appearance'
import { worthText } from '../words/model-words'
import styles from './EffectivePanel.module.css'
import { effectiveMark } from './meters'
import { useChosenModels } from './use-models'

/** Effective parameters of the MoE on the languages of memory, and on those of computation. */
export function EffectivePanel() {
  const [left, right] = useChosenModels()
  const [ref, width] = useWidth()
  const textScale = useTextScale()
  const moe = [right, left].find((model) => model?.role === 'moe')
  return (
    <Panel id="worth" title="Do experts buy memory, or reasoning?">
      {moe && (
        <p className={styles.answer}>
          Effective parameters of the MoE: <b>{worthText(moe.worth.memory)}</b> on memory,{' '}
          <b>{worthText(moe.worth.computation)}</b> on computation; {formatCount(moe.active.all)} are active.
        </p>
      )}
      <div ref={ref}>
        {moe && (
          <ParameterScale
            textScale={textScale}
            width={width}
            rowHeight={54}
            rows={[quantityRow(moe, 'memory', 'Memory'), quantityRow(moe, 'computation', 'Computation')]}
          />
        )}
        {left && right && <DomainLosses width={width} groups={groupsOf([left, right])} />}
      </div>
      <p className={styles.note}>
        Tick: the floor of each language, known exactly. Sums and differences can be computed, but models this small
        learn them by heart.
      </p>
    </Panel>
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
    ['Memory: ask the world', memoryDomains],
    ['Computation: follow the text', computationDomains],
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
