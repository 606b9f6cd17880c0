import { createCalibration } from '../../compress/calibration'
import { likenessOf } from '../../compress/likeness'
import { storedModelOf } from '../../compress/stored-model'
import { jsonBytes } from '../../formats/json'
import type { RunKind } from '../kind'
import { findingName, type LikenessFinding } from './findings'
import { type LikenessSpec, likenessForm } from './likeness'

/** Reads the calibration text once for the layers and once for the experts; one that was ended begins anew. */
export const likeness: RunKind<LikenessSpec, LikenessFinding> = {
  ...likenessForm,
  run: async ({ model: reference, keep: kept, calibration, seed }, { files, backend, openModel, turn, keep, tell }) => {
    if ((await files.names()).includes(findingName)) return
    const model = await openModel(reference)
    const text = createCalibration(backend, model, { characters: calibration, seed, turn })
    const { cka, influence, experts } = await likenessOf(storedModelOf(model), text, kept)
    const rows = (table: readonly (readonly number[])[]) => table.map((row) => [...row])
    const finding: LikenessFinding = {
      format: 'moescope.likeness/1',
      cka: rows(cka),
      influence: [...influence],
      experts: experts.map(({ layer, tokens, cosine, distance, groups }) => ({
        layer,
        tokens: [...tokens],
        cosine: rows(cosine),
        distance: rows(distance),
        groups: { logits: rows(groups.logits), outputs: rows(groups.outputs) }
      }))
    }
    await keep([{ name: findingName, content: jsonBytes(finding) }])
    tell(finding)
  }
}
