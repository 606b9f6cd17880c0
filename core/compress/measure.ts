import { countParameters } from '../arch/count/count'
import type { ByDomain, ChangedLoss, MeasuredLoss } from '../evaluate/paired-losses'
import { validationText } from '../evaluate/validation-text'
import { giveWay, type Turn } from '../give-way'
import type { RunnableModel } from '../model/runnable-model'
import { reasonOf } from '../reason'
import type { Backend } from '../runtime/backend'
import { createCalibration } from './calibration'
import { compress, readTransform, type TransformSpec } from './index'
import { createLossMeter } from './loss-meter'
import { storedBytes, storedModelOf } from './stored-model'

/** A model as it was, and what came of each chain of transforms. Losses in nats per character, on the same text. */
export interface Compression {
  readonly before: ModelSize & MeasuredLoss & { readonly domains: ByDomain<MeasuredLoss> }
  readonly points: readonly CompressedPoint[]
}

/** Transforms in the order in which they are applied. */
export type Chain = readonly TransformSpec[]

export interface ModelSize {
  /** Of the weights as they are stored. */
  readonly bytes: number
  /** Total parameters. */
  readonly total: number
  /** Active parameters, convention `all`. */
  readonly active: number
}

/** The outcome of one chain. */
export type CompressedPoint = { readonly chain: Chain } & (
  | (ModelSize & ChangedLoss & { readonly domains: ByDomain<ChangedLoss> })
  /** The model does not admit it, for this reason. */
  | { readonly refused: string }
)

export interface MeasureOptions {
  readonly chains: readonly Chain[]
  /** Of validation text. */
  readonly characters: number
  /** Characters of training text that transforms may look at. */
  readonly calibration: number
  /** Of what is drawn at random. */
  readonly seed: number
  /** The points of the first chains, measured before. */
  readonly known?: readonly CompressedPoint[]
  readonly turn?: Turn
  /** After the baseline, and after each point, with all so far. */
  readonly onPart?: (part: Compression) => void
}

/** Measures one chain after the other, each on the model as it was. */
export async function measureCompression(
  backend: Backend,
  model: RunnableModel,
  { chains, characters, calibration, seed, known = [], turn = giveWay, onPart }: MeasureOptions
): Promise<Compression> {
  const whole = storedModelOf(model)
  const meter = await createLossMeter(backend, model, validationText(model, characters), { turn })
  const text = createCalibration(backend, model, { characters: calibration, seed, turn })
  const points = [...known]
  const part = (): Compression => ({ before: { ...sizeOf(whole), ...meter.before }, points: [...points] })
  onPart?.(part())
  for (const chain of chains.slice(known.length)) {
    await turn()
    try {
      const compressed = await compress(whole, chain.map(readTransform), text)
      points.push({ chain, ...sizeOf(compressed), ...(await meter.changeOf(compressed)) })
    } catch (error) {
      // A chain that the model does not admit says nothing of the others.
      if (!(error instanceof RangeError)) throw error
      points.push({ chain, refused: reasonOf(error) })
    }
    onPart?.(part())
  }
  return part()
}

function sizeOf(model: Parameters<typeof storedBytes>[0]): ModelSize {
  const { total, active } = countParameters(model.architecture)
  return { bytes: storedBytes(model), total, active: active.all }
}
