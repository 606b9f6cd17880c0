/** `moescope compare`: a dense and an MoE model continue one prompt, side by side. */
import { moeLayers } from '@core/arch/architecture'
import { createWorld, examplePrompts } from '@core/corpus'
import type { ChangedLoss } from '@core/evaluate/paired-losses'
import { askingDomains, scoredQuestions } from '@core/evaluate/score'
import { createDecoder, type Decoder } from '@core/generate/decoder'
import { promptTokens } from '@core/generate/prompt'
import { createRace, type Race } from '@core/generate/race'
import { readingSpeeds } from '@core/generate/reading-speed'
import type { GenerationSettings, Speed, StepRecord } from '@core/generate/records'
import { countExperts, countOff, offText, splitOff, storedOff } from '@core/model/experts-off'
import type { ExpertsOff, MaskedLayer } from '@core/model/intervention'
import type { RunnableModel } from '@core/model/runnable-model'
import { UsageError } from '../terminal/errors'
import type { ModelFigures } from '../terminal/model-figures'
import { openModelStore } from '../terminal/model-store'
import { defaultThreads, nativeBackend } from '../terminal/native'
import { numberWithin, readOptions, wholeNumber } from '../terminal/options'
import { createProgress } from '../terminal/progress'
import type { Terminal } from '../terminal/terminal'
import { lossWithout, readOff } from './experts-off'
import { type ComparedScore, readLanguage, scoreOf } from './score'
import { textOf } from './text'

export const help = `usage: moescope compare [options]

Has a dense and an MoE model continue the same prompt with the same seed, in turns on the same processor, each on its
own clock, and shows both texts; total, active and effective parameters; speed; loss above the floor; and the experts
that each token went to. Models are ids of shipped models or folders of others.

  --dense ID         default dense-64
  --moe ID           default moe-64
  --prompt TEXT      default a fact to complete
  --tokens N         characters to generate, up to 2000 (default 64)
  --seed S           of the sampler (default 1)
  --temperature T    0 to 4; 0 always takes the most probable token (default 0.8)
  --score LANGUAGE   share of right answers to ${scoredQuestions} questions of a language: ${askingDomains.join(', ')};
                     none for no score (default fact)
  --off L:E[,E...]   switches experts E of layer L of the MoE model off: the next best take their places; L:all skips
                     the MoE of the layer, routed and shared experts alike. Can be given several times. Its text, its
                     loss and its score are then those without these experts, beside those with all of them
  --threads N        of the processor (default ${defaultThreads()})
  --json             {prompt, seed, temperature, backend, threads, models: [{id, role, total, active, effective,
                     effective_memory, effective_computation, loss, loss_over_seeds, floor, text,
                     tokens: [{id, text, logprob, experts: [MoE layer][choice]}], routing: {layers, experts, top_k},
                     decode_tokens_per_s: {median, low, high, steps}, prefill_tokens_per_s,
                     prefill: {tokens, median, low, high, steps}}],
                     ratios: {total, active, effective, decode_tokens_per_s, prefill_tokens_per_s},
                     score: {language, questions, chance, models: [{id, right, total, share, low, high}],
                     difference: {both, onlyFirst, onlySecond, neither, difference, low, high}} or null}
                     Speeds are medians with quartiles; prefill is the reading of a full context, warm and several
                     times. Ratios are those of the MoE to the dense model, logprobs at temperature 1. The intervals of
                     the score are of 95 %: Wilson's, and Newcombe's of the MoE less the dense model on the same
                     questions. With --off also experts_off: {model, layers: [{layer, experts}], experts, of, name,
                     loss: {loss, delta, standard_error, tokens}, all_experts: {text}}, and score.all_experts:
                     {right, total, share, low, high, difference}. Ratios stay those of the whole models, but speed.
`

export interface Comparison {
  readonly prompt: string
  readonly seed: number
  readonly temperature: number
  readonly backend: string
  readonly threads: number
  /** The dense one first. */
  readonly models: readonly ComparedModel[]
  /** Of the MoE to the dense model, active parameters by the convention `all`; null where either is not known. */
  readonly ratios: Readonly<Record<'total' | 'active' | 'effective' | Speeds, number | null>>
  /** Null where none was asked for, or the models cannot be asked the same questions. */
  readonly score: ComparedScore | null
  /** Only where experts of the MoE model are off. */
  readonly experts_off?: SwitchedOff
}

