/** Choices of experts in any order, gathered by the text, token and layer that they name, all in memory. */
import { tensorInMemory } from '../../formats/filed-tensor'
import { FormatError } from '../../formats/format-error'
import { storedTensor } from '../../formats/tensor-data'
import type { ExpertIds } from './expert-ids'
import { mostExperts, mostLayers, mostTopK } from './limits'
import { noTokenIds, noWeights } from './notes'

/** An expert that was chosen. */
export interface Choice {
  /** The text, by any name. */
  readonly text: string
  /** Its place in the text; where it is not known, the next one that the layer has not had. */
  readonly token: number | undefined
  readonly layer: number
  /** Best first; where it is not known, the next one that the token has not had in the layer. */
  readonly rank: number | undefined
  /** -1 for none. */
  readonly expert: number
  readonly weight: number | undefined
  readonly tokenId?: number | undefined
}

/** Choices and what is made of them, at most. */
const mostChoices = 2 ** 24
const mostCells = 2 ** 26

export class GatheredChoices {
  private count = 0
  private capacity = 1024
  private tokens = new Int32Array(this.capacity)
  private layersOf = new Uint16Array(this.capacity)
  private ranks = new Uint16Array(this.capacity)
  private experts = new Int32Array(this.capacity)
  private weights = new Float32Array(this.capacity)
  /** Of each text, the index of each of its tokens. */
  private readonly texts = new Map<string, Map<number, number>>()
  private readonly tokenIds: (number | undefined)[] = []
  private tokenCount = 0
  private weighted = true

  /** Throws a `FormatError` that begins with `place` for what no model can have. */
  add(choice: Choice, place: string): void {
    const { text, token, layer, expert, weight } = choice
    const rank = choice.rank ?? (token === undefined ? 0 : counted(this.ranksOf, `${layer} ${token} ${text}`))
    const inRange = (value: number, least: number, most: number) =>
      Number.isInteger(value) && value >= least && value <= most
    const wrong = (field: string, found: number, expected: string) =>
      new FormatError(`${place}: ${field}: expected ${expected}, found ${found}`)
    if (!inRange(layer, 0, mostLayers - 1)) throw wrong('layer', layer, `0 to ${mostLayers - 1}`)
    if (!inRange(rank, 0, mostTopK - 1)) throw wrong('rank', rank, `0 to ${mostTopK - 1}`)
    if (!inRange(expert, -1, mostExperts - 1)) throw wrong('expert', expert, `0 to ${mostExperts - 1}, or -1 for none`)
    if (token !== undefined && !inRange(token, 0, 2 ** 31)) throw wrong('token', token, 'a place in its text')
    if (weight !== undefined && !Number.isFinite(weight)) throw wrong('weight', weight, 'a number')
    if (this.count === mostChoices) throw new FormatError(`${place}: more than ${mostChoices} choices: split the file`)
    if (this.count === this.capacity) this.grow()
    const at = this.count++
    this.tokens[at] = this.indexOf({ ...choice, rank }, place)
    this.layersOf[at] = layer
    this.ranks[at] = rank
    this.experts[at] = expert
    this.weights[at] = weight ?? 0
    if (weight === undefined) this.weighted = false
  }

