import { compress, readTransform } from '../../compress'
import { createCalibration } from '../../compress/calibration'
import { storedModelOf } from '../../compress/stored-model'
import { compressedFiles } from '../compressed-files'
import type { RunKind } from '../kind'
import { type CompressModelSpec, compressModelForm } from './compress-model'

/** Makes a model smaller, measures it, and keeps its files. It takes seconds, and one that was ended begins anew. */
export const compressModel: RunKind<CompressModelSpec> = {
  ...compressModelForm,
  run: async ({ model: reference, chain, calibration, seed }, { files, backend, openModel, turn, keep, progress }) => {
    // The weights are the last that is written.
    if ((await files.names()).includes('model.safetensors')) return
    const model = await openModel(reference)
    const text = createCalibration(backend, model, { characters: calibration, seed, turn })
    progress(0, chain.map(({ id }) => id).join(', '))
    const compressed = await compress(storedModelOf(model), chain.map(readTransform), text)
    const written = await compressedFiles(backend, model, compressed, {
      chain,
      reference,
      calibration,
      seed,
      turn,
      onProgress: (done, total) => progress((done + 1) / (total + 2), 'loss')
    })
    await keep(written.toSorted((a, b) => Number(isWeights(a)) - Number(isWeights(b))))
  }
}

function isWeights({ name }: { readonly name: string }): boolean {
  return name === 'model.safetensors'
}
