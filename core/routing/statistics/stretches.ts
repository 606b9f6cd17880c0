import { giveWay } from '../../give-way'
import type { Trace } from '../trace'
import type { Selection } from './filter'
import type { RouterColumn, Stretch } from './statistic'

export interface PassOptions {
  /** Told after each stretch how many tokens of the trace are done. */
  readonly onProgress?: (done: number, total: number) => void
  /** Ends the pass between two stretches; it rejects with the signal's reason. */
  readonly signal?: AbortSignal
  /** Bytes of the trace that are read at once; 8 MiB unless given. */
  readonly stretchBytes?: number
}

/** A stretch of a trace and of a second one of the same text. */
export interface StretchAlong extends Stretch {
  /** As `expertIds`, of the second trace; empty where there is none. */
  readonly alongIds: Uint16Array
}

/**
 * Tokens read at once. Statistics go over them layer by layer, and a layer's counts leave the processor's cache
 * meanwhile: with stretches of 1 MiB co-activation of 256 experts takes twice as long, with larger ones than this no
 * less.
 */
const usualStretchBytes = 8 * 1024 * 1024

/** Of a trace with few layers, so that the arrays with a number for each token stay small, too. */
const maxTokens = 65_536

/**
 * The part of a trace that `selection` takes, in stretches; gives way to messages between them. Stretches of which it
 * takes no token are left out, and are not read unless only their experts tell. Of the trace `along`, which has the
 * same shape, the experts of the same tokens are read, too. Rejects as `Trace.rows` does, and with the signal's reason.
 */
export async function* stretches(
  trace: Trace,
  selection: Selection,
  columns: readonly RouterColumn[],
  { onProgress, signal, stretchBytes = usualStretchBytes, along }: PassOptions & { readonly along?: Trace } = {}
): AsyncGenerator<StretchAlong> {
  const { tokenCount, topK, experts } = trace
  const perLayer =
    2 * topK * (along ? 2 : 1) + 4 * columns.reduce((sum, name) => sum + (name === 'expertWeights' ? topK : experts), 0)
  const most = Math.min(maxTokens, Math.max(1, Math.floor(stretchBytes / (perLayer * trace.layers.length))))
  const inOrder = numbering(trace.sequenceStarts)
  const layersOf = { taken: selection.layers, count: trace.layers.length }
  const expertIds = gatherer<Uint16Array>((size) => new Uint16Array(size), topK, layersOf)
  const alongIds = gatherer<Uint16Array>((size) => new Uint16Array(size), topK, layersOf)
  const expertWeights = gatherer<Float32Array>((size) => new Float32Array(size), topK, layersOf)
  const routerLogits = gatherer<Float32Array>((size) => new Float32Array(size), experts, layersOf)
  const read = (from: number) => {
    const to = Math.min(from + most, tokenCount)
    const taken = takenTokens(from, to, selection)
    const rows = taken.length > 0 ? Promise.all([trace.rows(from, to, columns), along?.rows(from, to)]) : undefined
    // A failure is told where the rows are awaited, which may be never.
    rows?.catch(() => undefined)
    return { from, to, taken, rows }
  }
  // The next stretch is read while this one is counted.
  for (let next = tokenCount > 0 ? read(0) : undefined; next; ) {
    signal?.throwIfAborted()
    const { from, to, taken, rows } = next
    const [own, others] = (await rows) ?? []
    next = to < tokenCount ? read(to) : undefined
    const width = trace.layers.length * topK
    const tokens = taken.filter((token) => own && selection.takesExperts(own.expertIds, (token - from) * width))
    if (own && tokens.length > 0) {
      yield {
        count: tokens.length,
        tokens,
        order: inOrder(tokens),
        expertIds: expertIds(own.expertIds, tokens, from),
        alongIds: alongIds(others?.expertIds, tokens, from),
        expertWeights: expertWeights(own.expertWeights, tokens, from),
        routerLogits: routerLogits(own.routerLogits, tokens, from)
      }
    }
    onProgress?.(to, tokenCount)
    await giveWay()
  }
  signal?.throwIfAborted()
}

function takenTokens(from: number, to: number, { takes }: Selection): Uint32Array {
  const taken = new Uint32Array(to - from)
  let count = 0
  for (let token = from; token < to; token++) if (takes(token)) taken[count++] = token
  return taken.subarray(0, count)
}

/**
 * Brings `[tokens, layers, width]`, the first token being `from`, into the order `[layers, tokens, width]`, of the
 * given tokens and the taken layers only. The memory of the result is used again.
 */
function gatherer<T extends Uint16Array | Float32Array>(
  create: (size: number) => T,
  width: number,
  layers: { readonly taken: readonly number[]; readonly count: number }
): (source: T | undefined, tokens: Uint32Array, from: number) => T {
  let target = create(0)
  return (source, tokens, from) => {
    const size = source ? layers.taken.length * tokens.length * width : 0
    if (target.length < size) target = create(size)
    if (source) gather(source, target, width, layers.taken, layers.count, tokens, from)
    return target.subarray(0, size) as T
  }
}

function gather(
  source: Uint16Array | Float32Array,
  target: Uint16Array | Float32Array,
  width: number,
  layers: readonly number[],
  layerCount: number,
  tokens: Uint32Array,
  from: number
): void {
  for (let i = 0; i < tokens.length; i++) {
    const row = ((tokens[i] ?? 0) - from) * layerCount
    for (let layer = 0; layer < layers.length; layer++) {
      let at = (row + (layers[layer] ?? 0)) * width
      let to = (layer * tokens.length + i) * width
      for (const end = at + width; at < end; at++) target[to++] = source[at] ?? 0
    }
  }
}

/** Numbers the tokens of a pass as `Stretch.order` says. */
function numbering(sequenceStarts: Uint32Array): (tokens: Uint32Array) => Uint32Array {
  let next = 0
  let previous = -2
  // The first token is numbered 2, so that the number before it is not the zero of an empty place.
  let number = 0
  return (tokens) =>
    tokens.map((token) => {
      while ((sequenceStarts[next] ?? Number.POSITIVE_INFINITY) < token) next++
      number += token === previous + 1 && sequenceStarts[next] !== token ? 1 : 2
      previous = token
      return number
    })
}
