import { type Device, type Limit, limits, type SpeedPrediction } from '@core/bench/predicted'
import { Bars } from '../charts/Bars'
import { formatPercent, formatSpeed } from '../charts/format'
import { formatLarge } from '../charts/format-large'
import type { Frame } from '../charts/frame'
import { XYChart } from '../charts/XYChart'
import { ChartPanel } from '../ui/ChartPanel'
import { CommandButton } from '../ui/CommandButton'
import { Figure } from '../ui/Figure'
import { Panel } from '../ui/Panel'
import { Segments } from '../ui/Segments'
import styles from './Architectures.module.css'
import { useDevice } from './devices'
import { againstOriginal } from './difference'
import { limitWords, predict } from './predict'
import type { Subject } from './subjects'
import { useArchitectures } from './use-architectures'
import { type TraceExperts, useTraceExperts } from './use-trace-experts'

const batches = Array.from({ length: 13 }, (_, i) => 2 ** i)
const batchesWith = (one: number) => [...new Set([...batches, one])]

/** Predicted speed of decoding, and its bottleneck. */
export function PredictedSpeed({ original, shown }: { original: Subject; shown: Subject }) {
  const [chosen] = useArchitectures()
  const device = useDevice(chosen.device)
  const trace = useTraceExperts(shown, batchesWith(chosen.batch))
  if (!device) {
    return (
      <Panel title="How fast would it write?">
        <p className={styles.message}>
          What this machine can do is not measured yet: its arithmetic, how fast it reads memory, what a step costs.
          <CommandButton id="measure-machine" look="primary" />
        </p>
      </Panel>
    )
  }
  const decode = predict('decode', shown, chosen, device, trace?.distinct(chosen.batch))
  const prefill = predict('prefill', shown, { ...chosen, batch: 1 }, device)
  if (typeof decode === 'string') return <NoPrediction reason={decode} />
  if (typeof prefill === 'string') return <NoPrediction reason={prefill} />
  return <Prediction {...{ original, shown, device, decode, prefill, trace }} />
}

function NoPrediction({ reason }: { reason: string }) {
  return (
    <Panel title="How fast would it write?">
      <p className={styles.facts}>{reason}</p>
    </Panel>
  )
}

interface PredictionProps {
  readonly original: Subject
  readonly shown: Subject
  readonly device: Device
  readonly decode: SpeedPrediction
  readonly prefill: SpeedPrediction
  readonly trace: TraceExperts | undefined
}

