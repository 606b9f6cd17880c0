/** `moescope compare`: a dense and an MoE model continue one prompt, side by side. */
import { moeLayers } from '@core/arch/architecture'
import { createWorld, examplePrompts } from '@core/corpus'
import { askingDomains, scoredQuestions } from '@core/evaluate/score'
import { createDecoder, type Decoder } from '@core/generate/decoder'
import { promptTokens } from '@core/generate/prompt'
import { createRace, type Race } from '@core/generate/race'
import { readingSpeeds } from '@core/generate/reading-speed'
import type { GenerationSettings, Speed, StepRecord } from '@core/generate/records'
import type { RunnableModel } from '@core/model/runnable-model'
import { UsageError } from '../terminal/errors'
import type { ModelFigures } from '../terminal/model-figures'
import { openModelStore } from '../terminal/model-store'
import { defaultThreads, nativeBackend } from '../terminal/native'
import { numberWithin, readOptions, wholeNumber } from '../terminal/options'
import { createProgress } from '../terminal/progress'
import type { Terminal } from '../terminal/terminal'
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
                     questions.
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
  const steps = 2 * (settings.tokens + 1)
  const ran = await race([dense, moe], settings, threads, (done) => progress.update(done, steps)).finally(progress.end)
  const models = await Promise.all(
    ran.map(async (each) => ({ ...(await store.figures(each.model.id)), ...generatedBy(each) }))
  )
  const score = language ? await scoreOf(nativeBackend(threads), [dense, moe], language) : null
  const { prompt, seed, temperature } = settings
  const ratios = ratiosOf(models)
  const comparison = { prompt, seed, temperature, backend: 'native', threads, models, ratios, score }
  terminal.write(values.json ? `${JSON.stringify(comparison)}\n` : textOf(comparison, terminal))
}

function checkRole(option: string, { id, architecture }: RunnableModel, role: ModelFigures['role']): void {
  const found = moeLayers(architecture).length > 0 ? 'moe' : 'dense'
  const words = { dense: 'a dense model', moe: 'an MoE model' }
  if (found !== role) throw new UsageError(`${option}: expected ${words[role]}, but '${id}' is ${words[found]}`)
}

interface Ran {
  readonly model: RunnableModel
  readonly records: readonly StepRecord[]
  readonly speed: Speed
  readonly prefill: ComparedModel['prefill']
}

async function race(
  models: readonly RunnableModel[],
  settings: GenerationSettings,
  threads: number,
  onTurn: (turns: number) => void
): Promise<Ran[]> {
  const backend = nativeBackend(threads)
  const decoders: Decoder[] = []
  for (const model of models) decoders.push(await createDecoder(backend, model))
  // Once without looking at the clock: the first run of a graph also sets it up.
  await finish(createRace(decoders, { ...settings, tokens: 1 }), () => {})
  const records: StepRecord[][] = models.map(() => [])
  const contest = createRace(decoders, settings)
  await finish(contest, (turns, contestant, found) => {
    records[contestant]?.push(...found)
    onTurn(turns)
  })
  const [first] = models
  const text = first ? promptTokens(settings.prompt, first.tokenizer, first.architecture.context) : []
  const reading = await readingSpeeds(decoders, text)
  await Promise.all(decoders.map((each) => each.release()))
  return models.map((model, i) => {
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
