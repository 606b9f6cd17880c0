import type { Architecture } from '../arch/architecture'
import { moeLayers, moeShape } from '../arch/architecture'
import type { DomainId, TextDomainId, Windows } from '../corpus'
import { computationDomains, domainIds, memoryDomains, textDomainIds, uncounted } from '../corpus'
import type { Turn } from '../give-way'
import { giveWay } from '../give-way'
import { routedLayers } from '../model/adapt-routers'
import { evaluation } from '../model/evaluation'
import { chooseEvaluationDispatch } from '../model/experts/choose'
import { stepNoise } from '../model/router-noise'
import type { Backend, HostTensor } from '../runtime/backend'
import { float32, floats, int32, processorOf } from '../runtime/backend'
import type { AnswerSpan, AnswersByDomain } from './answers'
import { scoreAnswers } from './answers'

/** Mean loss in nats per character, of all counted characters and of parts of them. */
export interface Losses {
  readonly loss: number
  /** Counted characters. */
  readonly characters: number
  readonly domains: Readonly<Partial<Record<TextDomainId, DomainLoss>>>
  /** Mean over the characters of the domains that test memory: fact, dict, book. */
  readonly memory: number
  /** Mean over the characters of the domains that test computation: seq, brkt, var. */
  readonly computation: number
}

export interface DomainLoss {
  readonly loss: number
  readonly characters: number
}

export interface Evaluation extends Losses {
  /**
   * Assignments of each expert by domain, `[MoE layers][experts][domains]`; empty for a dense model. The user's own domain
   * is there only where some of its text was measured.
   */
  readonly assignments: number[][][]
  /** Of the spans that were asked for. */
  readonly answers: AnswersByDomain
}

export interface EvaluateOptions {
  /** Awaited before each batch. */
  readonly turn?: Turn
  /** The answers of the windows that are scored; only for an evaluator that was made for answers. */
  readonly answers?: readonly AnswerSpan[]
  /** Hears how many of the windows are measured. */
  readonly onProgress?: (done: number, total: number) => void
}

/** Measures a model on windows; the graph is built once and used for any weights. */
export interface Evaluator {
  evaluate(parameters: Float32Array, windows: Windows, options?: EvaluateOptions): Promise<Evaluation>
  release(): Promise<void>
}

/**
 * Windows that are computed at once; the last batch is filled up with windows that are not counted. Fewer on the GPU,
 * where every expert has room for all tokens of a batch.
 */
export const evaluationBatches = { cpu: 16, gpu: 4 } as const

export interface EvaluatorOptions {
  /** Answers can be scored. */
  readonly answers?: boolean
  /**
   * Routers decide as in training (see `RouterSite.training`), where one that is not causal sees the tokens of the same
   * batch that follow.
   */
  readonly training?: boolean
}

/** Measures models of an architecture. */
export async function createEvaluator(
  backend: Backend,
  architecture: Architecture,
  context: number,
  { answers: margins = false, training = false }: EvaluatorOptions = {}
): Promise<Evaluator> {
  const processor = processorOf(backend)
  const batch = evaluationBatches[processor]
  const dispatch = chooseEvaluationDispatch(processor, batch * context)
  const routed = routedLayers(architecture)
  const session = await backend.load(evaluation(architecture, dispatch, { batch, context, margins, training }))
  return {
    evaluate: async (parameters, windows, { turn = giveWay, answers = [], onProgress } = {}) => {
      const tally = createTally(architecture)
      const measured = {
        nats: new Float32Array(windows.tokens.length),
        margins: new Float32Array(windows.tokens.length)
      }
      const size = batch * context
      for (let start = 0; start < windows.tokens.length; start += size) {
        await turn()
        const part = (all: Int32Array) => Int32Array.from({ length: size }, (_, i) => all[start + i] ?? 0)
        const outputs = await session.run({
          parameters: float32(parameters),
          tokens: int32(part(windows.tokens)),
          targets: int32(part(windows.targets)),
          ...(training ? stepNoise(routed, { tokens: size, seed: 0, step: start / size }) : {})
        })
        tally.add(floats(outputs, 'nats'), windows.domains.subarray(start, start + size), outputs.experts)
        for (const [output, all] of margins ? Object.entries(measured) : []) {
          all.set(floats(outputs, output).subarray(0, all.length - start), start)
        }
        onProgress?.(Math.min(windows.count, start / context + batch), windows.count)
      }
      return { ...tally.result(), answers: scoreAnswers(answers, measured.nats, measured.margins) }
    },
    release: () => session.release()
  }
}

function createTally(architecture: Architecture) {
  const nats = new Float64Array(textDomainIds.length)
  const characters = new Float64Array(textDomainIds.length)
  const assignments = moeLayers(architecture).map((layer) =>
    Array.from({ length: moeShape(architecture, layer).experts }, () => new Array<number>(textDomainIds.length).fill(0))
  )
  const mean = (which: readonly number[]) => {
    const total = (of: Float64Array) => which.reduce((sum, domain) => sum + (of[domain] ?? 0), 0)
    return total(nats) / total(characters)
  }
  const hasOwn = () => (characters.at(-1) ?? 0) > 0
  const indices = (ids: readonly DomainId[]) => ids.map((id) => domainIds.indexOf(id))
  return {
    add: (losses: Float32Array, domains: Uint8Array, experts: HostTensor | undefined) => {
      domains.forEach((domain, i) => {
        if (domain === uncounted) return
        nats[domain] = (nats[domain] ?? 0) + (losses[i] ?? Number.NaN)
        characters[domain] = (characters[domain] ?? 0) + 1
        if (!experts) return
        const [, tokens = 0, places = 0] = experts.shape
        for (const [layer, ofLayer] of assignments.entries()) {
          const first = (layer * tokens + i) * places
          for (let place = first; place < first + places; place++) {
            const counts = ofLayer[Number(experts.data[place])]
            if (counts) counts[domain] = (counts[domain] ?? 0) + 1
          }
        }
      })
    },
    result: () => ({
      loss: mean([...textDomainIds.keys()]),
      characters: characters.reduce((a, b) => a + b, 0),
      domains: Object.fromEntries(
        textDomainIds.flatMap((id, domain) => {
          const count = characters[domain] ?? 0
          return count > 0 ? [[id, { loss: (nats[domain] ?? 0) / count, characters: count }]] : []
        })
      ),
      memory: mean(indices(memoryDomains)),
      computation: mean(indices(computationDomains)),
      assignments: hasOwn() ? assignments : assignments.map((experts) => experts.map((counts) => counts.slice(0, -1)))
    })
  }
}
