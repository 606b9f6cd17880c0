/** Arrays of chosen experts, which follow each other in parts: their common form, and reading over and in them. */
import { type FiledTensor, tensorRows } from '../../formats/filed-tensor'
import { FormatError } from '../../formats/format-error'
import { dtypeBytes, float32Of, integersOf, type StoredTensor } from '../../formats/tensor-data'
import { giveWay } from '../../give-way'
import { type ReadOptions, throwIfStopped } from './importer'
import { checkCount, mostLayers, mostTopK } from './limits'

/** The experts of some tokens that follow each other. */
export interface ExpertIdsPart {
  /** Integers `[tokens, layers, k]`, or `[layers, tokens, k]` where `layersFirst`; -1 for no expert. */
  readonly ids: FiledTensor
  readonly layersFirst?: boolean | undefined
  /** `[tokens, k]` of each layer, where layers lie apart in the file; `ids` then tells their form, layers first. */
  readonly byLayer?: readonly FiledTensor[] | undefined
  /** Of the axes of `ids`; none where layers lie apart. */
  readonly weights?: FiledTensor | undefined
}

/** The shape that all parts share, and the start of each. */
export interface Form {
  readonly layers: number
  /** Experts of each row in the file. */
  readonly topK: number
  /** The start of each part, and the end of the last: `[parts + 1]`. */
  readonly begins: readonly number[]
  readonly tokenCount: number
}

/** Throws a `FormatError` that names the array when a part has other axes, or other sizes than the first. */
export function formOf(parts: readonly ExpertIdsPart[]): Form {
  const [first] = parts
  if (!first) throw new FormatError('no array of experts')
  const axes = ({ layersFirst }: ExpertIdsPart) => (layersFirst ? '[layers, tokens, top_k]' : '[tokens, layers, top_k]')
  const sizes = (part: ExpertIdsPart) => {
    const { name, shape } = part.ids
    const [a, b, topK] = shape
    if (shape.length !== 3 || a === undefined || b === undefined || topK === undefined) {
      throw new FormatError(`'${name}': expected the axes ${axes(part)}, found shape [${shape.join(', ')}]`)
    }
    return part.layersFirst ? { layers: a, tokens: b, topK } : { layers: b, tokens: a, topK }
  }
  const { layers, topK } = sizes(first)
  checkCount(layers, mostLayers, `'${first.ids.name}': layers`)
  checkCount(topK, mostTopK, `'${first.ids.name}': top_k`)
  const begins = [0]
  for (const part of parts) {
    const found = sizes(part)
    if (found.layers !== layers || found.topK !== topK) {
      throw new FormatError(
        `'${part.ids.name}': shape [${part.ids.shape.join(', ')}] contradicts '${first.ids.name}', which has ` +
          `${layers} layers and top_k ${topK}`
      )
    }
    begins.push((begins.at(-1) ?? 0) + found.tokens)
  }
  return { layers, topK, begins, tokenCount: begins.at(-1) ?? 0 }
}

export interface Scan {
  /** -1 where there is no expert at all. */
  readonly highest: number
  /** True where a layer has any expert, and any but expert 0: `[layers]`. */
  readonly any: Uint8Array
  readonly other: Uint8Array
  /** Experts that some row has, at most. */
  readonly topK: number
}

/** The types that ids can have. */
interface ScannedIds {
  /** Ids are less than it. */
  readonly idCount: number
  /** The expert that an id of a layer stands for, where they differ. */
  readonly expertOf: ((layer: number, id: number) => number) | undefined
  /** Ids that come twice in a row are no ids of experts. */
  readonly distinct: boolean
}

const stretchBytes = 4 * 1024 * 1024

/**
 * Reads over all ids once. Rejects with a `FormatError` that names the array and the place of what is no expert, and
 * where there is no expert at all.
 *
 */
