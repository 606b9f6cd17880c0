/** Measuring what this machine can do; other runs stand still meanwhile. */
import { speedWidths } from '@core/bench/speed-widths'
import type { App } from '../state/app'
import { computeAnew } from './compute-anew'

/** Measures how fast the same shapes are from small to large; the points come into the state as they are measured. */
export async function measureSpeed({ lab, store }: App): Promise<void> {
  store.setState({ speedPoints: [] })
  await computeAnew(lab.queue, { kind: 'speed', spec: { widths: speedWidths } })
}

/** Measures the limits of this machine; another measurement replaces the one before. */
export async function measureMachine({ lab }: App): Promise<void> {
  await computeAnew(lab.queue, { kind: 'machine', spec: {} })
}
