/** Figures of the whole router over its training, by layer. */
import { balanceOf, layerOf } from '@core/routing/statistics/balance'
import { randomVariation } from '@core/routing/statistics/random-routing'
import { isUnavailable } from '@core/routing/statistics/statistic'
import { formatExact, formatPercent } from '../charts/format'
import { ChartPanel } from '../ui/ChartPanel'
import { Segments } from '../ui/Segments'
import { StepLines } from './StepLines'
import { layerName, useInspected } from './use-inspected'
import type { Followed } from './use-training'

export interface OverTrainingProps {
  readonly points: readonly Followed[]
}

/** Router saturation: share of the final choices that are there already. */
export function Saturation({ points }: OverTrainingProps) {
  const value = ({ agreement }: Followed, row: number) =>
    typeof agreement === 'object' ? (agreement.overlap[row] ?? Number.NaN) : Number.NaN
  const known = points.flatMap(({ agreement }) => (typeof agreement === 'object' ? [agreement] : []))
  const random = known[0]?.baselines.overlap
  const rows = useMeasuredRows(points)
  return (
    <ChartPanel
      title="How much of the final routing is there?"
      fileName="saturation"
      answer={
        <>
          Of each token’s experts, the share that the last checkpoint also chooses (saturation)
          {random !== undefined && `; at random ${formatPercent(random)}`}.
        </>
      }
      table={() => ({
        columns: ['step', 'layer', 'overlap', 'random'],
        rows: rows.map(({ point, row, layer }) => [point.step, layer, value(point, row), random ?? null])
      })}
    >
      {(frame) => (
        <StepLines
          frame={frame}
          points={points}
          value={value}
          y={{ label: 'saturation', format: formatPercent, from: 0, to: 1 }}
          references={random === undefined ? [] : [{ y: random, label: 'random' }]}
          description="Overlap of the routing of each checkpoint with that of the last, by layer"
        />
      )}
    </ChartPanel>
  )
}

/** Evenness of the load over training. */
export function BalanceOverTraining({ points }: OverTrainingProps) {
  const { facts, inspection, layer, inspect } = useInspected()
  const shown = inspection.evenness
  const rows = useMeasuredRows(points)
  const balance = ({ choices }: Followed, row: number) => balanceOf(layerOf(choices.any, row, choices.experts))
  const value = (point: Followed, row: number) => {
    const found = balance(point, row)
    return shown === 'dead' ? found.dead.length : found[shown]
  }
  const place = Math.max(0, points[0]?.choices.layers.indexOf(layer) ?? 0)
  const [first, last] = [points[0], points.at(-1)]
  const random = randomVariation(facts.experts, facts.topK ?? 1, points[0]?.choices.tokens ?? 0)
  const axis = {
    entropy: { label: 'normalised entropy of the load', format: (y: number) => y.toFixed(3), to: 1 },
    cv: { label: 'coefficient of variation of the load', format: (y: number) => y.toFixed(2), from: 0 },
    dead: {
      label: 'dead experts',
      format: (y: number) => (Number.isInteger(y) ? String(y) : ''),
      from: 0
    }
  }[shown]
  const references = { entropy: [{ y: 1, label: 'even' }], cv: [{ y: random, label: 'random routing' }], dead: [] }[
    shown
  ]
  return (
    <ChartPanel
      title="How even is the load?"
      fileName="balance-over-training"
      aside={
        <Segments
          label="Evenness"
          value={shown}
          options={[
            { value: 'entropy', label: 'entropy' },
            { value: 'cv', label: 'CV' },
            { value: 'dead', label: 'dead' }
          ]}
          onChange={(evenness) => inspect({ evenness })}
        />
      }
      answer={
        first &&
        last && (
          <>
            In {layerName(facts, layer)} loads vary by <b>{formatPercent(balance(first, place).cv)}</b> of their mean at
            step {formatExact(first.step)}, by <b>{formatPercent(balance(last, place).cv)}</b> at step{' '}
            {formatExact(last.step)}.
          </>
        )
      }
      table={() => ({
        columns: ['step', 'layer', 'entropy', 'cv', 'jain', 'max_violation', 'dead'],
        rows: rows.map(({ point, row, layer: number }) => {
          const { entropy, cv, jain, maxViolation, dead } = balance(point, row)
          return [point.step, number, entropy, cv, jain, maxViolation, dead.length]
        })
      })}
    >
      {(frame) => (
        <StepLines
          frame={frame}
          points={points}
          value={value}
          y={axis}
          references={references}
          description={`${axis.label} over the training, by layer`}
        />
      )}
    </ChartPanel>
  )
}

