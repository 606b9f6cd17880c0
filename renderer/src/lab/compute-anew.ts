import type { RunQueue } from '@core/lab/queue'
import type { Run, RunRecord } from '@core/lab/run'

/** Asks for a run whose result may be there already, and is to be computed once more. */
export async function computeAnew(queue: RunQueue, run: Run): Promise<RunRecord> {
  const known = await queue.add(run)
  if (known.status !== 'finished') return known
  await queue.remove(known.id)
  return queue.add(run)
}
