/** Runs as files: saved with every step, and shown again without computing. */
import { canonicalJson } from '@core/canonical-json'
import { type CorpusSpec, corpusSpecSchema, generatedText, type TrainingCorpus } from '@core/formats/training-report'
import { type RunRecord, readRunRecord } from '@core/generate/run-record'
import { storedOff } from '@core/model/experts-off'
import { messageOf } from '@core/reason'
import type { App } from '../state/app'
import type { AppState } from '../state/app-state'
import { moescopeFile } from '../state/file-kinds'
import { refreshRecent } from '../state/recent'
import { pairOf } from './choices'
import { masksOfSides } from './exam'
import { generatedTokens } from './session'
import type { Contestant } from './state'

/** Saves what both models have read so far. */
export async function saveRun(app: App): Promise<void> {
  const { host, store, notify } = app
  const record = recordOf(store.getState())
  const { settings, models } = record
  const name = `${models.map(({ id }) => id).join('-and-')}-seed-${settings.seed}.moescope`
  try {
    const saved = await host.saveFile(name, moescopeFile, `${JSON.stringify(record, null, 1)}\n`)
    await refreshRecent(app)
    if (saved) notify(`${saved} is saved: opening it shows this run again without computing.`)
  } catch (error) {
    notify(`The run was not saved: ${messageOf(error)}`)
  }
}

/**
 * Opens a saved run: its settings and models are chosen, and its very steps are shown. Returns what is to be said of it
 * when its models have since been trained on another corpus. Throws when it is none.
 */
export function openRun({ store, choose, session }: App, text: string): string {
  const replay = readRunRecord(text)
  const [left, right, ...more] = replay.models
  const known = store.getState().library?.models ?? []
  const missing = replay.models.find(({ id }) => !known.some((model) => model.id === id))
  if (left === undefined || right === undefined || more.length > 0) throw new Error('it is not a run of two models')
  if (missing) throw new Error(`model '${missing.id}', which it was recorded with, is not here`)
  const { prompt, tokens, seed, temperature, topP } = replay.settings
  const expertsOff = Object.fromEntries(
    replay.models.flatMap(({ id, experts_off: off }) => (off ? [[id, off] as const] : []))
  )
  choose({
    view: 'compare',
    pair: pairOf(left.id, right.id),
    left: left.id,
    right: right.id,
    prompt,
    tokens,
    seed,
    temperature,
    topP,
    expertsOff,
    selected: null,
    shown: generatedTokens(right)
  })
  store.setState({ replay })
  void session.prepare()
  const changed = replay.models.some(({ id, world }) => {
    const now = worldIn(known.find((model) => model.id === id)?.corpus)
    return now && canonicalJson(now) !== canonicalJson(recordedCorpus({ world }).world)
  })
  return changed ? 'It was recorded with models of an earlier corpus; Reset shows those of today.' : ''
}

/** The corpus of a recorded model, as far as its truths go. A run without a word about it is of the first edition. */
export function recordedCorpus({ world }: Pick<RunRecord['models'][number], 'world'>): CorpusSpec {
  return corpusSpecSchema.parse({ world })
}

/** The run on the screen as a record. */
export function recordOf(state: AppState): RunRecord {
  const { choices, engine, contestants, wholes, replay } = state
  const { prompt, tokens, seed, temperature, topP } = choices
  const masks = masksOfSides(state)
  const model = (id: string, side: 0 | 1) => {
    const { architecture, corpus } = state.library?.models.find((each) => each.id === id) ?? {}
    const world = replay ? replay.models[side]?.world : worldIn(corpus)
    return {
      id,
      ...(world && { world }),
      steps: [...contestants[side].steps],
      prefill_ms: prefillMilliseconds(contestants[side]),
      ...(architecture &&
        masks[side].length > 0 && {
          experts_off: storedOff(architecture, masks[side]),
          whole_steps: [...(wholes[side]?.steps ?? [])]
        })
    }
  }
  return {
    format: 'moescope.run/1',
    settings: { prompt, tokens, seed, temperature, topP },
    backend: engine?.backend ?? 'wasm',
    threads: engine?.threads ?? 1,
    models: [model(choices.left, 0), model(choices.right, 1)]
  }
}

function worldIn(corpus: TrainingCorpus | undefined): CorpusSpec['world'] | undefined {
  return corpus && generatedText(corpus)?.world
}

function prefillMilliseconds({ steps, prefillTokensPerSecond }: Contestant): number | undefined {
  const read = steps.filter(({ source }) => source === 'prompt').length
  return prefillTokensPerSecond === undefined ? undefined : (1000 * read) / prefillTokensPerSecond
}
