/** Training a model here, as a job: what it reaches is kept, also when it is stopped or the app is killed. */

import { moeLayers } from '@core/arch/architecture'
import { countParameters } from '@core/arch/count'
import { readSafetensors } from '@core/formats/safetensors'
import type { ValidationPoint } from '@core/formats/training-report'
import { planOf, type TrainingPlan } from '@core/train/fingerprint'
import { proxy } from 'comlink'
import { startWorker } from '../engine/client'
import type { TrainingEvent } from '../engine/training-protocol'
import type { App } from './app'
import { keepTraining } from './kept-training'
import { messageOf, readLibrary } from './library'
import { chosenPlan } from './training-choices'

/** The training that is shown: the one that runs, or the last one. */
export interface ShownTraining {
  readonly id: string
  readonly kind: 'dense' | 'moe'
  readonly steps: number
  readonly charactersPerStep: number
  /** Training loss after each step of this session, in nats per character: `[characters, loss]`. */
  readonly losses: readonly (readonly [characters: number, loss: number])[]
  readonly points: readonly ValidationPoint[]
  readonly status: 'running' | 'stopped' | 'finished' | 'failed'
}

/** Steps may come faster than one can look. */
const millisecondsBetweenDraws = 100

/** Begins the training that is chosen. */
export async function beginTraining(app: App): Promise<void> {
  const plan = chosenPlan(app.store.getState().choices.training)
  const names = (app.store.getState().library?.models ?? []).map(({ id }) => id)
  const unfinished = app.store.getState().unfinished
  await train(app, freshName(plan, [...names, ...unfinished]), plan, undefined)
}

/** Goes on with a training that was stopped. */
export async function continueTraining(app: App, id: string): Promise<void> {
  const saved = await app.host.readOwnFile(id, 'run.safetensors')
  await train(app, id, planOf(readSafetensors(saved).metadata.fingerprint ?? ''), saved)
}

async function train(app: App, id: string, plan: TrainingPlan, saved: Uint8Array | undefined): Promise<void> {
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
    // The one before stays, and the next one may succeed.
    const warn = (error: unknown) => notify(`A checkpoint of ${id} was not kept: ${messageOf(error)}`)
    const onEvent = (event: TrainingEvent) => {
      if (event.kind === 'step') {
        progress(event.step / event.steps, `step ${event.step} of ${event.steps}, loss ${event.loss.toFixed(3)}`)
        losses.push([event.step * charactersPerStep, event.loss])
        if (performance.now() - drawn < millisecondsBetweenDraws) return
        drawn = performance.now()
        show({ losses: [...losses] })
      } else if (event.kind === 'validation') {
        show({ points: [...(store.getState().training?.points ?? []), event.point] })
      } else writing = writing.then(() => host.writeOwnFile(id, 'run.safetensors', event.content)).catch(warn)
    }
    progress(0, 'writing its text')
    try {
      const { threads } = store.getState().engine ?? { threads: 1 }
      const request = { plan, threads, saved, machine: navigator.userAgent, versions }
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
  await refreshUnfinished(app)
}

/** Reads anew which trainings can go on: those that were begun and did not come to their end. */
export async function refreshUnfinished({ host, store }: App): Promise<void> {
  const own = await host.ownModels().catch(() => [])
  const unfinished = own.filter(({ files }) => files.includes('run.safetensors') && !files.includes('training.json'))
  store.setState({ unfinished: unfinished.map(({ id }) => id) })
}

/** `my-moe-159k-1`: a name that tells the kind and the size, and that nothing has yet. */
function freshName({ architecture }: TrainingPlan, taken: readonly string[]): string {
  const kind = moeLayers(architecture).length > 0 ? 'moe' : 'dense'
  const stem = `my-${kind}-${Math.round(countParameters(architecture).total / 1000)}k`
  let number = 1
  while (taken.includes(`${stem}-${number}`)) number++
  return `${stem}-${number}`
}
