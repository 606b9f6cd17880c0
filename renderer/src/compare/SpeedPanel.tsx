import type { SpeedPoint } from '@core/run/speed-against-size'
import { proxy } from 'comlink'
import { useState } from 'react'
import { formatRatio } from '../charts/format'
import { SpeedAgainstSize } from '../charts/SpeedAgainstSize'
import { useWidth } from '../charts/use-size'
import { useApp, useAppState } from '../state/app'
import { messageOf } from '../state/library'
import { Button } from '../ui/Button'
import { Panel } from '../ui/Panel'
import styles from './SpeedPanel.module.css'

const widths = [32, 64, 128, 256, 512] as const
const kindsPerWidth = 3

/** How fast the same shapes are from small to large, measured on this machine: where sparsity begins to pay. */
export function SpeedPanel() {
  const { session } = useApp()
  const idle = useAppState(({ status }) => ['ready', 'paused', 'finished'].includes(status))
  const [points, setPoints] = useState<readonly SpeedPoint[]>([])
  const [measuring, setMeasuring] = useState(false)
  const [problem, setProblem] = useState<string>()
  const [ref, width] = useWidth()

  const measure = async () => {
    const { engine } = session
    if (!engine) return
    setPoints([])
    setProblem(undefined)
    setMeasuring(true)
    try {
      const onPoint = proxy((point: SpeedPoint) => setPoints((before) => [...before, point]))
      await engine.answer(engine.api.measureSpeedAgainstSize(widths, onPoint))
    } catch (error) {
      if (!/abort/i.test(messageOf(error))) setProblem(messageOf(error))
    }
    setMeasuring(false)
  }

  return (
    <Panel
      title="From what size do experts pay in speed?"
      aside={<span className={styles.caption}>speed only: untrained weights</span>}
    >
      <p className={styles.answer}>{answerOf(points)}</p>
      <div ref={ref}>
        <SpeedAgainstSize points={points} widths={widths} width={width} height={380} />
      </div>
      <div className={styles.foot}>
        {measuring ? (
          <Button onClick={() => void session.engine?.api.stopMeasuring()}>Cancel</Button>
        ) : (
          <Button disabled={!idle} onClick={() => void measure()}>
            {points.length > 0 ? 'Measure again' : 'Measure on this machine'}
          </Button>
        )}
        <output>
          {measuring
            ? `${points.length} of ${widths.length * kindsPerWidth} measured; about ${secondsLeft(points.length)} s left`
            : (problem ?? 'Takes about 10 seconds; one model computes at a time.')}
        </output>
      </div>
    </Panel>
  )
}

function secondsLeft(measured: number): number {
  return Math.max(1, Math.round((widths.length - measured / kindsPerWidth) * 2))
}

/** From which width on the MoE is faster than the dense model of its total size. */
function answerOf(points: readonly SpeedPoint[]): string {
  const ratios = widths.flatMap((width) => {
    const [moe, total] = (['moe', 'dense-total'] as const).map((kind) =>
      points.find((point) => point.kind === kind && point.width === width)
    )
    return moe && total ? [{ width, ratio: moe.tokensPerSecond.median / total.tokensPerSecond.median }] : []
  })
  const last = ratios.at(-1)
  if (!last) return 'Small models are all overhead. Measure to see from where the saved work shows.'
  const first = ratios.find(({ width }) => ratios.every((each) => each.width < width || each.ratio > 1))
  if (!first) return `Up to d ${last.width} the MoE is not yet faster than a dense model of its total size.`
  return `From d ${first.width} on the MoE is faster than a dense model of its total size; at d ${last.width}, ${formatRatio(last.ratio)}.`
}