export interface SwitchedOff {
  readonly model: string
  readonly layers: readonly MaskedLayer[]
  /** Number of experts that are off, of so many. */
  readonly experts: number
  readonly of: number
  readonly name: string
  /** Validation loss with them off, in nats per character, and its change; null where it cannot be measured. */
  readonly loss: {
    readonly loss: number
    readonly delta: number
    readonly standard_error: number | null
    readonly tokens: number
  } | null
  /** The same run with all experts on. */
  readonly all_experts: { readonly text: string }
}

type Speeds = 'decode_tokens_per_s' | 'prefill_tokens_per_s'

export interface ComparedModel extends ModelFigures {
  /** Generated text, without the prompt. */
  readonly text: string
  readonly tokens: readonly GeneratedToken[]
  /** The layers with a router, their experts, and how many of them a token goes to; null for a dense model. */
  readonly routing: { readonly layers: readonly number[]; readonly experts: number; readonly top_k: number } | null
  readonly decode_tokens_per_s: Speed
  /** The median of `prefill`. */
  readonly prefill_tokens_per_s: number
  /** Reading a window of so many tokens. */
  readonly prefill: Speed & { readonly tokens: number }
}

export interface GeneratedToken {
  readonly id: number
  readonly text: string
  /** Natural logarithm of the probability that it had, at temperature 1. */
  readonly logprob: number
  /** The experts that processed it, best first: `[MoE layers][k]`; empty for a dense model. */
  readonly experts: readonly (readonly number[])[]
}

export async function run(args: readonly string[], terminal: Terminal): Promise<void> {
  const { values } = readOptions(args, {
    dense: { type: 'string', default: 'dense-64' },
    moe: { type: 'string', default: 'moe-64' },
    prompt: { type: 'string' },
    tokens: { type: 'string', default: '64' },
    seed: { type: 'string', default: '1' },
    temperature: { type: 'string', default: '0.8' },
    score: { type: 'string', default: 'fact' },
    off: { type: 'string', multiple: true, default: [] as string[] },
    threads: { type: 'string', default: String(defaultThreads()) },
    json: { type: 'boolean' }
  })
  const settings: GenerationSettings = {
    prompt: values.prompt ?? examplePrompts(createWorld(), 'fact', 1)[0] ?? '',
    tokens: wholeNumber('--tokens', values.tokens, 1, 2000),
    seed: wholeNumber('--seed', values.seed, 0),
    temperature: numberWithin('--temperature', values.temperature, 0, 4),
    topP: 1
  }
  const threads = wholeNumber('--threads', values.threads, 1, 1024)
  const language = readLanguage(values.score)
  const store = await openModelStore(terminal.modelsFolder)
  const [dense, moe] = [await store.open(values.dense), await store.open(values.moe)]
  checkRole('--dense', dense, 'dense')
  checkRole('--moe', moe, 'moe')
  const progress = createProgress(terminal, 'comparing')
  const off = readOff(values.off, moe.architecture)
  const racers = [{ model: dense, off: [] }, { model: moe, off }, ...(off.length > 0 ? [{ model: moe, off: [] }] : [])]
  const steps = racers.length * (settings.tokens + 1)
  const raced = race(racers, settings, threads, (done) => progress.update(done, steps))
  const ran = await raced.finally(progress.end)
  const models = await Promise.all(
    ran.slice(0, 2).map(async (each) => ({ ...(await store.figures(each.model.id)), ...generatedBy(each) }))
  )
  const backend = nativeBackend(threads)
  const score = language ? await scoreOf(backend, [dense, moe], language, off) : null
  const whole = ran[2]
  const switched = whole && {
    experts_off: {
      ...offOf(moe, off),
      loss: lossJson(await lossWithout(backend, moe, off)),
      all_experts: { text: generatedBy(whole).text }
    }
  }
  const { prompt, seed, temperature } = settings
  const ratios = ratiosOf(models)
  const comparison = { prompt, seed, temperature, backend: 'native', threads, models, ratios, score, ...switched }
  terminal.write(values.json ? `${JSON.stringify(comparison)}\n` : textOf(comparison, terminal))
}

