/** Training a model here, as a job: what it reaches is kept, also when it is stopped or the app is killed. */

import { moeLayers } from '@core/arch/architecture'
import { countParameters } from '@core/arch/count/count'
import { readSafetensors } from '@core/formats/safetensors'
import { messageOf } from '@core/reason'
import { planOf, type TrainingPlan } from '@core/train/fingerprint'
import { proxy } from 'comlink'
import { startWorker } from '../engine/client'
import type { TrainingEvent, TrainingFile, TrainingRequest } from '../engine/training-protocol'
import type { App } from '../state/app'
import { readLibrary } from '../state/library'
import { chosenPlan } from './choices'
import { keepTraining } from './kept-training'
import type { ShownTraining } from './state'

/** Steps may come faster than one can look. */
const millisecondsBetweenDraws = 100

/**
 * Begins a training; the one that is chosen on the screen by default.
 * @returns the id of its model, when it has ended in whatever way
 */
export async function beginTraining(app: App, chosen = app.store.getState().choices.training): Promise<string> {
  const plan = chosenPlan(chosen)
  const { library, unfinished } = app.store.getState()
  const id = freshName(plan, [...(library?.models ?? []).map((model) => model.id), ...unfinished])
  await train(app, id, plan, { checkpoints: chosen.kind === 'moe' ? chosen.checkpoints : 0, saved: undefined })
  return id
}

/** Goes on with a training that was stopped. */
export async function continueTraining(app: App, id: string): Promise<void> {
  const run = await app.host.readOwnFile(id, 'run.safetensors')
  const checkpoints = app.store.getState().checkpointed.includes(id)
    ? await app.host.readOwnFile(id, 'checkpoints.safetensors')
    : undefined
  const plan = planOf(readSafetensors(run).metadata.fingerprint ?? '')
  await train(app, id, plan, { checkpoints: 0, saved: { run, checkpoints } })
}

type Begun = Pick<TrainingRequest, 'checkpoints' | 'saved'>

async function train(app: App, id: string, plan: TrainingPlan, begun: Begun): Promise<void> {
  const { store, host, jobs, notify } = app
  const { architecture, recipe } = plan
  const charactersPerStep = recipe.batch * architecture.context
  const show = (changes: Partial<ShownTraining>) =>
    store.setState(({ training }) => (training?.id === id ? { training: { ...training, ...changes } } : {}))
  const kind = moeLayers(architecture).length > 0 ? 'moe' : 'dense'
  const steps = Math.floor(recipe.characters / charactersPerStep)
  store.setState({ training: { id, kind, steps, charactersPerStep, losses: [], points: [], status: 'running' } })
  const versions = await host.versions()
  await jobs.start(`Training ${id}`, async ({ signal, progress }) => {
    const worker = startWorker('training')
    signal.addEventListener('abort', () => void worker.api.stop())
    let writing: Promise<void> = Promise.resolve()
    const losses: (readonly [characters: number, loss: number])[] = []
    let drawn = Number.NEGATIVE_INFINITY
    const write = async (files: readonly TrainingFile[]) => {
      for (const { name, content } of files) await host.writeOwnFile(id, name, content)
    }
    // What was written before stays, and the next time may succeed.
    const warn = (error: unknown) => notify(`What ${id} has learnt so far was not kept: ${messageOf(error)}`)
    const onEvent = (event: TrainingEvent) => {
      if (event.kind === 'step') {
        progress(event.step / event.steps, `step ${event.step} of ${event.steps}, loss ${event.loss.toFixed(3)}`)
        losses.push([event.step * charactersPerStep, event.loss])
        if (performance.now() - drawn < millisecondsBetweenDraws) return
        drawn = performance.now()
        show({ losses: [...losses] })
      } else if (event.kind === 'validation') {
        show({ points: [...(store.getState().training?.points ?? []), event.point] })
      } else writing = writing.then(() => write(event.files)).catch(warn)
    }
    progress(0, 'writing its text')
    try {
      const { threads } = store.getState().engine ?? { threads: 1 }
      const request = { plan, threads, ...begun, machine: navigator.userAgent, versions }
      const { files, finished } = await worker.api.train(request, proxy(onEvent))
      await writing
      await keepTraining(host, id, { files, finished })
      if (files.length === 0) store.setState({ training: undefined })
      show({ losses, status: finished ? 'finished' : 'stopped' })
      if (finished) notify(`${id} is trained: it can be compared like any other model.`)
    } catch (error) {
      show({ losses, status: 'failed' })
      throw error
    } finally {
      worker.end()
      await refreshOwnModels(app)
    }
  })
}

/** Reads anew what was trained here. */
export async function refreshOwnModels(app: App): Promise<void> {
  app.store.setState({ library: await readLibrary(app.host) })
  await refreshRuns(app)
}

/** Reads anew which trainings can go on, and which have kept checkpoints. */
export async function refreshRuns({ host, store }: App): Promise<void> {
  const own = await host.ownModels().catch(() => [])
  const idsOf = (runs: typeof own) => runs.map(({ id }) => id)
  store.setState({
    unfinished: idsOf(own.filter(({ files }) => files.includes('run.safetensors') && !files.includes('training.json'))),
    checkpointed: idsOf(own.filter(({ files }) => files.includes('checkpoints.safetensors')))
  })
}

/** `my-moe-159k-1`: a name that tells the kind and the size, and that nothing has yet. */
function freshName({ architecture }: TrainingPlan, taken: readonly string[]): string {
  const kind = moeLayers(architecture).length > 0 ? 'moe' : 'dense'
  const stem = `my-${kind}-${Math.round(countParameters(architecture).total / 1000)}k`
  let number = 1
  while (taken.includes(`${stem}-${number}`)) number++
  return `${stem}-${number}`
}
