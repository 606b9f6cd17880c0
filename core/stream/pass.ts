/**
 * A model that need not fit into memory reads tokens once, layer by layer: attention and router of a layer, then of its
 * experts only those that were chosen, one after the other, each read from its file and multiplied; then the next layer.
 */
import type { Architecture, Layer } from '../arch/architecture'
import { FormatError } from '../formats/format-error'
import { giveWay, type Turn } from '../give-way'
import { routerOf } from '../routers'
import type { Backend, HostTensor, HostTensors } from '../runtime/backend'
import { float32, floats, int32, int64 } from '../runtime/backend'
import type { FiledWeights } from './filed-weights'
import {
  headGraph,
  type LoadedGraph,
  layerGraph,
  loadGraph,
  type NetworkRole,
  networkGraph,
  networkParts
} from './graphs'
import { LogSums } from './log-sums'

/** Decisions of a layer's router, a row for each token of each window. */
export interface LayerDecisions {
  /** Best first, -1 for an empty place: `[rows, places]`. */
  readonly experts: Float32Array
  /** `[rows, places]` */
  readonly gates: Float32Array
  /** `[rows, experts]` */
  readonly logits: Float32Array
}

/** The end of a pass. */
export interface Predictions {
  /** `-log p(target)` of each row; not a number for a row without a target. */
  readonly nats: Float64Array
  /** `[rows, vocabulary]` */
  readonly logits: Float32Array | undefined
}

/** One pass over sequences that lie one after the other, in rows. */
export interface StreamedPass {
  /** The embedded tokens, `[rows, d]`. */
  embed(): Promise<Float32Array>
  /**
   * Takes the residual stream of all rows through a layer, in place. Resolves to the decisions of its router; to
   * undefined for a dense layer. Rejects with a `FormatError` when the files are damaged or weights are no numbers.
   * @param onProgress hears the part of the layer that is done, from 0 to 1
   */
  layer(layer: number, hidden: Float32Array, onProgress: (done: number) => void): Promise<LayerDecisions | undefined>
  /**
   * The model's predictions after each row.
   * @param targets the token that followed each row, -1 for none
   * @param keepsLogits whether all logits are wanted, which take `rows * vocabulary` floats
   */
  head(hidden: Float32Array, targets: Int32Array, keepsLogits: boolean): Promise<Predictions>
  release(): Promise<void>
}

export interface StreamOptions {
  /** Ids of each sequence's tokens. */
  readonly sequences: readonly Int32Array[]
  /** Awaited after each expert. */
  readonly turn?: Turn
}

/** Rows that one expert computes at once, and that the head does: more would only take memory. */
const mostRows = 1024

/** Tokens of the vocabulary whose logits are computed at once. */
const vocabularyChunk = 4096

