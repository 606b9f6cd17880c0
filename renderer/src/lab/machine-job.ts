/** Measuring what this machine can do, as a job. */
import type { App } from '../state/app'

export const machineJobTitle = 'Limits of this machine'

/** Measures; another measurement replaces the one before. */
export async function measureMachine({ jobs, session, store }: App): Promise<void> {
  await jobs.start(machineJobTitle, async () => {
    const { api } = await session.awake()
    store.setState({ machine: await api.probeMachine() })
  })
}
