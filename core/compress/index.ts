/** Every transform. */
import { z } from 'zod'
import { FormatError } from '../formats/format-error'
import { parsedBy } from '../formats/problems'
import type { Calibration } from './calibration'
import { pruneExperts } from './experts'
import { gptq } from './gptq'
import { dropLayers } from './layers'
import { magnitude } from './magnitude'
import { mergeExperts } from './merge'
import { randomWeights } from './random-weights'
import { roundToNearest } from './rtn'
import type { StoredModel } from './stored-model'
import type { Settings, Transform } from './transform'
import { wanda } from './wanda'

export const transforms: readonly Transform[] = [
  roundToNearest,
  gptq,
  magnitude,
  wanda,
  randomWeights,
  pruneExperts,
  mergeExperts,
  dropLayers
]

/** A transform with its settings, as files and the terminal's JSON have it: `{"id": "rtn", "bits": 4, ...}`. */
export type TransformSpec = { readonly id: string } & Settings

/** Reads a spec; settings that are left out get their defaults. Throws a `FormatError` that names what is not known. */
export function readTransform(spec: z.input<typeof specSchema>): TransformSpec {
  const { id, ...settings } = parsedBy(specSchema, spec, 'transform: ')
  return { id, ...parsedBy(transformOf(id).settings, settings, `${id}: `) }
}

/** Throws a `FormatError` for an id that there is not. */
export function transformOf(id: string): Transform {
  const found = transforms.find((each) => each.id === id)
  if (!found)
    throw new FormatError(`transform '${id}': expected one of ${transforms.map((each) => each.id).join(', ')}`)
  return found
}

/** Applies one transform after the other. Rejects as `Transform.apply`. */
export async function compress(
  model: StoredModel,
  specs: readonly TransformSpec[],
  calibration: Calibration
): Promise<StoredModel> {
  let compressed = model
  for (const { id, ...settings } of specs) {
    await calibration.turn()
    compressed = await transformOf(id).apply(compressed, settings, calibration)
  }
  return compressed
}

const specSchema = z.object({ id: z.string() }).catchall(z.union([z.string(), z.number(), z.boolean()]))