/** Confidence of the router, from its logits, or else from the weights of the chosen experts. */
export function ConfidenceOverTraining({ points }: OverTrainingProps) {
  const { facts, inspection, layer, inspect } = useInspected()
  const shown = inspection.confidence
  const rows = useMeasuredRows(points)
  const fromLogits = points.every(({ logits }) => !isUnavailable(logits))
  const figures = ({ logits, weights }: Followed) => {
    const found = fromLogits ? logits : weights
    return isUnavailable(found) ? undefined : found
  }
  const value = (point: Followed, row: number, which = shown) => figures(point)?.[which][row] ?? Number.NaN
  const choices = fromLogits ? facts.experts : (facts.topK ?? 1)
  const undecided = { largest: 1 / choices, entropy: Math.log2(choices) }
  const axis = {
    largest: {
      label: fromLogits ? 'largest router probability, mean' : 'largest expert weight, mean',
      format: formatPercent,
      from: 0
    },
    entropy: {
      label: fromLogits ? 'entropy of the router probability, bits' : 'entropy of the expert weight, bits',
      format: (y: number) => y.toFixed(2),
      from: 0
    }
  }[shown]
  const place = Math.max(0, points[0]?.choices.layers.indexOf(layer) ?? 0)
  const [first, last] = [points[0], points.at(-1)]
  const missing = points.find((point) => !figures(point))
  return (
    <ChartPanel
      title="How sure is the router?"
      fileName="confidence-over-training"
      aside={
        <Segments
          label="Confidence"
          value={shown}
          options={[
            { value: 'largest', label: fromLogits ? 'largest probability' : 'largest weight' },
            { value: 'entropy', label: 'entropy' }
          ]}
          onChange={(confidence) => inspect({ confidence })}
        />
      }
      answer={
        missing ? (
          'Unknown: not all of the traces have router logits or weights.'
        ) : (
          <>
            In {layerName(facts, layer)} the {fromLogits ? 'most probable expert has' : 'largest weight is'}{' '}
            <b>{formatPercent(first ? value(first, place, 'largest') : Number.NaN)}</b> at step{' '}
            {formatExact(first?.step ?? 0)}, <b>{formatPercent(last ? value(last, place, 'largest') : Number.NaN)}</b>{' '}
            at step {formatExact(last?.step ?? 0)}
            {fromLogits ? '' : ' (of the chosen experts alone, for want of logits)'}.
          </>
        )
      }
      table={() => ({
        columns: ['step', 'layer', 'from', 'largest', 'entropy_bits'],
        rows: rows.map(({ point, row, layer: number }) => [
          point.step,
          number,
          fromLogits ? 'logits' : 'weights',
          value(point, row, 'largest'),
          value(point, row, 'entropy')
        ])
      })}
    >
      {(frame) =>
        !missing && (
          <StepLines
            frame={frame}
            points={points}
            value={value}
            y={axis}
            references={[{ y: undecided[shown], label: 'no preference' }]}
            description={`${axis.label} over the training, by layer`}
          />
        )
      }
    </ChartPanel>
  )
}

/** Every checkpoint with every layer that was measured, with the layer's number in the model. */
export function useMeasuredRows(points: readonly Followed[]) {
  const { facts } = useInspected()
  return points.flatMap((point) =>
    point.choices.layers.map((place, row) => ({ point, row, layer: facts.layers[place] ?? place }))
  )
}
