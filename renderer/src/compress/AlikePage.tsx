import { moeLayers, moeShape } from '@core/arch/architecture'
import type { LikenessFinding } from '@core/lab/kinds/findings'
import { likenessForm } from '@core/lab/kinds/likeness'
import { RunProgress } from '../lab/RunProgress'
import { useApp, useAppState } from '../state/app'
import { attempt } from '../state/attempt'
import { Button } from '../ui/Button'
import { ChartPanel } from '../ui/ChartPanel'
import styles from './CompressView.module.css'
import { likenessFound, measureLikeness, runOf } from './findings'
import { Matrix } from './Matrix'
import type { PageProps } from './pages'

/** Layers and experts that do nearly the same, and which experts would become one. */
export default function AlikePage({ model }: PageProps) {
  const app = useApp()
  const state = useAppState((each) => each)
  const found = likenessFound(state, model.id)
  const running = runOf(state.runs, likenessForm, model.id)
  const [layer] = moeLayers(model.architecture)
  const keep = layer === undefined ? 1 : Math.ceil(moeShape(model.architecture, layer).experts / 2)
  return (
    <>
      <div className={styles.bar}>
        {running ? (
          <RunProgress run={running} />
        ) : (
          <Button look="primary" onClick={() => attempt(app, () => measureLikeness(app, keep))}>
            Measure similarity
          </Button>
        )}
      </div>
      {found ? (
        <div className={styles.columns}>
          <LayersPanel model={model.id} finding={found.finding} />
          {found.finding.experts.map((each) => (
            <ExpertsPanel key={each.layer} model={model.id} keep={found.keep} likeness={each} />
          ))}
        </div>
      ) : (
        <p className={styles.note}>
          Linear CKA of the residual stream between layers (arXiv 1905.00414), block influence of each layer (arXiv
          2403.03853)
          {layer !== undefined && ', and the distance of the experts by their mean outputs (arXiv 2410.08589)'}, on
          training text.
        </p>
      )}
    </>
  )
}

function LayersPanel({ model, finding: { cka, influence } }: { model: string; finding: LikenessFinding }) {
  const names = cka.map((_, place) => (place === 0 ? 'in' : String(place - 1)))
  const least = influence.indexOf(Math.min(...influence))
  return (
    <ChartPanel
      title="Linear CKA of the residual stream after each layer"
      fileName={`${model}-layer-similarity`}
      legend="1: the same but for rotation and scale; measured here"
      answer={`Layer ${least} changes the direction of its input least: block influence ${influence[least]?.toFixed(3)}.`}
      note={`Block influence: ${influence.map((each, layer) => `layer ${layer} ${each.toFixed(3)}`).join(', ')}.`}
      table={() => ({ columns: ['after_layer', ...names], rows: cka.map((row, i) => [names[i] ?? '', ...row]) })}
    >
      <Matrix
        name="layer"
        rows={names}
        values={cka}
        part={(value) => value}
        title={(row, column) => `after ${row} and after ${column}`}
      />
    </ChartPanel>
  )
}

interface ExpertsPanelProps {
  readonly model: string
  readonly keep: number
  readonly likeness: LikenessFinding['experts'][number]
}

function ExpertsPanel({ model, keep, likeness: { layer, distance, cosine, groups } }: ExpertsPanelProps) {
  // Experts that become one stand beside each other.
  const order = groups.outputs.flat()
  const ordered = order.map((row) => order.map((column) => distance[row]?.[column] ?? Number.NaN))
  const most = Math.max(...ordered.flat())
  const merged = groups.outputs.filter((group) => group.length > 1)
  const byLogits = groups.logits.filter((group) => group.length > 1)
  return (
    <ChartPanel
      title={`Layer ${layer}: distance of the experts by their mean outputs`}
      fileName={`${model}-experts-of-layer-${layer}`}
      legend="over their mean norm; stronger is nearer; measured here"
      answer={
        merged.length === 0
          ? 'No experts would be merged.'
          : `Left with ${keep}, these become one: ${merged.map((group) => group.join(' + ')).join(', ')}.`
      }
      note={`By router logits (arXiv 2310.01334) it would be ${byLogits.map((group) => group.join(' + ')).join(', ') || 'none'}.`}
      table={() => ({
        columns: ['expert', 'other', 'distance', 'cosine_of_router_logits'],
        rows: distance.flatMap((row, a) => row.map((value, b) => [a, b, value, cosine[a]?.[b] ?? null]))
      })}
    >
      <Matrix
        name="expert"
        rows={order.map(String)}
        values={ordered}
        part={(value) => 1 - value / (most || 1)}
        title={(row, column) => `experts ${row} and ${column}`}
      />
    </ChartPanel>
  )
}
