import { isUnderWay, type RunRecord } from '@core/lab/run'

/** The run of one of some kinds that waits or computes; of several the one that was asked for first. */
export function runUnderWay(runs: readonly RunRecord[], ...kinds: readonly string[]): RunRecord | undefined {
  return runs.find((run) => kinds.includes(run.kind) && isUnderWay(run))
}
