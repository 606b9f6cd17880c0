/** Share of a decode step outside ONNX Runtime: inputs, outputs, cache, sampling. */
import { createDecoder } from '@core/generate/decoder'
import { createRace } from '@core/generate/race'
import { quantile } from '@core/generate/speed'
import type { OnnxRuntime, OnnxRuntimeOptions } from '@core/runtime/onnx-runtime'
import { createOnnxRuntimeBackend } from '@core/runtime/onnx-runtime'
import { openModelStore } from '../terminal/model-store'
import type { Comparison } from './command'

const models = ['dense-64', 'moe-64']
const settings = { prompt: 'the ', tokens: 1000, seed: 1, temperature: 0.8, topP: 1 }

/** Has the shipped models write, with a stopwatch around every call of ONNX Runtime. */
export async function stepOverhead(
  runtime: OnnxRuntime,
  options: OnnxRuntimeOptions,
  modelsFolder: string
): Promise<Comparison> {
  const watch = stopwatch(runtime)
  const backend = createOnnxRuntimeBackend(watch.runtime, options)
  const store = await openModelStore(modelsFolder)
  const milliseconds: Record<string, { median: number; low: number; high: number }> = {}
  const ratios: Record<string, number> = {}
  for (const id of models.filter((each) => store.ids.includes(each))) {
    const decoder = await createDecoder(backend, await store.open(id))
    const race = createRace([decoder], settings)
    const steps: { whole: number; outside: number }[] = []
    for (let turn = await race.turn(); turn; turn = await race.turn()) {
      const whole = turn.records[0]?.stepMs
      if (whole !== undefined) steps.push({ whole, outside: whole - watch.last() })
    }
    await decoder.release()
    const sorted = (of: (step: (typeof steps)[number]) => number) => steps.map(of).sort((a, b) => a - b)
    const whole = sorted((step) => step.whole)
    milliseconds[id] = { median: quantile(whole, 0.5), low: quantile(whole, 0.25), high: quantile(whole, 0.75) }
    ratios[`${id}: part of a step`] = quantile(
      sorted((step) => step.outside / step.whole),
      0.5
    )
  }
  return { what: 'decode step of shipped models outside ONNX Runtime', milliseconds, ratios }
}

/** The same runtime, whose sessions remember how long their last run took. */
function stopwatch(runtime: OnnxRuntime): { runtime: OnnxRuntime; last: () => number } {
  let last = 0
  const create: OnnxRuntime['InferenceSession']['create'] = async (...args: unknown[]) => {
    const session = await (runtime.InferenceSession.create as (...given: unknown[]) => ReturnType<typeof create>)(
      ...args
    )
    const run = session.run.bind(session) as (...given: unknown[]) => ReturnType<typeof session.run>
    session.run = async (...given: unknown[]) => {
      const begun = performance.now()
      const outputs = await run(...given)
      last = performance.now() - begun
      return outputs
    }
    return session
  }
  return { runtime: { env: runtime.env, Tensor: runtime.Tensor, InferenceSession: { create } }, last: () => last }
}
