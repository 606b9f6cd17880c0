/** Points of sweeps that are kept as models. */
import { canonicalJson } from '@core/canonical-json'
import { type CompressModelSpec, compressModelForm } from '@core/lab/kinds/compress-model'
import type { RunRecord } from '@core/lab/run'
import type { App } from '../state/app'
import type { MeasuredPoint, Sweep } from './sweeps'

/** Makes the model of a point again, measures it on all of its validation text, and keeps it among the models here. */
export async function keepModel({ lab }: App, sweep: Sweep, point: MeasuredPoint): Promise<void> {
  await lab.queue.add({ kind: compressModelForm.kind, spec: keptSpec(sweep, point) })
}

/** The run that keeps a point, or has kept it under whatever name; undefined before it was asked for. */
export function keptRun(runs: readonly RunRecord[], sweep: Sweep, point: MeasuredPoint): RunRecord | undefined {
  const spec = canonicalJson(keptSpec(sweep, point))
  return runs.findLast((run) => run.kind === compressModelForm.kind && canonicalJson(run.spec) === spec)
}

function keptSpec({ spec }: Sweep, { chain, seed = spec.seed }: MeasuredPoint): CompressModelSpec {
  const { model, calibration } = spec
  return { model, chain: chain.map((each) => ({ ...each })), calibration, seed }
}
