import { z } from 'zod'
import type { RunForm } from '../kind'
import { modelReferenceSchema } from '../model-reference'
import { stemOf } from '../run-id'
import { calibratedShape, chainSchema } from './compress'

export const compressModelSpecSchema = z.strictObject({
  model: modelReferenceSchema,
  /** Transforms in the order in which they are applied. */
  chain: chainSchema,
  ...calibratedShape
})

export type CompressModelSpec = z.infer<typeof compressModelSpecSchema>

/** A compressed model as a model of its own, measured on all of its validation text. */
export const compressModelForm: RunForm<CompressModelSpec> = {
  kind: 'compress-model',
  spec: compressModelSpecSchema,
  stem: ({ model, chain }) => stemOf([model.id, ...chain.map(shortText)].join(' ')),
  title: ({ model }) => `Keeping a smaller ${model.id}`,
  needs: () => ({ cores: 1 }),
  leavesModel: true
}

/** A transform with its numbers: `rtn 4 32`. */
function shortText({ id, ...settings }: CompressModelSpec['chain'][number]): string {
  return [id, ...Object.values(settings).filter((value) => typeof value === 'number')].join(' ')
}
