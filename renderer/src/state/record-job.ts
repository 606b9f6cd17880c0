/** Recording what the routers of a model decide, as a job. */
import { proxy } from 'comlink'
import type { App } from './app'
import { readModels } from './library'

/** Characters of generated text that are recorded. */
export const recordedCharacters = 20_000

/** Has an MoE model read generated text, and inspects its routing. */
export async function recordRouting(app: App, model: string): Promise<void> {
  const { jobs, session, host, store, inspector } = app
  const { engine } = session
  if (!engine) throw new Error('the engine is not running')
  await jobs.start(`Recording the routing of ${model}`, async ({ signal, progress }) => {
    signal.addEventListener('abort', () => void engine.api.stopLongWork())
    progress(0, 'reading the model')
    const [source] = await readModels(host, [model])
    if (!source) throw new Error(`${model} is not here`)
    const request = { model: source, characters: recordedCharacters, seed: store.getState().choices.seed }
    const onProgress = (done: number) => progress(done, 'reading generated text')
    const columns = await engine.api.recordTrace(request, proxy(onProgress))
    await inspector.take(model, columns)
    app.choose({ view: 'trace' })
  })
}
