import { createRandom } from '../../random'
import { memoryTrace, type Trace, type TraceColumns } from '../trace'

interface RandomShape {
  readonly tokens: number
  readonly layers?: number
  readonly experts: number
  readonly topK: number
  readonly seed?: number
  readonly domains?: number
  readonly vocabulary?: number
}

/** The trace of routers that send every token to k experts at random; ids and domains tell nothing of them either. */
export function randomTrace(shape: RandomShape, more: Partial<TraceColumns> = {}): Trace {
  const { tokens, layers = 1, experts, topK, seed = 1, domains = 4, vocabulary = 50 } = shape
  const random = createRandom(seed, 'test/random routing')
  const deck = Array.from({ length: experts }, (_, expert) => expert)
  const expertIds = new Uint16Array(tokens * layers * topK)
  for (let row = 0; row < tokens * layers; row++) {
    for (let choice = 0; choice < topK; choice++) {
      const drawn = choice + random.integer(experts - choice)
      const expert = deck[drawn] ?? 0
      deck[drawn] = deck[choice] ?? 0
      deck[choice] = expert
      expertIds[row * topK + choice] = expert
    }
  }
  return memoryTrace({
    model: 'random',
    source: '',
    layers: Array.from({ length: layers }, (_, layer) => layer),
    experts,
    topK,
    tokenIds: Int32Array.from({ length: tokens }, () => random.integer(vocabulary)),
    tokens: undefined,
    domains: Array.from({ length: domains }, (_, domain) => `domain ${domain}`),
    domainIds: Uint8Array.from({ length: tokens }, () => random.integer(domains)),
    sequenceStarts: Uint32Array.of(0),
    notes: [],
    expertIds,
    expertWeights: undefined,
    routerLogits: undefined,
    logits: undefined,
    ...more
  })
}