function Prediction({ original, shown, device, decode, prefill, trace }: PredictionProps) {
  const [chosen] = useArchitectures()
  const { batch } = chosen
  const isChanged = shown !== original
  const curveOf = (subject: Subject) =>
    batches.flatMap((each) => {
      const distinct = subject === shown ? trace?.distinct(each) : undefined
      const speed = predict('decode', subject, { ...chosen, batch: each }, device, distinct)
      return typeof speed === 'string' ? [] : [{ each, speed }]
    })
  const curve = curveOf(shown)
  const before = isChanged ? curveOf(original) : []
  const pointsOf = (points: typeof curve) =>
    points.map(({ each, speed }) => ({
      x: each,
      y: speed.tokensPerSecond,
      title: `batch ${each}: ${formatSpeed(speed.tokensPerSecond)} tokens/s, waits for ${limitWords[speed.limit]}`
    }))
  const unchanged = before.find(({ each }) => each === batch)?.speed.tokensPerSecond
  const difference = unchanged === undefined ? '' : againstOriginal(decode.tokensPerSecond, unchanged)
  const colour = shown.kind === 'moe' ? 'var(--moe)' : 'var(--dense)'
  return (
    <ChartPanel
      title="How fast would it write?"
      fileName={`${original.id}-predicted-speed`}
      legend="predicted by the roofline, not measured"
      table={() => ({
        columns: ['batch', 'tokens_per_s', 'limit', ...limits.map((limit) => `${limit}_s`)],
        rows: curve.map(({ each, speed: { tokensPerSecond, limit, parts } }) => [
          each,
          tokensPerSecond,
          limit,
          ...limits.map((each) => parts[each])
        ])
      })}
      answer={
        <span className={styles.speed} data-testid="predicted-speed">
          <Figure
            exact={`${(decode.tokensPerSecond / batch).toPrecision(4)} tokens/s for each of ${batch}; a step takes ${milliseconds(decode.seconds)}`}
            definition={`Decoding on ${device.name}: the longer of arithmetic and memory traffic in each stage. Assumed of the limits of its data sheet: ${formatPercent(device.efficiency.compute)} of the arithmetic, ${formatPercent(device.efficiency.memory)} of the memory. ${device.source}.`}
            provenance="predicted"
          >
            <b data-kind={shown.kind}>{formatSpeed(decode.tokensPerSecond / batch)}</b> tokens/s
          </Figure>{' '}
          {batch > 1 ? `for each sequence, ${formatSpeed(decode.tokensPerSecond)} in all` : 'for one sequence'}
          {difference}; a step waits for <b>{limitWords[decode.limit]}</b>. It reads a prompt at{' '}
          {formatSpeed(prefill.tokensPerSecond)} tokens/s.
        </span>
      }
    >
      {(frame) => {
        const half = halfOf(frame)
        return (
          <>
            {decode.memory.fits === false && (
              <p className={styles.warning}>
                It does not fit into the memory of {device.name}: this speed supposes that it did.
              </p>
            )}
            <Distinct subject={shown} decode={decode} batch={batch} trace={trace} />
            <div className={styles.pair} style={{ gridTemplateColumns: half === frame ? '1fr' : '1fr 1fr' }}>
              <div>
                <XYChart
                  {...half}
                  series={[
                    ...(isChanged
                      ? [
                          {
                            id: 'before',
                            label: 'as it is',
                            mark: 'line' as const,
                            look: 'dashed' as const,
                            colour,
                            points: pointsOf(before)
                          }
                        ]
                      : []),
                    { id: 'shown', label: isChanged ? 'changed' : '', mark: 'line', colour, points: pointsOf(curve) },
                    { id: 'now', label: '', mark: 'points', points: pointsOf([{ each: batch, speed: decode }]) }
                  ]}
                  x={{ label: 'batch, sequences', scale: 'log', format: formatLarge }}
                  y={{ label: 'decode, tokens/s of the batch', scale: 'log', format: formatLarge }}
                  labelRoom={isChanged ? 70 : 14}
                  height={230}
                  description={`Predicted decode speed against batch: ${formatSpeed(decode.tokensPerSecond)} tokens/s at ${batch}`}
                />
              </div>
              <div>
                <p className={styles.facts}>What a step of {milliseconds(decode.seconds)} waits for:</p>
                <Bars
                  {...half}
                  rows={(Object.keys(limitWords) as Limit[])
                    .filter(
                      (limit) => (limit !== 'exchange' || device.devices > 1) && (limit !== 'fixed' || device.stepCost)
                    )
                    .map((limit) => ({
                      name: limitWords[limit],
                      value: decode.parts[limit],
                      title: `${limitWords[limit]}: waited for ${milliseconds(decode.parts[limit])}; alone it would take ${milliseconds(decode.alone[limit])}`,
                      colour: limit === decode.limit ? colour : 'var(--mute)',
                      strong: limit === decode.limit
                    }))}
                  most={Math.max(...Object.values(decode.parts))}
                  format={(seconds) => (seconds > 0 ? milliseconds(seconds) : 'not waited for')}
                  quantity="time of a step, ms"
                  nameRoom={165}
                  valueRoom={100}
                />
              </div>
            </div>
          </>
        )
      }}
    </ChartPanel>
  )
}

/** Half of a frame, for two charts side by side; all of it where they stand one below the other. */
function halfOf(frame: Frame): Frame {
  return frame.width > 640 * frame.textScale ? { ...frame, width: (frame.width - gap) / 2 } : frame
}

/** Between two charts, in pixels. */
const gap = 12

function milliseconds(seconds: number): string {
  return `${Number((1000 * seconds).toPrecision(3))} ms`
}

interface DistinctProps {
  readonly subject: Subject
  readonly decode: SpeedPrediction
  readonly batch: number
  readonly trace: TraceExperts | undefined
}

/** Unique experts that a step reads, and the source of the figure: random routing or the open trace. */
function Distinct({ subject, decode, batch, trace }: DistinctProps) {
  const [{ routing }, choose] = useArchitectures()
  const { distinctExperts } = decode
  if (!subject.experts || distinctExperts.length === 0) return null
  const { experts, topK } = subject.experts
  const distinct = distinctExperts.reduce((sum, each) => sum + each, 0) / distinctExperts.length
  const counted = trace?.distinct(batch) !== undefined
  const known = counted ? `counted in ${trace?.name}` : 'expected for routing at random'
  const missing = trace?.chosen && !counted ? `; ${trace.name} was not counted in batches of ${batch}` : ''
  return (
    <div className={styles.bar}>
      <p className={styles.facts}>
        {batch === 1 ? 'A token' : `A step of ${batch} tokens`} reads{' '}
        <b>
          {distinct >= 9.95 ? Math.round(distinct) : Number(distinct.toFixed(1))} of {experts}
        </b>{' '}
        experts in each layer{batch === 1 ? '' : `, though each token uses ${topK}: ${known}${missing}`}.
      </p>
      {trace && batch > 1 && (
        <Segments
          label="Experts of a step"
          value={routing}
          options={[
            { value: 'random', label: 'At random' },
            { value: 'trace', label: `As in ${trace.name}` }
          ]}
          onChange={(chosen) => choose({ routing: chosen })}
        />
      )}
    </div>
  )
}
