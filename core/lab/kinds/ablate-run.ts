import type { Ablation } from '../../evaluate/ablate'
import { ablate as measure } from '../../evaluate/ablate'
import { jsonBytes } from '../../formats/json'
import { interventionName } from '../../model/intervention'
import type { RunKind } from '../kind'
import type { AblateSpec, KeptAblation } from './ablate'
import { ablateForm, ablationName, readAblation } from './ablate'

/** Measures the loss of a model with its routers changed in each of several ways. Tells all rows after each of them. */
export const ablate: RunKind<AblateSpec, Ablation> = {
  ...ablateForm,
  run: async ({ model, interventions, characters, seed }, context) => {
    const { files, backend, turn, keep, progress, tell } = context
    const kept = await files.read(ablationName)
    const before = kept && readAblation(kept)
    if (before?.whole) return
    const known = before?.rows ?? []
    const opened = await context.openModel(model)
    let ablation: Ablation | undefined
    let savedAt = performance.now()
    const save = async () => {
      const whole = ablation?.rows.length === interventions.length
      if (ablation) {
        const content: KeptAblation = { format: 'moescope.ablation/1', model: model.id, ...ablation, whole }
        await keep([{ name: ablationName, content: jsonBytes(content) }])
      }
      savedAt = performance.now()
    }
    try {
      await measure(backend, opened, {
        interventions,
        tokens: characters,
        seed,
        known,
        onProgress: (done, total) => {
          const row = ablation?.rows.length ?? known.length
          const present = ablation && interventions[row]
          const parts = known.length + ((interventions.length + 1 - known.length) * done) / total
          progress(parts / (interventions.length + 1), present ? interventionName(present) : 'as it was trained')
        },
        onPart: (part) => {
          ablation = part
          tell(part)
        },
        turn: async () => {
          await turn()
          if (performance.now() - savedAt > millisecondsBetweenSaves) await save()
        }
      })
    } finally {
      await save()
    }
  }
}

const millisecondsBetweenSaves = 2000
