import { noExpert, type Trace } from '../trace'
import { type RoutingFilter, selectionOf } from './filter'
import { randomOverlap, randomRepeatFirst, randomSameSet } from './random-routing'
import { type PassOptions, type StretchAlong, stretches } from './stretches'

/** Agreement of two traces of the same text; arrays are `[layers]`, NaN where no token is routed in both. */
export interface Agreement {
  /** As places in `trace.layers`. */
  readonly layers: readonly number[]
  readonly tokens: number
  /** Share of the tokens with the same first choice. */
  readonly sameFirst: Float64Array
  /**
   * Mean share of a token's k experts that both traces chose. Where one trace is of a checkpoint and the other of the
   * end of its training, this is router saturation (Muennighoff et al. 2024, "OLMoE", equation 5).
   */
  readonly overlap: Float64Array
  /** Share of the tokens with the same set of experts. */
  readonly sameSet: Float64Array
  /** Random routing: 1/E, k/E and 1 / C(E, k). */
  readonly baselines: { readonly sameFirst: number; readonly overlap: number; readonly sameSet: number }
  /** Caveats about unchecked facts, in sentences for the user. */
  readonly notes: readonly string[]
}

export interface CompareOptions extends PassOptions {
  /** Tokens to compare; a condition on experts is that of the first trace. */
  readonly filter?: RoutingFilter
}

/** Two traces that are not of the same text, or not of routers of the same shape. */
export class IncomparableError extends Error {
  override readonly name = 'IncomparableError'
}

/**
 * Compares two traces of the same text, token by token. A token counts in a layer where both traces have an expert for
 * it. Rejects with an `IncomparableError` that names the first difference when they are not of the same text or shape,
 * and as `measure` does.
 */
export async function compareTraces(a: Trace, b: Trace, options: CompareOptions = {}): Promise<Agreement> {
  const notes = check(a, b)
  const { filter, ...pass } = options
  const { experts, topK } = a
  const selection = selectionOf(a, filter)
  const { layers } = selection
  const sums = () => new Float64Array(layers.length)
  const totals = { firsts: sums(), sameFirst: sums(), routed: sums(), shared: sums(), sameSet: sums() }
  let tokens = 0
  for await (const stretch of stretches(a, selection, [], { ...pass, along: b })) {
    tokens += stretch.count
    compare(stretch, layers.length, topK, experts, totals)
  }
  return {
    layers,
    tokens,
    sameFirst: totals.sameFirst.map((same, layer) => same / (totals.firsts[layer] ?? 0)),
    overlap: totals.shared.map((shared, layer) => shared / topK / (totals.routed[layer] ?? 0)),
    sameSet: totals.sameSet.map((same, layer) => same / (totals.routed[layer] ?? 0)),
    baselines: {
      sameFirst: randomRepeatFirst(experts),
      overlap: randomOverlap(experts, topK),
      sameSet: randomSameSet(experts, topK)
    },
    notes
  }
}

type Totals = Readonly<Record<'firsts' | 'sameFirst' | 'routed' | 'shared' | 'sameSet', Float64Array>>

function compare(
  { count, expertIds, alongIds }: StretchAlong,
  layers: number,
  topK: number,
  experts: number,
  totals: Totals
): void {
  /** The row, counted from 1, that last had an expert. */
  const last = new Uint32Array(experts)
  for (let layer = 0; layer < layers; layer++) {
    let [firsts, sameFirst, routed, shared, sameSet] = [0, 0, 0, 0, 0]
    for (let row = layer * count; row < (layer + 1) * count; row++) {
      const start = row * topK
      const [bestOfA, bestOfB] = [expertIds[start] ?? noExpert, alongIds[start] ?? noExpert]
      if (bestOfA !== noExpert && bestOfB !== noExpert) {
        firsts++
        if (bestOfA === bestOfB) sameFirst++
      }
      let [ofA, ofB, both] = [0, 0, 0]
      for (let i = start; i < start + topK; i++) {
        const expert = expertIds[i] ?? noExpert
        if (expert === noExpert) continue
        ofA++
        last[expert] = row + 1
      }
      for (let i = start; i < start + topK; i++) {
        const expert = alongIds[i] ?? noExpert
        if (expert === noExpert) continue
        ofB++
        if (last[expert] === row + 1) both++
      }
      if (ofA === 0 || ofB === 0) continue
      routed++
      shared += both
      if (both === ofA && both === ofB) sameSet++
    }
    const add = (name: keyof Totals, value: number) => {
      totals[name][layer] = (totals[name][layer] ?? 0) + value
    }
    add('firsts', firsts)
    add('sameFirst', sameFirst)
    add('routed', routed)
    add('shared', shared)
    add('sameSet', sameSet)
  }
}

/** Throws where the traces differ; answers what they do not tell. */
function check(a: Trace, b: Trace): string[] {
  const same = (what: string, ofA: number, ofB: number) => {
    if (ofA !== ofB) {
      throw new IncomparableError(`the traces cannot be compared: one has ${ofA} ${what}, the other ${ofB}`)
    }
  }
  same('MoE layers', a.layers.length, b.layers.length)
  same('experts', a.experts, b.experts)
  same('experts for each token', a.topK, b.topK)
  // The first difference of the texts says more than their lengths.
  const [idsOfA, idsOfB] = [a.tokenIds, b.tokenIds]
  const [textsOfA, textsOfB] = [a.tokens, b.tokens]
  if (idsOfA && idsOfB) checkAlike(idsOfA, idsOfB, (token) => `${nameOf(a, token)} and ${nameOf(b, token)}`)
  else if (textsOfA && textsOfB) {
    checkAlike(textsOfA, textsOfB, (token) => `${nameOf(a, token)} and ${nameOf(b, token)}`)
  }
  same('tokens', a.tokenCount, b.tokenCount)
  const notes: string[] = []
  if (!(idsOfA && idsOfB) && !(textsOfA && textsOfB)) {
    notes.push('The traces do not both tell their tokens: that they are of the same text is assumed.')
  }
  if (a.layers.some((layer, place) => layer !== b.layers[place])) {
    const [namesOfA, namesOfB] = [a.layers.join(', '), b.layers.join(', ')]
    notes.push(
      `The MoE layers are compared in order, though one trace numbers them ${namesOfA}, the other ${namesOfB}.`
    )
  }
  return notes
}

function checkAlike<T>(a: ArrayLike<T>, b: ArrayLike<T>, names: (token: number) => string): void {
  const both = Math.min(a.length, b.length)
  for (let token = 0; token < both; token++) {
    if (a[token] !== b[token]) {
      throw new IncomparableError(
        `the traces are of different texts: they part at token ${token} (from 0), which is ${names(token)}`
      )
    }
  }
}

function nameOf({ tokens, tokenIds }: Trace, token: number): string {
  const text = tokens && JSON.stringify(tokens[token])
  const id = tokenIds && `id ${tokenIds[token]}`
  return text && id ? `${text} (${id})` : (text ?? id ?? '')
}