  /** A trace without its questions. Throws a `FormatError` where there is no choice, or one comes twice. */
  gathered(more: Pick<ExpertIds, 'model' | 'experts'>, notes: readonly string[]): ExpertIds {
    if (this.count === 0) throw new FormatError('no choice of an expert')
    const layers = [...new Set(this.layersOf.subarray(0, this.count))].sort((a, b) => a - b)
    let topK = 0
    for (let i = 0; i < this.count; i++) topK = Math.max(topK, (this.ranks[i] ?? 0) + 1)
    const size = this.tokenCount * layers.length * topK
    if (size > mostCells) {
      throw new FormatError(
        `${this.tokenCount} tokens, ${layers.length} layers and top-${topK} are too many: split the file`
      )
    }
    const { order, starts } = this.order()
    const placeOf = new Map(layers.map((layer, place) => [layer, place]))
    const ids = new Int32Array(size).fill(-1)
    const weights = new Float32Array(this.weighted ? size : 0)
    const filled = new Uint8Array(size)
    for (let i = 0; i < this.count; i++) {
      const token = order[this.tokens[i] ?? 0] ?? 0
      const layer = this.layersOf[i] ?? 0
      const at = (token * layers.length + (placeOf.get(layer) ?? 0)) * topK + (this.ranks[i] ?? 0)
      if (filled[at]) {
        throw new FormatError(
          `token ${token}, layer ${layer}: two experts of rank ${this.ranks[i]}: a column of texts or requests (seq_id, ` +
            'req_id) is missing, or the file holds a token twice'
        )
      }
      filled[at] = 1
      ids[at] = this.experts[i] ?? -1
      if (this.weighted) weights[at] = this.weights[i] ?? 0
    }
    const known = this.tokenIds.every((id) => id !== undefined)
    const tokenIds = new Int32Array(known ? this.tokenCount : 0)
    if (known) for (const [token, id] of this.tokenIds.entries()) tokenIds[order[token] ?? 0] = id ?? 0
    const shape = [this.tokenCount, layers.length, topK]
    return {
      ...more,
      parts: [
        {
          ids: tensorInMemory('experts', storedTensor(ids, shape)),
          weights: this.weighted ? tensorInMemory('weights', storedTensor(weights, shape)) : undefined
        }
      ],
      layers,
      tokenIds: known ? tokenIds : undefined,
      sequenceStarts: starts,
      notes: [...(this.weighted ? [] : [noWeights]), ...(known ? [] : [noTokenIds]), ...notes]
    }
  }

  private indexOf({ text, token, layer, rank, tokenId }: Choice & { readonly rank: number }, place: string): number {
    const tokens = this.texts.get(text) ?? new Map<number, number>()
    this.texts.set(text, tokens)
    const position = token ?? this.nextPlace(text, layer, rank)
    const index = tokens.get(position) ?? this.tokenCount
    if (index === this.tokenCount) {
      tokens.set(position, index)
      this.tokenIds.push(undefined)
      this.tokenCount++
    }
    if (tokenId !== undefined) {
      if (!Number.isInteger(tokenId) || Math.abs(tokenId) >= 2 ** 31) {
        throw new FormatError(`${place}: token_id: expected a whole number of 32 bits, found ${tokenId}`)
      }
      this.tokenIds[index] = tokenId
    }
    return index
  }

  private readonly places = new Map<string, number>()
  private readonly ranksOf = new Map<string, number>()

  /** Counts the tokens of a text that a layer has had. */
  private nextPlace(text: string, layer: number, rank: number): number {
    return counted(this.places, `${layer} ${rank} ${text}`)
  }

  /** The place of each token among all: texts as they came, tokens by their places. */
  private order(): { readonly order: Int32Array; readonly starts: Uint32Array } {
    const order = new Int32Array(this.tokenCount)
    const starts: number[] = []
    let place = 0
    for (const tokens of this.texts.values()) {
      starts.push(place)
      for (const [, index] of [...tokens].sort(([a], [b]) => a - b)) order[index] = place++
    }
    return { order, starts: Uint32Array.from(starts) }
  }

  private grow(): void {
    this.capacity *= 2
    const wider = <T extends Int32Array | Uint16Array | Float32Array>(from: T, to: T): T => {
      to.set(from)
      return to
    }
    this.tokens = wider(this.tokens, new Int32Array(this.capacity))
    this.layersOf = wider(this.layersOf, new Uint16Array(this.capacity))
    this.ranks = wider(this.ranks, new Uint16Array(this.capacity))
    this.experts = wider(this.experts, new Int32Array(this.capacity))
    this.weights = wider(this.weights, new Float32Array(this.capacity))
  }
}

/** Counts the earlier calls with a key. */
function counted(counts: Map<string, number>, key: string): number {
  const count = counts.get(key) ?? 0
  counts.set(key, count + 1)
  return count
}
