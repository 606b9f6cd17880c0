/**
 * Models that continue one prompt, in turns on the same device: each clock runs only while its own model computes, so
 * that the speeds can be compared.
 */
import { createRandom } from '../random'
import type { Decoder, RouterDecision } from './decoder'
import { lastWindow, promptTokens } from './prompt'
import type { Candidate, GenerationSettings, Speed, StepRecord, TokenRouting, Turn } from './records'
import { sample, softmax } from './sampler'
import { quantile, speedOf } from './speed'

export interface Race {
  /**
   * The next turn: in the first of each contestant it reads the prompt, later one token. Undefined when all have
   * generated and read as many tokens as the settings ask for.
   */
  turn(): Promise<Turn | undefined>
  /** Decode speed of each contestant so far, of whole steps; undefined before its first. */
  readonly speeds: readonly (Speed | undefined)[]
  /** Speed of reading the prompt; undefined before it was read. */
  readonly prefillTokensPerSecond: readonly (number | undefined)[]
}

/** Repeats of the prefill; the median time counts. */
const promptReads = 5
/** Tokens that a step record lists as candidates. */
const candidateCount = 8

/** Begins a race; throws a `PromptError` when a contestant cannot read the prompt. */
export function createRace(decoders: readonly Decoder[], settings: GenerationSettings): Race {
  const contestants = decoders.map((decoder) => createContestant(decoder, settings))
  let turns = 0
  return {
    turn: async () => {
      if (contestants.every((each) => each.finished)) return undefined
      const contestant = contestantOfTurn(turns++, contestants.length)
      const found = await contestants[contestant]?.turn()
      return { contestant, records: [], prefillMs: undefined, ...found }
    },
    get speeds() {
      return contestants.map((each) => speedOf(each.stepMilliseconds))
    },
    get prefillTokensPerSecond() {
      return contestants.map((each) => each.prefillTokensPerSecond)
    }
  }
}

/**
 * Whose turn it is, counted from 0. The order is reversed in every second round: who goes first finds a processor that
 * has been idle since the last frame, and must not always be the same.
 */
export function contestantOfTurn(turn: number, contestants: number): number {
  const place = turn % contestants
  return Math.floor(turn / contestants) % 2 === 0 ? place : contestants - 1 - place
}

interface Contestant {
  readonly finished: boolean
  /** Milliseconds of the steps so far, without those that had to read a window again. */
  readonly stepMilliseconds: readonly number[]
  readonly prefillTokensPerSecond: number | undefined
  turn(): Promise<Omit<Turn, 'contestant'>>
}

function createContestant(decoder: Decoder, settings: GenerationSettings): Contestant {
  const { tokenizer, architecture } = decoder.model
  const prompt = promptTokens(settings.prompt, tokenizer, architecture.context)
  const [newline = 0] = prompt
  // Every contestant draws from its own copy of one stream: the same luck for all.
  const random = createRandom(settings.seed, 'sampler')
  const text: number[] = [...prompt]
  const stepMilliseconds: number[] = []
  let prefillTokensPerSecond: number | undefined
  let read = 0

  const readPrompt = async () => {
    const shown = lastWindow(prompt, newline, architecture.context)
    const first = prompt.length - shown.length
    // One read is too short to time once, and the first also pays for memory.
    const times: number[] = []
    for (let i = 1; i < promptReads; i++) times.push((await decoder.prefill(shown)).runtimeMs)
    const reading = await decoder.prefill(shown)
    const prefillMs = quantile(
      [...times, reading.runtimeMs].sort((a, b) => a - b),
      0.5
    )
    const last = sample(reading.logits.at(-1) ?? new Float32Array(), settings, random)
    text.push(last)
    read = prompt.length
    prefillTokensPerSecond = (1000 * shown.length) / prefillMs
    const routing = reading.routing()
    const records = shown.map((token, i) =>
      recordOf(decoder, reading.logits[i], routing[i], {
        position: first + i,
        token,
        source: 'prompt',
        next: prompt[first + i + 1] ?? last
      })
    )
    return { records, prefillMs }
  }

  const readOne = async () => {
    const begun = performance.now()
    const token = text[read] ?? newline
    const full = decoder.room === 0
    const reading = full
      ? await decoder.prefill(lastWindow(text, newline, architecture.context))
      : await decoder.step(token)
    const last = reading.logits.length - 1
    const next = sample(reading.logits[last] ?? new Float32Array(), settings, random)
    const stepMs = performance.now() - begun
    // The record is for the reader of the race, not part of generating: the clock has stopped.
    if (!full) stepMilliseconds.push(stepMs)
    const record = recordOf(decoder, reading.logits[last], reading.routing()[last], {
      position: read,
      token,
      source: 'generated',
      next
    })
    text.push(next)
    read++
    const clocks = full ? {} : { runtimeMs: reading.runtimeMs, stepMs }
    return { records: [{ ...record, ...clocks }], prefillMs: undefined }
  }

  return {
    get finished() {
      return read >= prompt.length + settings.tokens
    },
    get prefillTokensPerSecond() {
      return prefillTokensPerSecond
    },
    stepMilliseconds,
    turn: () => (read === 0 ? readPrompt() : readOne())
  }
}

type RecordSite = Pick<StepRecord, 'position' | 'token' | 'source'> & { readonly next: number }

function recordOf(
  { model }: Decoder,
  logits: Float32Array = new Float32Array(),
  routing: readonly RouterDecision[] = [],
  { next, ...site }: RecordSite
): StepRecord {
  const textOf = (token: number) => model.tokenizer.tokenText(token)
  const probabilities = softmax(logits)
  return {
    ...site,
    text: textOf(site.token),
    routing: routing.map(routingOf),
    next: {
      token: next,
      text: textOf(next),
      logprob: Math.log(probabilities[next] ?? 0),
      candidates: candidatesOf(probabilities, textOf)
    }
  }
}

function routingOf({ layer, experts, gates, logits, dropped }: RouterDecision): TokenRouting {
  return { layer, experts: [...experts], gates: [...gates], probabilities: [...softmax(logits)], dropped: [...dropped] }
}

function candidatesOf(probabilities: Float64Array, textOf: (token: number) => string): Candidate[] {
  return Array.from(probabilities.keys())
    .sort((a, b) => (probabilities[b] ?? 0) - (probabilities[a] ?? 0) || a - b)
    .slice(0, candidateCount)
    .map((token) => ({ token, text: textOf(token), probability: probabilities[token] ?? 0 }))
}
