/** Brings what runs tell and leave into the state. */
import type { SpeedPoint } from '@core/bench/speed-against-size'
import type { Compression } from '@core/compress/measure'
import type { Ablation } from '@core/evaluate/ablate'
import { readTrainingReport } from '@core/formats/training-report'
import { ablateForm } from '@core/lab/kinds/ablate'
import { compressForm } from '@core/lab/kinds/compress'
import { speedAgainstSizeForm } from '@core/lab/kinds/speed-against-size'
import { reportName, type TrainEvent, type TrainSpec, trainForm } from '@core/lab/kinds/train'
import type { RunRecord } from '@core/lab/run'
import type { RunStore } from '@core/lab/store'
import { messageOf } from '@core/reason'
import type { StoreApi } from 'zustand/vanilla'
import type { Host } from '../host/host'
import type { AppState } from '../state/app-state'
import { measuredBy } from './measure'
import { refreshOwnModels } from './own-models'
import { createTrainingCurves } from './training-curves'

export interface Results {
  /** Takes up what a run tells while it computes. */
  hear(run: RunRecord, event: unknown): void
  /** Takes up what has become of a run that has ended, in whatever way. */
  end(run: RunRecord): void
  /** Takes up what runs of earlier sessions have measured of this machine. */
  open(runs: readonly RunRecord[]): Promise<void>
  /** Forgets what came of a run that is removed. */
  forget(id: string): Promise<void>
}

export function createResults(host: Host, store: StoreApi<AppState>, runs: Pick<RunStore, 'files'>): Results {
  const curves = createTrainingCurves(store)
  const notify = (notice: string) => store.setState({ notice })

  function hearTraining({ id, spec }: RunRecord, event: TrainEvent): void {
    if (event.kind === 'unsaved') notify(`What ${id} has learnt so far was not kept: ${event.reason}`)
    else curves.hear(id, spec as TrainSpec, event)
  }

  /** The losses of a training that has ended are those of its model, which Compare shows, too. */
  async function endTraining({ id, status }: RunRecord): Promise<void> {
    if (status === 'finished') notify(`${id} is trained: it can be compared like any other model.`)
    curves.end(id)
    const report = status === 'finished' ? await runs.files(id).read(reportName) : undefined
    const shown = store.getState().trainings[id]
    if (report && shown) {
      const points = readTrainingReport(report).curve
      store.setState(({ trainings }) => ({ trainings: { ...trainings, [id]: { ...shown, points } } }))
    }
    await refreshOwnModels({ host, store })
  }

  async function open(records: readonly RunRecord[]): Promise<void> {
    for (const run of records) store.setState(await measuredBy(run, runs.files(run.id)))
  }

  return {
    hear: (run, event) => {
      if (run.kind === trainForm.kind) hearTraining(run, event as TrainEvent)
      else if (run.kind === speedAgainstSizeForm.kind) {
        store.setState(({ speedPoints }) => ({ speedPoints: [...speedPoints, event as SpeedPoint] }))
      } else if (run.kind === ablateForm.kind) {
        store.setState(({ ablations }) => ({ ablations: { ...ablations, [run.id]: event as Ablation } }))
      } else if (run.kind === compressForm.kind) {
        store.setState(({ compressions }) => ({ compressions: { ...compressions, [run.id]: event as Compression } }))
      }
    },
    forget: async (id) => {
      store.setState(({ ablations, compressions, trainings, shownTraining }) => ({
        ablations: without(ablations, id),
        compressions: without(compressions, id),
        trainings: without(trainings, id),
        shownTraining: shownTraining === id ? undefined : shownTraining
      }))
      await refreshOwnModels({ host, store })
    },
    open,
    end: (run) => {
      const taken = run.kind === trainForm.kind ? endTraining(run) : open([run])
      taken.catch((error: unknown) => notify(`What ${run.id} has left cannot be read: ${messageOf(error)}`))
    }
  }
}

/** The same values by their ids, without one of them. */
function without<T>(all: Readonly<Record<string, T>>, id: string): Record<string, T> {
  return Object.fromEntries(Object.entries(all).filter(([each]) => each !== id))
}