/** A pass of a model over sequences, none of which is longer than its context. */
export function streamedPass(
  backend: Backend,
  model: Architecture,
  weights: FiledWeights,
  { sequences, turn = giveWay }: StreamOptions
): StreamedPass {
  const { width, vocabularySize, multipliers } = model
  const residual = multipliers?.residual ?? 1
  const architecture = shortened(model, Math.max(...sequences.map(({ length }) => length)))
  const starts = sequences.map((_, i) => sequences.slice(0, i).reduce((sum, { length }) => sum + length, 0))
  const tokens = Int32Array.from(sequences.flatMap((each) => [...each]))
  const rows = tokens.length
  const graphs = new Map<string, Promise<LoadedGraph>>()
  const graph = (key: string, build: () => Parameters<typeof loadGraph>[1]) => {
    const found = graphs.get(key) ?? loadGraph(backend, build())
    graphs.set(key, found)
    return found
  }
  const rowsOf = (data: Float32Array, from: number, to: number) =>
    float32(data.subarray(from * width, to * width), [to - from, width])

  async function attend(layer: number, hidden: Float32Array): Promise<Attended> {
    const shape = shapeOf(layer)
    const { inputs, run } = await graph(layerKey(layer, shape), () => layerGraph(architecture, layer))
    const own = await inputsOf(inputs, layer)
    const parts: Readonly<Record<string, HostTensor>>[] = []
    for (const [i, sequence] of sequences.entries()) {
      const from = starts[i] ?? 0
      const positions = int64([...sequence.keys()], [1, sequence.length])
      const x = rowsOf(hidden, from, from + sequence.length)
      const part = await run({ ...own, x, tokens: int32(sequence), positions })
      hidden.set(floats(part, 'attended'), from * width)
      parts.push(part)
      await turn()
    }
    const column = (name: string) => joined(parts.map((part) => floats(part, name)))
    const has = (name: string) => parts[0]?.[name] !== undefined
    return {
      normed: column('normed'),
      decisions: has('logits')
        ? { experts: column('experts'), gates: column('gates'), logits: column('logits') }
        : undefined,
      sharedGate: has('shared') ? column('shared') : undefined
    }
  }

  /** The weights that a layer's graph asks for. */
  async function inputsOf(names: ReadonlySet<string>, layer: number): Promise<HostTensors> {
    const own: Record<string, HostTensor> = {}
    for (const part of names) {
      if (!given.has(part)) own[part] = await weights.read({ part: part as never, layer })
    }
    return own
  }

  /** Adds what a feed-forward gives for some of the rows, each times its gate. */
  async function add(
    hidden: Float32Array,
    normed: Float32Array,
    { layer, role, parameters, expert, chosen }: Feed
  ): Promise<void> {
    const { run } = await graph(`${role} ${JSON.stringify(shapeOf(layer).feedForward)}`, () =>
      networkGraph(architecture, layer, role)
    )
    for (let begin = 0; begin < chosen.length; begin += mostRows) {
      const part = chosen.slice(begin, begin + mostRows)
      const x = new Float32Array(part.length * width)
      for (const [i, { row }] of part.entries()) x.set(normed.subarray(row * width, (row + 1) * width), i * width)
      const y = floats(await run({ ...parameters, x: float32(x, [part.length, width]) }), 'y')
      requireNumbers(y, layer, expert)
      for (const [i, { row, gate }] of part.entries()) {
        const by = gate * residual
        for (let j = 0; j < width; j++) {
          hidden[row * width + j] = (hidden[row * width + j] ?? 0) + by * (y[i * width + j] ?? 0)
        }
      }
    }
  }

  function shapeOf(layer: number): Layer {
    const shape = architecture.layers[layer]
    if (!shape) throw new RangeError(`the model has no layer ${layer}`)
    return shape
  }

  /** Layers of the same shape have the same graph, unless the router draws numbers for each. */
  function layerKey(layer: number, { attention, feedForward }: Layer): string {
    if (feedForward.kind === 'dense') return JSON.stringify(attention)
    const own = routerOf(feedForward, width).noise ? layer : ''
    return JSON.stringify([attention, feedForward, own])
  }

  const readNetwork = async (layer: number, role: NetworkRole, expert?: number) => {
    const read: Record<string, HostTensor> = {}
    for (const part of networkParts(shapeOf(layer).feedForward, role))
      read[part] = await weights.read({ part, layer, expert })
    return read
  }

  return {
    embed: async () => {
      const embedded = new Float32Array(rows * width)
      const places = new Map<number, number[]>()
      for (const [row, token] of tokens.entries()) places.set(token, [...(places.get(token) ?? []), row])
      for (const [token, at] of [...places].sort(([a], [b]) => a - b)) {
        const values = (await weights.vocabularyRows('embedding', token, token + 1)).data as Float32Array
        const scaled = multipliers ? values.map((each) => each * multipliers.embedding) : values
        for (const row of at) embedded.set(scaled, row * width)
      }
      return embedded
    },
    layer: async (layer, hidden, onProgress) => {
      const { normed, decisions, sharedGate } = await attend(layer, hidden)
      const all = Array.from({ length: rows }, (_, row) => ({ row, gate: sharedGate?.[row] ?? 1 }))
      const { feedForward } = shapeOf(layer)
      if (!decisions || feedForward.kind === 'dense') {
        await add(hidden, normed, { layer, role: '', parameters: await readNetwork(layer, ''), chosen: all })
        onProgress(1)
        return undefined
      }
      const chosen = rowsByExpert(decisions, feedForward.experts, rows)
      const used = [...chosen.keys()].filter((expert) => (chosen[expert]?.length ?? 0) > 0)
      const [first] = used
      let next = first === undefined ? undefined : readNetwork(layer, 'expert_', first)
      for (const [i, expert] of used.entries()) {
        const parameters = (await next) ?? {}
        const following = used[i + 1]
        // The next one is read while this one computes.
        next = following === undefined ? undefined : readNetwork(layer, 'expert_', following)
        next?.catch(() => undefined)
        await add(hidden, normed, { layer, role: 'expert_', parameters, expert, chosen: chosen[expert] ?? [] })
        onProgress((i + 1) / used.length)
        await turn()
      }
      if (feedForward.sharedWidth > 0) {
        await add(hidden, normed, {
          layer,
          role: 'shared_',
          parameters: await readNetwork(layer, 'shared_'),
          chosen: all
        })
      }
      return decisions
    },
    head: async (hidden, targets, keepsLogits) => {
      const { run } = await graph('head', () => headGraph(architecture))
      const final_norm = await weights.read({ part: 'final_norm' })
      const logits = keepsLogits ? new Float32Array(rows * vocabularySize) : undefined
      const sums = new LogSums(rows, targets)
      for (let token = 0; token < vocabularySize; token += vocabularyChunk) {
        const end = Math.min(token + vocabularyChunk, vocabularySize)
        const output = await weights.vocabularyRows(architecture.tiedEmbeddings ? 'embedding' : 'output', token, end)
        for (let row = 0; row < rows; row += mostRows) {
          const last = Math.min(row + mostRows, rows)
          const part = floats(await run({ final_norm, output, x: rowsOf(hidden, row, last) }), 'logits')
          for (let each = row; each < last; each++) {
            const own = part.subarray((each - row) * (end - token), (each - row + 1) * (end - token))
            logits?.set(own, each * vocabularySize + token)
            sums.add(each, token, own)
          }
        }
        await turn()
      }
      return { nats: sums.nats(), logits }
    },
    release: async () => {
      for (const each of graphs.values()) await (await each).release()
      graphs.clear()
    }
  }
}

