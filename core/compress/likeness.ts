/** Which layers and experts of a model do nearly the same. */
import { moeLayers } from '../arch/architecture'
import { blockInfluence, linearCka } from '../evaluate/similarity'
import { floats } from '../runtime/backend'
import type { Calibration } from './calibration'
import { groupsByLogits, groupsByOutputs } from './expert-groups'
import { expertLikeness } from './merge'
import { observe, residualStreams, streamName } from './observation'
import type { StoredModel } from './stored-model'

export interface Likeness {
  /**
   * Linear CKA of the residual stream between layers, the mean over batches of the text: before the first layer, and after
   * each of them, `[layers + 1, layers + 1]`.
   */
  readonly cka: readonly (readonly number[])[]
  /** Block influence of each layer. */
  readonly influence: readonly number[]
  /** Of each MoE layer. */
  readonly experts: readonly ExpertLikeness[]
}

export interface ExpertLikeness {
  readonly layer: number
  /** Tokens that chose each expert. */
  readonly tokens: readonly number[]
  /** Cosine of the router logits of each two experts over all tokens, `[experts, experts]`. */
  readonly cosine: readonly (readonly number[])[]
  /** Distance of the mean outputs of each two experts over the mean norm of these, `[experts, experts]`. */
  readonly distance: readonly (readonly number[])[]
  /** The experts that would become one, where so many are left. */
  readonly groups: { readonly logits: readonly (readonly number[])[]; readonly outputs: readonly (readonly number[])[] }
}

/** Reads the calibration text twice: once for the layers, once for the experts. @param keep groups of experts a layer */
export async function likenessOf(model: StoredModel, calibration: Calibration, keep: number): Promise<Likeness> {
  const layers = await layerLikeness(model, calibration)
  if (moeLayers(model.architecture).length === 0) return { ...layers, experts: [] }
  const found = await expertLikeness(model, calibration)
  return {
    ...layers,
    experts: Array.from(found, ([layer, { tokens, gram, outputs }]): ExpertLikeness => {
      const { length } = tokens
      const kept = Math.min(keep, length)
      const width = outputs.length / length
      const at = (table: Float64Array, i: number) => table[i] ?? Number.NaN
      const product = (a: number, b: number) =>
        outputs
          .subarray(a * width, (a + 1) * width)
          .reduce((sum, each, i) => sum + each * at(outputs, b * width + i), 0)
      const norm = tokens.reduce((sum, _, expert) => sum + Math.sqrt(product(expert, expert)) / length, 0)
      return {
        layer,
        tokens: [...tokens],
        cosine: square(
          length,
          (a, b) => at(gram, a * length + b) / Math.sqrt(at(gram, a * length + a) * at(gram, b * length + b))
        ),
        distance: square(
          length,
          (a, b) => Math.sqrt(Math.max(0, product(a, a) + product(b, b) - 2 * product(a, b))) / norm
        ),
        groups: { logits: groupsByLogits(tokens, gram, kept), outputs: groupsByOutputs(tokens, outputs, kept) }
      }
    })
  }
}

async function layerLikeness(
  model: StoredModel,
  calibration: Calibration
): Promise<Pick<Likeness, 'cka' | 'influence'>> {
  const { width, layers } = model.architecture
  const places = layers.length + 1
  const sums = square(places, () => 0)
  const influence = layers.map(() => 0)
  let batches = 0
  await observe(model, calibration, residualStreams, (outputs) => {
    batches++
    const streams = Array.from({ length: places }, (_, i) => floats(outputs, streamName(i)))
    for (const [a, x] of streams.entries()) {
      const row = sums[a]
      for (const [b, y] of streams.entries()) {
        if (row && b >= a) row[b] = (row[b] ?? 0) + linearCka(x, y, x.length / width)
      }
      const next = streams[a + 1]
      if (next) influence[a] = (influence[a] ?? 0) + blockInfluence(x, next, width)
    }
  })
  const meanOf = (a: number, b: number) => (sums[Math.min(a, b)]?.[Math.max(a, b)] ?? Number.NaN) / batches
  return { cka: square(places, meanOf), influence: influence.map((each) => each / batches) }
}

function square(size: number, value: (row: number, column: number) => number): number[][] {
  return Array.from({ length: size }, (_, row) => Array.from({ length: size }, (__, column) => value(row, column)))
}