export async function scanIds(
  parts: readonly ExpertIdsPart[],
  form: Form,
  { idCount, expertOf, distinct }: ScannedIds,
  options: ReadOptions
): Promise<Scan> {
  const { layers, topK, tokenCount } = form
  const any = new Uint8Array(layers)
  const other = new Uint8Array(layers)
  // The row in which each id was seen last, of all rows.
  const lastRows = new Float64Array(idCount).fill(-1)
  let rows = 0
  let highest = -1
  let used = 0
  for (const [index, part] of parts.entries()) {
    const begin = form.begins[index] ?? 0
    const count = (form.begins[index + 1] ?? 0) - begin
    const stretch = stretchOf(form, part)
    for (let from = 0; from < count; from += stretch) {
      const to = Math.min(from + stretch, count)
      const ids = await idsOf(part, form, from, to)
      for (let i = 0; i < ids.length; i++) {
        const id = ids[i] ?? 0
        if (id === -1) continue
        const layer = Math.floor(i / topK) % layers
        if (!(id >= 0 && id < idCount)) {
          const place = [from + Math.floor(i / (layers * topK)), layer, i % topK]
          throw new FormatError(
            `'${part.ids.name}': ${id} at token ${place[0]}, layer ${place[1]}, rank ${place[2]}: expected an expert ` +
              `from 0 to ${idCount - 1}, or -1 for none`
          )
        }
        const expert = expertOf ? expertOf(layer, id) : id
        const row = Math.floor(i / topK)
        // Zeros stand for a layer without a router.
        if (id !== 0 && distinct && lastRows[id] === rows + row) throw repeated(part, [from + row / layers, layer], id)
        lastRows[id] = rows + row
        if (expert > highest) highest = expert
        if (i % topK >= used) used = (i % topK) + 1
        any[layer] = 1
        if (id !== 0) other[layer] = 1
      }
      rows += ids.length / topK
      options.progress?.(begin + to, tokenCount)
      if (to < count) {
        await giveWay()
        throwIfStopped(options)
      }
    }
  }
  if (used === 0 && tokenCount > 0) {
    throw new FormatError(`'${parts[0]?.ids.name}': every value is -1: no expert at all`)
  }
  return { highest, any, other, topK: used === 0 ? topK : used }
}

function repeated({ ids }: ExpertIdsPart, [token = 0, layer = 0]: readonly number[], id: number): FormatError {
  return new FormatError(
    `'${ids.name}': ${id} comes twice at token ${Math.floor(token)}, layer ${layer}, and a token is sent to an expert ` +
      'once: these are no chosen experts, or their axes (layers, top-k) are others'
  )
}

function stretchOf({ layers, topK }: Form, { ids }: ExpertIdsPart): number {
  return Math.max(1, Math.floor(stretchBytes / (layers * topK * dtypeBytes[ids.dtype])))
}

/** Layers that any token was routed in; all where there are no tokens. */
export function keptLayers(form: Form, { any }: Scan): number[] {
  const all = Array.from({ length: form.layers }, (_, layer) => layer)
  return form.tokenCount > 0 ? all.filter((layer) => any[layer]) : all
}

/** Ids as the file has them, of tokens of one part: `[tokens, layers, k]`. */
export function idsOf(part: ExpertIdsPart, form: Form, from: number, to: number): Promise<ArrayLike<number>> {
  return valuesOf(part.ids, part, integersOf, form, from, to)
}

/** Weights of the chosen experts of one part, `[tokens, layers, k]`; undefined where it has none. */
export async function weightsOf(
  { weights, layersFirst }: ExpertIdsPart,
  form: Form,
  from: number,
  to: number
): Promise<ArrayLike<number> | undefined> {
  return weights && valuesOf(weights, { layersFirst }, float32Of, form, from, to)
}

async function valuesOf(
  array: FiledTensor,
  { layersFirst, byLayer }: Pick<ExpertIdsPart, 'layersFirst' | 'byLayer'>,
  valuesIn: (stored: StoredTensor, name: string) => ArrayLike<number>,
  { layers, topK }: Form,
  from: number,
  to: number
): Promise<ArrayLike<number>> {
  if (!layersFirst) return valuesIn(await tensorRows(array, from, to), array.name)
  const tokens = array.shape[1] ?? 0
  const bytes = topK * dtypeBytes[array.dtype]
  const found = new Float64Array((to - from) * layers * topK)
  for (let layer = 0; layer < layers; layer++) {
    const begin = array.begin + layer * tokens * bytes
    const rows = byLayer?.[layer] ?? { ...array, shape: [tokens, topK], begin, end: begin + tokens * bytes }
    const values = valuesIn(await tensorRows(rows, from, to), array.name)
    for (let i = 0; i < values.length; i++) {
      found[(Math.floor(i / topK) * layers + layer) * topK + (i % topK)] = values[i] ?? 0
    }
  }
  return found
}

/** The last part that begins at or before a token. */
export function partAt({ begins }: Form, token: number): number {
  let [low, high] = [0, begins.length - 2]
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if ((begins[middle] ?? 0) <= token) low = middle
    else high = middle - 1
  }
  return low
}
