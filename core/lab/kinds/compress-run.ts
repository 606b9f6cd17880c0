import { type Compression, measureCompression } from '../../compress/measure'
import { jsonBytes } from '../../formats/json'
import type { RunKind } from '../kind'
import type { CompressSpec, KeptCompression } from './compress'
import { compressForm, compressionName, readCompression } from './compress'

/** Measures what chains of transforms make of a model. Tells all points after each of them, and keeps them. */
export const compress: RunKind<CompressSpec, Compression> = {
  ...compressForm,
  run: async ({ model, chains, characters, calibration, seed }, context) => {
    const { files, backend, turn, keep, progress, tell } = context
    const kept = await files.read(compressionName)
    const before = kept && readCompression(kept)
    if (before?.whole) return
    const known = before?.points ?? []
    const opened = await context.openModel(model)
    let compression: Compression | undefined
    let isKept = true
    const save = async () => {
      if (!compression || isKept) return
      isKept = true
      const whole = compression.points.length === chains.length
      const content: KeptCompression = { format: 'moescope.compression/1', model: model.id, ...compression, whole }
      await keep([{ name: compressionName, content: jsonBytes(content) }])
    }
    try {
      await measureCompression(backend, opened, {
        chains,
        characters,
        calibration,
        seed,
        known,
        turn: async () => {
          await turn()
          await save()
        },
        onPart: (part) => {
          compression = part
          isKept = false
          const done = part.points.length
          const next = chains[done]
          progress((done + 1) / (chains.length + 1), next ? next.map(({ id }) => id).join(', ') : '')
          tell(part)
        }
      })
    } finally {
      await save()
    }
  }
}
