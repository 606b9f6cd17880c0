/** Which parts of a model stand a transform least: each is changed alone, and everything else stays as it was. */

import type { Architecture } from '../arch/architecture'
import { moeLayers, moeShape } from '../arch/architecture'
import type { ChangedLoss, MeasuredLoss } from '../evaluate/paired-losses'
import { type CorpusModel, validationText } from '../evaluate/validation-text'
import { giveWay, type Turn } from '../give-way'
import { parameterLayout } from '../model/parameters'
import type { Backend } from '../runtime/backend'
import { createCalibration } from './calibration'
import { compress, type TransformSpec } from './index'
import { createLossMeter } from './loss-meter'
import { partOf } from './part-of'
import { type OpenedModel, type StoredModel, storedModelOf } from './stored-model'

/** A layer, or one of its experts. */
export interface ModelPart {
  readonly layer: number
  readonly expert?: number
}

/** The loss of a model of which one part alone is changed. */
export type PartLoss = ModelPart & ChangedLoss

export interface Sensitivity {
  /** The model as it was. */
  readonly before: MeasuredLoss
  /** In the order of `partsOf`. */
  readonly parts: readonly PartLoss[]
}

export interface SensitivityOptions {
  /** Applied to one part at a time; null takes the part out. */
  readonly transform: TransformSpec | null
  /** Of validation text. */
  readonly characters: number
  /** Characters of training text that the transform may look at. */
  readonly calibration: number
  readonly seed: number
  /** Measured before: the first parts. */
  readonly known?: readonly PartLoss[]
  readonly turn?: Turn
  /** After the model as it was, and after each part, with all so far. */
  readonly onPart?: (part: Sensitivity) => void
}

/** Every layer, and then every expert. Layers that share their weights are one. */
export function partsOf(architecture: Architecture): ModelPart[] {
  const layers = architecture.sharedLayers ? [0] : [...architecture.layers.keys()]
  const experts = moeLayers(architecture).filter((layer) => layers.includes(layer))
  return [
    ...layers.map((layer) => ({ layer })),
    ...experts.flatMap((layer) =>
      Array.from({ length: moeShape(architecture, layer).experts }, (_, expert) => ({ layer, expert }))
    )
  ]
}

/**
 * Measures a model with one part after the other changed. Rejects with a `RangeError` for a transform that changes the
 * shape of the model, which leaves no part as it was, and as `Transform.apply`.
 */
export async function measureSensitivity(
  backend: Backend,
  model: CorpusModel & OpenedModel,
  { transform, characters, calibration, seed, known = [], turn = giveWay, onPart }: SensitivityOptions
): Promise<Sensitivity> {
  const whole = storedModelOf(model)
  const meter = await createLossMeter(backend, model, validationText(model, characters), { turn })
  const compressed =
    transform &&
    (await compress(whole, [transform], createCalibration(backend, model, { characters: calibration, seed, turn })))
  const parts = [...known]
  const result = (): Sensitivity => ({
    before: { loss: meter.before.loss, tokens: meter.before.tokens },
    parts: [...parts]
  })
  onPart?.(result())
  for (const part of partsOf(model.architecture).slice(known.length)) {
    await turn()
    const { domains: _domains, ...change } = await changeOf(part)
    parts.push({ ...part, ...change })
    onPart?.(result())
  }
  return result()

  function changeOf(part: ModelPart) {
    if (compressed) return meter.changeOf(withPart(whole, compressed, part))
    if (part.expert !== undefined)
      return meter.changeOf(whole, [{ kind: 'mask', layer: part.layer, experts: [part.expert] }])
    return meter.changeOf(withoutLayer(whole, part.layer))
  }
}

/** A model of which this part alone is as another one has it. Throws a `RangeError` where the two differ in shape. */
export function withPart(whole: StoredModel, other: StoredModel, { layer, expert }: ModelPart): StoredModel {
  if (other.parameters.length !== whole.parameters.length) {
    throw new RangeError('the transform takes parts out of the model: choose one that leaves its shape, or none')
  }
  const parameters = whole.parameters.slice()
  for (const parameter of parameterLayout(whole.architecture).parameters) {
    if (parameter.layer !== layer || (expert !== undefined && parameter.expert !== expert)) continue
    const { offset, size } = parameter
    parameters.set(other.parameters.subarray(offset, offset + size), offset)
  }
  return { ...whole, parameters }
}

function withoutLayer(model: StoredModel, layer: number): StoredModel {
  const { layers, sharedLayers } = model.architecture
  if (sharedLayers || layers.length === 1) throw new RangeError('the model has one layer only: nothing would be left')
  return partOf(
    model,
    [...layers.keys()].filter((each) => each !== layer).map((each) => ({ layer: each }))
  )
}
