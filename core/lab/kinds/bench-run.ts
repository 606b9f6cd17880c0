import { readConfig } from '../../arch/runnable'
import { measureInTurns, type Timing } from '../../bench/measure'
import { decodeTask, prefillTask, untrainedWeights } from '../../bench/shapes'
import { jsonBytes } from '../../formats/json'
import type { RunKind } from '../kind'
import { ensureMeasured } from '../measured-on'
import type { BenchSpec } from './bench'
import { benchForm } from './bench'
import { benchName, type KeptBench } from './bench-result'

/** Has a model read one token and a whole context in turns. */
export const bench: RunKind<BenchSpec> = {
  ...benchForm,
  run: async (spec, { files, backend, turn, keep, progress, origin, openModel }) => {
    ensureMeasured(backend, spec.on)
    if ((await files.names()).includes(benchName)) return
    const model = 'model' in spec ? await openModel(spec.model) : undefined
    const architecture = 'model' in spec ? undefined : readConfig(spec.architecture)
    const measured = model?.architecture ?? architecture
    if (!measured) throw new RangeError('expected a model or an architecture')
    const weights = model?.parameters ?? untrainedWeights(measured)
    const tasks = [
      await decodeTask(backend, 'decode', measured, { weights }),
      await prefillTask(backend, 'prefill', measured, weights)
    ]
    try {
      progress(0, 'decode and prefill')
      const [decode, prefill] = await measureInTurns(tasks, { milliseconds: spec.milliseconds, turn })
      if (!decode || !prefill) throw new Error('a measurement has no result')
      const { context } = measured
      const content: KeptBench = {
        format: 'moescope.model-speed/1',
        ...origin,
        versions: { ...origin.versions },
        decode: perSecond(decode, 1),
        prefill: perSecond(prefill, context),
        context
      }
      await keep([{ name: benchName, content: jsonBytes(content) }])
    } finally {
      await Promise.all(tasks.map(({ session }) => session.release()))
    }
  }
}

/** Tokens per second of what takes so many milliseconds for `tokens`. */
function perSecond({ median, low, high, repeats }: Timing, tokens: number): KeptBench['decode'] {
  const speedOf = (milliseconds: number) => (1000 * tokens) / milliseconds
  return { median: speedOf(median), low: speedOf(high), high: speedOf(low), repeats }
}
