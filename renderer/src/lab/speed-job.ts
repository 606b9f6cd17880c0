/** Measuring how fast the same shapes are from small to large, as a job. */
import type { SpeedPoint } from '@core/bench/speed-against-size'
import { speedWidths } from '@core/bench/speed-widths'
import { proxy } from 'comlink'
import type { App } from '../state/app'

export const speedJobTitle = 'Speed against size'

const kindsPerWidth = 3

/** Measures; the points come into the state as they are measured. */
export async function measureSpeed({ jobs, session, store }: App): Promise<void> {
  store.setState({ speedPoints: [] })
  await jobs.start(speedJobTitle, async ({ signal, progress }) => {
    const engine = await session.awake()
    signal.addEventListener('abort', () => void engine.api.stopLongWork())
    const onPoint = (point: SpeedPoint) => {
      store.setState(({ speedPoints }) => ({ speedPoints: [...speedPoints, point] }))
      progress(store.getState().speedPoints.length / (speedWidths.length * kindsPerWidth), `measured d ${point.width}`)
    }
    signal.throwIfAborted()
    await engine.api.measureSpeedAgainstSize(speedWidths, proxy(onPoint))
  })
}