function checkRole(option: string, { id, architecture }: RunnableModel, role: ModelFigures['role']): void {
  const found = moeLayers(architecture).length > 0 ? 'moe' : 'dense'
  const words = { dense: 'a dense model', moe: 'an MoE model' }
  if (found !== role) throw new UsageError(`${option}: expected ${words[role]}, but '${id}' is ${words[found]}`)
}

function offOf({ id, architecture }: RunnableModel, off: readonly ExpertsOff[]) {
  const layers = storedOff(architecture, off)
  return { model: id, layers, experts: countOff(architecture, off), of: countExperts(architecture), name: offText(off) }
}

function lossJson(changed: ChangedLoss | null): SwitchedOff['loss'] {
  if (!changed) return null
  const { loss, delta, standardError: standard_error, tokens } = changed
  return { loss, delta, standard_error, tokens }
}

interface Racer {
  readonly model: RunnableModel
  readonly off: readonly ExpertsOff[]
}

interface Ran {
  readonly model: RunnableModel
  readonly records: readonly StepRecord[]
  readonly speed: Speed
  readonly prefill: ComparedModel['prefill']
}

async function race(
  racers: readonly Racer[],
  settings: GenerationSettings,
  threads: number,
  onTurn: (turns: number) => void
): Promise<Ran[]> {
  const backend = nativeBackend(threads)
  const decoders: Decoder[] = []
  for (const { model, off } of racers) {
    const { masks, skipped } = splitOff(off)
    const decoder = await createDecoder(backend, model, off.length > 0 ? { masked: true, skipped } : {})
    if (off.length > 0) decoder.mask(masks)
    decoders.push(decoder)
  }
  // Once without looking at the clock: the first run of a graph also sets it up.
  await finish(createRace(decoders, { ...settings, tokens: 1 }), () => {})
  const records: StepRecord[][] = racers.map(() => [])
  const contest = createRace(decoders, settings)
  await finish(contest, (turns, contestant, found) => {
    records[contestant]?.push(...found)
    onTurn(turns)
  })
  const [first] = racers
  const text = first ? promptTokens(settings.prompt, first.model.tokenizer, first.model.architecture.context) : []
  const reading = await readingSpeeds(decoders, text)
  await Promise.all(decoders.map((each) => each.release()))
  return racers.map(({ model }, i) => {
    const [speed, read] = [contest.speeds[i], reading.speeds[i]]
    if (!speed || !read) throw new Error(`model '${model.id}' ended without a measured step`)
    return { model, records: records[i] ?? [], speed, prefill: { tokens: reading.tokens, ...read } }
  })
}

async function finish(
  contest: Race,
  onTurn: (turns: number, contestant: number, records: readonly StepRecord[]) => void
): Promise<void> {
  let turns = 0
  for (let turn = await contest.turn(); turn; turn = await contest.turn()) {
    onTurn(++turns, turn.contestant, turn.records)
  }
}

function generatedBy({ model, records, speed, prefill }: Ran): Omit<ComparedModel, keyof ModelFigures> {
  const { architecture } = model
  const layers = moeLayers(architecture)
  const [shape] = layers.flatMap((layer) => architecture.layers[layer]?.feedForward ?? [])
  const tokens = records.flatMap(({ source, token, text, routing }, i): GeneratedToken[] => {
    if (source === 'prompt') return []
    const logprob = records[i - 1]?.next.logprob ?? 0
    return [{ id: token, text, logprob, experts: routing.map(({ experts }) => experts) }]
  })
  return {
    text: tokens.map(({ text }) => text).join(''),
    tokens,
    routing: shape?.kind === 'moe' ? { layers, experts: shape.experts, top_k: shape.topK } : null,
    decode_tokens_per_s: speed,
    prefill_tokens_per_s: prefill.median,
    prefill
  }
}

function ratiosOf(models: readonly ComparedModel[]): Comparison['ratios'] {
  const ratio = (of: (model: ComparedModel) => number | null | undefined): number | null => {
    const [dense, moe] = models.map(of)
    return typeof dense === 'number' && typeof moe === 'number' ? moe / dense : null
  }
  return {
    total: ratio(({ total }) => total),
    active: ratio(({ active }) => active.all),
    effective: ratio(({ effective }) => effective.estimate),
    decode_tokens_per_s: ratio((model) => model.decode_tokens_per_s.median),
    prefill_tokens_per_s: ratio((model) => model.prefill_tokens_per_s)
  }
}
