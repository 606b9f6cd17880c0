/** Runs as files: saved with every step, and shown again without computing. */
import { type RunRecord, readRunRecord } from '@core/run/run-record'
import type { FileKind } from '../host/host'
import type { App } from './app'
import type { AppState, Contestant } from './app-state'
import { messageOf } from './library'

const runFile: FileKind = { description: 'Moescope run', extensions: ['json'] }

/** Saves what both models have read so far. */
export async function saveRun({ host, store }: App): Promise<void> {
  const record = recordOf(store.getState())
  const { settings, models } = record
  const name = `${models.map(({ id }) => id).join('-and-')}-seed-${settings.seed}.json`
  try {
    const saved = await host.saveText(name, runFile, `${JSON.stringify(record, null, 1)}\n`)
    if (saved) store.setState({ notice: 'Run saved: opening it shows it again without computing.' })
  } catch (error) {
    store.setState({ notice: `The run was not saved: ${messageOf(error)}` })
  }
}

/** Opens a saved run: its settings and models are chosen, and Run shows its very steps. */
export async function openRun(app: App): Promise<void> {
  const { store, choose } = app
  try {
    const file = await app.host.openText(runFile)
    if (!file) return
    const replay = readRunRecord(file.text)
    const [left, right, ...more] = replay.models.map(({ id }) => id)
    const known = store.getState().library?.models ?? []
    const missing = replay.models.find(({ id }) => !known.some((model) => model.id === id))
    if (left === undefined || right === undefined || more.length > 0) throw new Error('it is not a run of two models')
    if (missing) throw new Error(`model '${missing.id}', which it was recorded with, is not here`)
    const { prompt, tokens, seed, temperature, topP } = replay.settings
    choose({ pair: 'free', left, right, prompt, tokens, seed, temperature, topP, shown: 0, selected: null })
    app.session.reset()
    store.setState({ replay, notice: `${file.name} is open: Run shows it as it was recorded.` })
  } catch (error) {
    store.setState({ notice: `That file cannot be shown: ${messageOf(error)}` })
  }
}

/** The run on the screen as a record. */
export function recordOf({ choices, engine, contestants }: AppState): RunRecord {
  const { prompt, tokens, seed, temperature, topP } = choices
  const model = (id: string, contestant: Contestant) => ({
    id,
    steps: [...contestant.steps],
    prefill_ms: prefillMilliseconds(contestant)
  })
  return {
    format: 'moescope.run/1',
    settings: { prompt, tokens, seed, temperature, topP },
    backend: engine?.backend ?? 'wasm',
    threads: engine?.threads ?? 1,
    models: [model(choices.left, contestants[0]), model(choices.right, contestants[1])]
  }
}

function prefillMilliseconds({ steps, prefillTokensPerSecond }: Contestant): number | undefined {
  const read = steps.filter(({ source }) => source === 'prompt').length
  return prefillTokensPerSecond === undefined ? undefined : (1000 * read) / prefillTokensPerSecond
}
