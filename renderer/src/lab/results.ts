/** What runs tell and leave, brought into the state. */
import type { Ablation } from '@core/evaluate/ablate'
import type { TrainEvent, TrainSpec } from '@core/lab/kinds/train'
import type { RunRecord } from '@core/lab/run'
import { messageOf } from '@core/reason'
import type { StoreApi } from 'zustand/vanilla'
import type { Host } from '../host/host'
import type { AppState } from '../state/app-state'
import { refreshOwnModels } from './own-models'
import { createTrainingCurves } from './training-curves'

export interface Results {
  /** Takes up what a run tells while it computes. */
  hear(run: RunRecord, event: unknown): void
  /** Takes up what has become of a run that has ended, in whatever way. */
  end(run: RunRecord): void
  /** Forgets what came of a run that is removed. */
  forget(id: string): Promise<void>
}

export function createResults(host: Host, store: StoreApi<AppState>): Results {
  const curves = createTrainingCurves(store)
  const notify = (notice: string) => store.setState({ notice })

  function hearTraining({ id, spec }: RunRecord, event: TrainEvent): void {
    if (event.kind === 'unsaved') notify(`What ${id} has learnt so far was not kept: ${event.reason}`)
    else curves.hear(id, spec as TrainSpec, event)
  }

  return {
    hear: (run, event) => {
      if (run.kind === 'train') hearTraining(run, event as TrainEvent)
      else if (run.kind === 'ablate') {
        store.setState(({ ablations }) => ({ ablations: { ...ablations, [run.id]: event as Ablation } }))
      }
    },
    forget: async (id) => {
      store.setState(
        ({ ablations: { [id]: _, ...ablations }, trainings: { [id]: __, ...trainings }, shownTraining }) => ({
          ablations,
          trainings,
          shownTraining: shownTraining === id ? undefined : shownTraining
        })
      )
      await refreshOwnModels({ host, store })
    },
    end: ({ id, kind, status }) => {
      if (kind !== 'train') return
      curves.end(id)
      if (status === 'finished') notify(`${id} is trained: it can be compared like any other model.`)
      refreshOwnModels({ host, store }).catch((error: unknown) =>
        notify(`The models that were trained here cannot be read: ${messageOf(error)}`)
      )
    }
  }
}
