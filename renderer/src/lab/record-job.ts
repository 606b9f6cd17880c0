/** Recording what the routers of a model decide, as a job; also of the model as it was on the way of its training. */
import { writeWeights } from '@core/model/checkpoint'
import type { TraceColumns } from '@core/routing/trace'
import { stepName } from '@core/routing/training-step'
import { readCheckpoints } from '@core/train/checkpoints'
import { planOf } from '@core/train/fingerprint'
import { proxy } from 'comlink'
import type { ModelSource } from '../engine/protocol'
import type { InspectionPage } from '../routing/choices'
import type { App } from '../state/app'
import { readModels } from '../state/library'
import { defaultTraining, type TrainingChoices } from './choices'
import { beginTraining } from './training-job'

/** Characters of generated text that are recorded. */
export const recordedCharacters = 20_000

/** What the training that shows how routing comes about trains: small enough for a minute or two. */
export const shortTraining: TrainingChoices = { ...defaultTraining, experts: 8, characters: 250_000 }

/** Begins the title of the job that records a training. */
export const followingTitle = 'Following the training of'

/** Has an MoE model read generated text, and inspects its routing. */
export async function recordRouting(app: App, model: string): Promise<void> {
  const find = async () => [{ name: model, source: await sourceOf(app, model) }]
  await record(app, `Recording the routing of ${model}`, find)
}

/** Has the model of each checkpoint of a training read the same text, and shows how its routing came about. */
export async function recordTraining(app: App, model: string): Promise<void> {
  const find = async () => {
    const { files } = await sourceOf(app, model)
    const { fingerprint, planned, kept } = readCheckpoints(await app.host.readOwnFile(model, 'checkpoints.safetensors'))
    if (kept.length < 2) throw new Error(`${model} has kept fewer than two checkpoints: let its training go on`)
    const { architecture } = planOf(fingerprint)
    return kept.map(({ step, parameters }): Recorded => {
      const name = stepName(model, step)
      // The last one is the model that is here, by whose name its router can be changed.
      const id = step === planned.at(-1) ? model : name
      return { name, source: { id, files: { ...files, weights: writeWeights(architecture, parameters) } } }
    })
  }
  const { store, inspector } = app
  const before = store.getState().traces.filter(({ recorded, training }) => recorded && training?.series === model)
  for (const { id } of before) await inspector.close(id)
  await record(app, `${followingTitle} ${model}`, find, 'training')
}

/** Trains a small MoE that keeps checkpoints, and shows how its routing came about. */
export async function trainAndRecord(app: App): Promise<void> {
  const model = await beginTraining(app, shortTraining)
  if (app.store.getState().training?.status === 'finished') await recordTraining(app, model)
}

/** A model that reads the text, and what its trace is called. */
interface Recorded {
  readonly name: string
  readonly source: ModelSource
}

async function record(
  app: App,
  title: string,
  find: () => Promise<readonly Recorded[]>,
  page?: InspectionPage
): Promise<void> {
  const { jobs, session, store, inspector } = app
  await jobs.start(title, async ({ signal, progress }) => {
    const engine = await session.awake()
    signal.addEventListener('abort', () => void engine.api.stopLongWork())
    progress(0, 'reading the model')
    const readers = await find()
    const { seed, inspection } = store.getState().choices
    const traces: { readonly name: string; readonly columns: TraceColumns }[] = []
    try {
      for (const [i, { name, source }] of readers.entries()) {
        signal.throwIfAborted()
        const request = { model: source, characters: recordedCharacters, seed }
        const onProgress = (done: number) => progress((i + done) / readers.length, `${name} reads generated text`)
        traces.push({ name, columns: await engine.api.recordTrace(request, proxy(onProgress)) })
      }
    } finally {
      // What was recorded stays, also when the rest was cancelled.
      for (const { name, columns } of traces) await inspector.take(name, columns)
      if (traces.length > 0) app.choose({ view: 'trace', inspection: page ? { ...inspection, page } : inspection })
    }
  })
}

async function sourceOf({ host }: App, model: string): Promise<ModelSource> {
  const [source] = await readModels(host, [model])
  if (!source) throw new Error(`${model} is not here`)
  return source
}
