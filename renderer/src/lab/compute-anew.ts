import type { RunForm } from '@core/lab/kind'
import type { Manner } from '@core/lab/queue'
import { isUnderWay, type RunRecord } from '@core/lab/run'
import { runId } from '@core/lab/run-id'
import type { Lab } from './state'

/** Has a run computed from its beginning, whatever came of it before. One that is under way goes on. */
export async function computeAnew<Spec>(
  { queue, remove }: Lab,
  form: RunForm<Spec>,
  spec: Spec,
  how: Manner = {}
): Promise<RunRecord> {
  const run = { kind: form.kind, spec }
  const id = await runId(form.stem(spec), run)
  const known = queue.records.find((each) => each.id === id)
  if (known && !isUnderWay(known)) await remove(id)
  return queue.add(run, undefined, how)
}