/** Inputs of a layer's graph that are no weights. */
const given: ReadonlySet<string> = new Set(['x', 'tokens', 'positions'])

interface Attended {
  readonly normed: Float32Array
  readonly decisions: LayerDecisions | undefined
  readonly sharedGate: Float32Array | undefined
}

interface Feed {
  readonly layer: number
  readonly role: NetworkRole
  readonly parameters: HostTensors
  readonly expert?: number
  readonly chosen: readonly { readonly row: number; readonly gate: number }[]
}

/** Rotary positions are tables as long as the context: none is longer than what is read, unless chance depends on it. */
function shortened(architecture: Architecture, longest: number): Architecture {
  const isDrawn = architecture.layers.some(
    ({ feedForward }) => feedForward.kind === 'moe' && routerOf(feedForward, architecture.width).noise !== undefined
  )
  return isDrawn ? architecture : { ...architecture, context: Math.min(architecture.context, longest) }
}

/** The rows that each expert was chosen for, and its gates there. */
function rowsByExpert(
  { experts, gates }: LayerDecisions,
  count: number,
  rows: number
): { row: number; gate: number }[][] {
  const chosen: { row: number; gate: number }[][] = Array.from({ length: count }, () => [])
  const places = experts.length / rows
  for (const [i, expert] of experts.entries()) {
    if (expert >= 0) chosen[expert]?.push({ row: Math.floor(i / places), gate: gates[i] ?? 0 })
  }
  return chosen
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const [only] = parts
  if (parts.length === 1 && only) return only
  const all = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}

/** Throws a `FormatError` where weights, and so what they give, are no numbers. */
function requireNumbers(y: Float32Array, layer: number, expert: number | undefined): void {
  if (y.every(Number.isFinite)) return
  const where = expert === undefined ? `layer ${layer}` : `expert ${expert} of layer ${layer}`
  throw new FormatError(`${where} gives values that are no numbers: its weights are damaged, or its training diverged`)
}
