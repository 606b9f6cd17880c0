import { giveWay } from '../../give-way'
import type { OptionalColumn, RoutingRows, Trace } from '../trace'
import type { Selection } from './filter'
import type { Stretch } from './statistic'

export interface PassOptions {
  /** Told after each stretch how many tokens of the trace are done. */
  readonly onProgress?: (done: number, total: number) => void
  /** Ends the pass between two stretches; it rejects with the signal's reason. */
  readonly signal?: AbortSignal
  /** Bytes of the trace that are read at once; 8 MiB unless given. */
  readonly stretchBytes?: number
}

/**
 * What is read at once. Statistics go over it layer by layer, and a layer's counts leave the processor's cache meanwhile:
 * with stretches of 1 MiB co-activation of 256 experts takes twice as long, with larger ones than this no less.
 */
const usualStretchBytes = 8 * 1024 * 1024

/** Of a trace with few layers, so that the arrays with a number for each token stay small, too. */
const mostTokens = 65_536

/**
 * The part of a trace that `selection` takes, in stretches; gives way to messages between them. Stretches without a
 * token are not read, or not given where only their experts tell. `expertIds` of `along` are those of a second trace of
 * the same text, for the same tokens.
 */
export async function* stretches(
  trace: Trace,
  selection: Selection,
  columns: readonly OptionalColumn[] = [],
  options: PassOptions & { readonly along?: Trace | undefined } = {}
): AsyncGenerator<Stretch & { readonly alongIds: Uint16Array }> {
  const { onProgress, signal, along, stretchBytes = usualStretchBytes } = options
  const { tokenCount, topK, experts } = trace
  const widths = { expertIds: topK, expertWeights: topK, routerLogits: experts, alongIds: along?.topK ?? 0 }
  const asked = new Set<string>(columns)
  const perToken =
    2 * (widths.expertIds + widths.alongIds) +
    4 * ((asked.has('expertWeights') ? topK : 0) + (asked.has('routerLogits') ? experts : 0))
  const most = Math.min(mostTokens, Math.max(1, Math.floor(stretchBytes / (perToken * trace.layers.length))))
  const gather = gatherer(selection.layers, trace.layers.length)
  const inOrder = orderOf(trace.sequenceStarts)
  for (let from = 0; from < tokenCount; from += most) {
    signal?.throwIfAborted()
    const to = Math.min(from + most, tokenCount)
    const taken = takenTokens(from, to, selection)
    if (taken.length > 0) {
      const [rows, alongRows] = await Promise.all([trace.rows(from, to, columns), along?.rows(from, to)])
      const tokens = sentTokens(taken, rows, selection, trace.layers.length * topK)
      if (tokens.length > 0) {
        const numbers = (name: 'expertWeights' | 'routerLogits') =>
          gather(name, rows[name] ?? new Float32Array(), tokens, from, rows[name] ? widths[name] : 0)
        yield {
          count: tokens.length,
          tokens,
          order: inOrder(tokens),
          expertIds: gather('expertIds', rows.expertIds, tokens, from, topK),
          expertWeights: numbers('expertWeights'),
          routerLogits: numbers('routerLogits'),
          alongIds: gather('alongIds', alongRows?.expertIds ?? new Uint16Array(), tokens, from, widths.alongIds)
        }
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

function sentTokens(tokens: Uint32Array, rows: RoutingRows, { takesExperts }: Selection, width: number): Uint32Array {
  return tokens.filter((token) => takesExperts(rows.expertIds, (token - rows.from) * width))
}

/** Brings `[tokens, layers, width]` into the order `[layers, tokens, width]`, of the taken tokens and layers only. */
function gatherer(layers: readonly number[], layerCount: number) {
  const kept = new Map<string, Uint16Array | Float32Array>()
  return <T extends Uint16Array | Float32Array>(
    name: string,
    source: T,
    tokens: Uint32Array,
    from: number,
    width: number
  ): T => {
    const size = layers.length * tokens.length * width
    if (size === 0) return source.subarray(0, 0) as T
    let target = kept.get(name) as T | undefined
    if (!target || target.length < size) {
      target = (source instanceof Uint16Array ? new Uint16Array(size) : new Float32Array(size)) as T
      kept.set(name, target)
    }
    if (source instanceof Uint16Array) gatherIds(source, target as Uint16Array, tokens, from, width, layers, layerCount)
    else gatherNumbers(source, target as Float32Array, tokens, from, width, layers, layerCount)
    return target.subarray(0, size) as T
  }
}

// One function for each kind of array: a loop that sees both kinds runs at half the speed.
function gatherIds(
  source: Uint16Array,
  target: Uint16Array,
  tokens: Uint32Array,
  from: number,
  width: number,
  layers: readonly number[],
  layerCount: number
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

function gatherNumbers(
  source: Float32Array,
  target: Float32Array,
  tokens: Uint32Array,
  from: number,
  width: number,
  layers: readonly number[],
  layerCount: number
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
function orderOf(sequenceStarts: Uint32Array): (tokens: Uint32Array) => Uint32Array {
  let next = 0
  let previous = -2
  let number = 0
  return (tokens) =>
    tokens.map((token) => {
      while ((sequenceStarts[next] ?? Number.POSITIVE_INFINITY) < token) next++
      number += token === previous + 1 && sequenceStarts[next] !== token ? 1 : 2
      previous = token
      // From 2 on, so that the number before the first is not the zero of an empty place.
      return number
    })
}
