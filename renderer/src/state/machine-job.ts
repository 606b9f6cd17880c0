/** Measuring what this machine can do, as a job. */
import type { App } from './app'

export const machineJobTitle = 'Limits of this machine'

/** Measures with the running engine; another measurement replaces the one before. */
export async function measureMachine({ jobs, session, store }: App): Promise<void> {
  const { engine } = session
  if (!engine) return
  await jobs.start(machineJobTitle, async () => {
    store.setState({ machine: await engine.api.probeMachine() })
  })
}
