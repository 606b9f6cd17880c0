/** Measuring what this machine can do; other runs stand still meanwhile. */
import { speedWidths } from '@core/bench/speed-widths'
import { machineName, probeMachineForm, readMachine } from '@core/lab/kinds/probe-machine'
import {
  readSpeeds,
  type SpeedAgainstSizeSpec,
  speedAgainstSizeForm,
  speedsName
} from '@core/lab/kinds/speed-against-size'
import type { MeasuredOn } from '@core/lab/measured-on'
import type { RunRecord } from '@core/lab/run'
import type { RunFiles } from '@core/lab/store'
import { engineFacts } from '../engine/engine-facts'
import type { App } from '../state/app'
import { computeAnew } from './compute-anew'
import type { LabState } from './state'

/** Measures how fast the same shapes are from small to large; the points come into the state as they are measured. */
export async function measureSpeed(app: App): Promise<void> {
  const spec: SpeedAgainstSizeSpec = speedAgainstSizeForm.spec.parse({
    on: await presentEngine(app),
    widths: speedWidths
  })
  app.store.setState({ speedPoints: [] })
  await computeAnew(app.lab, speedAgainstSizeForm, spec)
}

/** Measures the limits of this machine; another measurement replaces the one before. */
export async function measureMachine(app: App): Promise<void> {
  await computeAnew(app.lab, probeMachineForm, { on: await presentEngine(app) })
}

/** The figures of this machine that a run has measured so far; nothing for another kind of run. */
export async function measuredBy(
  { kind }: RunRecord,
  files: RunFiles
): Promise<Partial<Pick<LabState, 'speedPoints' | 'machine'>>> {
  if (kind === speedAgainstSizeForm.kind) {
    const content = await files.read(speedsName)
    return content ? { speedPoints: readSpeeds(content).points } : {}
  }
  if (kind === probeMachineForm.kind) {
    const content = await files.read(machineName)
    return content ? { machine: readMachine(content) } : {}
  }
  return {}
}

/** The engine that is chosen in the settings, as far as it is here. */
export async function presentEngine({ store }: Pick<App, 'store'>): Promise<MeasuredOn> {
  const { backend, threads } = await engineFacts(store.getState().settings)
  return { backend, threads }
}
