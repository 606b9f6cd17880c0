/**
 * JSON responses of an SGLang server that was asked with `return_routed_experts`: `choices[].sgl_ext.routed_experts`,
 * `sglext.routed_experts` of the response in newer versions, `meta_info.routed_experts` of its own `/generate`, or
 * `nvext.routed_experts` behind Dynamo: base64 of 32-bit integers `[tokens, layers, top_k]` without a header. How many
 * layers and experts there are must be asked; -1 is no expert. The last token was never routed, and the first ones are
 * left out where the request said so (`routed_experts_start_len`).
 * https://docs.sglang.ai/ and python/sglang/srt/state_capturer/routed_experts.py of github.com/sgl-project/sglang
 */
import { z } from 'zod'
import { base64Bytes } from '../../formats/base64'
import { tensorInMemory } from '../../formats/filed-tensor'
import { FormatError } from '../../formats/format-error'
import { parsedBy } from '../../formats/problems'
import { integersOf } from '../../formats/tensor-data'
import { readExpertIds } from './expert-ids'
import { expertsQuestion } from './experts-question'
import { AnswerError, answerOf, type Importer, type Question, type Readable, type ReadOptions } from './importer'
import { mostLayers } from './limits'
import { noTokenIds, noWeights } from './notes'
import { type Response, readResponses } from './responses'

export const sglangResponses: Importer = {
  format: 'sglang-responses',
  label: 'responses of an SGLang server (JSON)',
  detect: ({ content }) => {
    if (content.kind !== 'text' || !/^[{[]/.test(content.head)) return 'no'
    if (/"(sgl_?ext|meta_info)"/.test(content.head)) return 'certain'
    if (/"(exp_ids|prompt_routed_experts)"/.test(content.head)) return 'no'
    return /"(choices|nvext|usage|output_ids)"\s*:/.test(content.head) ? 'possible' : 'no'
  },
  read: async (file, options) => {
    const sequences: Sequence[] = []
    const cut: string[] = []
    for await (const response of readResponses(file, options, (note) => void cut.push(note))) {
      sequences.push(...sequencesOf(response))
    }
    if (sequences.length === 0) {
      throw new FormatError(
        "no response has 'choices[].sgl_ext.routed_experts' or 'meta_info.routed_experts': start the server with " +
          '--enable-return-routed-experts and ask with return_routed_experts'
      )
    }
    return readSequences(sequences, file.source.name, options, cut)
  }
}

interface Sequence {
  /** In the file. */
  readonly place: string
  readonly model: string | undefined
  readonly bytes: Uint8Array
  /** As the response counts them, undefined where it does not. */
  readonly tokens: number | undefined
  /** Of the tokens from the first row on, as far as the response has them. */
  readonly ids: readonly number[]
}

const experts = z.string().nullish()
const extension = z.object({ routed_experts: experts }).nullish()
const count = z.int().nonnegative().nullish()
const tokenIds = z.array(z.int()).nullish()
const meta = z
  .object({
    routed_experts: experts,
    pd_prefill_routed_experts: experts,
    pd_decode_routed_experts: experts,
    routed_experts_start_len: count,
    prompt_tokens: count,
    completion_tokens: count
  })
  .nullish()

const responseSchema = z.object({
  model: z.string().optional(),
  usage: z.object({ prompt_tokens: count, completion_tokens: count }).nullish(),
  meta_info: meta,
  sgl_ext: extension,
  sglext: extension,
  nvext: extension,
  prompt_token_ids: tokenIds,
  output_ids: tokenIds,
  choices: z
    .array(
      z.object({
        sgl_ext: extension,
        sglext: extension,
        meta_info: meta,
        prompt_token_ids: tokenIds,
        token_ids: tokenIds
      })
    )
    .nullish()
})

function sequencesOf({ place, value }: Response): Sequence[] {
  const response = parsedBy(responseSchema, value, place)
  const { model, usage } = response
  const choices = response.choices ?? []
  const [only, ...others] = choices
  const alone = only && others.length === 0 ? only : undefined
  const holders = [
    { at: place, holder: response, counted: response.meta_info ?? usage, ids: idsOf(alone ?? response, response) },
    // Usage is counted over all choices together.
    ...choices.map((holder, i) => ({
      at: `${place}choices[${i}].`,
      holder: { ...holder, nvext: undefined },
      counted: holder.meta_info ?? (alone ? usage : undefined),
      ids: idsOf(holder, response)
    }))
  ]
  return holders.flatMap(({ at, holder, counted, ids }) => {
    const split = holder.meta_info?.pd_prefill_routed_experts ?? holder.meta_info?.pd_decode_routed_experts
    if (split && holder.meta_info && !holder.meta_info.routed_experts)
      return [joined(at, holder.meta_info, { ids, model })]
    const found = (['sgl_ext', 'sglext', 'meta_info', 'nvext'] as const).find((key) => holder[key]?.routed_experts)
    const text = found && holder[found]?.routed_experts
    if (!found || !text) return []
    const field = `${at}${found}.routed_experts`
    const bytes = base64Bytes(text, field)
    if (bytes.length % 4 !== 0 || bytes.length === 0) {
      throw new FormatError(`${field}: expected 32-bit integers, found ${bytes.length} bytes`)
    }
    const start = holder.meta_info?.routed_experts_start_len ?? 0
    const sum = (counted?.prompt_tokens ?? Number.NaN) + (counted?.completion_tokens ?? Number.NaN) - start
    const tokens = Number.isInteger(sum) && sum > 1 ? sum - 1 : undefined
    return [{ place: field, model, bytes, tokens, ids: ids.slice(start) }]
  })
}

/**
 * The two parts of a server that prefills and decodes apart, where their rows are those of the prompt and of the
 * continuation. Throws a `FormatError` where they are others, which cannot be put together.
 */
function joined(
  at: string,
  { prompt_tokens: prompt, completion_tokens: completion, ...parts }: NonNullable<z.infer<typeof meta>>,
  { ids, model }: Pick<Sequence, 'ids' | 'model'>
): Sequence {
  const place = `${at}meta_info.pd_prefill_routed_experts`
  const bytesOf = (text: string | null | undefined, name: string) => base64Bytes(text ?? '', `${at}meta_info.${name}`)
  const prefill = bytesOf(parts.pd_prefill_routed_experts, 'pd_prefill_routed_experts')
  const decode = bytesOf(parts.pd_decode_routed_experts, 'pd_decode_routed_experts')
  const [rows, more] = [prompt ?? 0, (completion ?? 0) - 1]
  const perToken = prefill.length / 4 / rows
  if (!(rows > 0 && Number.isInteger(perToken) && perToken > 0 && decode.length / 4 === perToken * more)) {
    throw new FormatError(
      `${place}: the parts of a server that prefills and decodes apart are not read where their rows are not those of the ` +
        `prompt (${prompt} tokens, ${prefill.length / 4} values) and of the continuation (${completion} tokens, the last ` +
        `without a row, ${decode.length / 4} values): ask a server that does both, or save an array [tokens, layers, ` +
        'top_k] of both parts as .npy'
    )
  }
  const bytes = new Uint8Array(prefill.length + decode.length)
  bytes.set(prefill)
  bytes.set(decode, prefill.length)
  return { place, model, bytes, tokens: rows + more, ids }
}

interface WithIds {
  readonly prompt_token_ids?: readonly number[] | null | undefined
  /** Of the OpenAI API, and of `/generate`. */
  readonly token_ids?: readonly number[] | null | undefined
  readonly output_ids?: readonly number[] | null | undefined
}

/** The ids of prompt and continuation, as far as a response has them. */
function idsOf({ prompt_token_ids, token_ids, output_ids }: WithIds, response: WithIds): number[] {
  return [...(prompt_token_ids ?? response.prompt_token_ids ?? []), ...(token_ids ?? output_ids ?? [])]
}

/** The token of each row, where all sequences tell it; the last token may have none. */
function tokenIdsOf(sequences: readonly Sequence[], perToken: number): Int32Array | undefined {
  const rows = sequences.map(({ bytes }) => bytes.length / 4 / perToken)
  const known = sequences.every(({ ids }, i) => ids.length === rows[i] || ids.length - 1 === rows[i])
  return known ? Int32Array.from(sequences.flatMap(({ ids }, i) => ids.slice(0, rows[i]))) : undefined
}

async function readSequences(
  sequences: readonly Sequence[],
  name: string,
  options: ReadOptions,
  more: readonly string[]
): Promise<Readable> {
  const counts = sequences.map(({ bytes }) => bytes.length / 4)
  const [values = 0] = counts
  const [first] = sequences
  const data = first?.bytes ?? new Uint8Array()
  const ids = integersOf({ dtype: 'I32', shape: [values], data })
  const perToken = perTokenOf(sequences)
  const fits = (size: number) => counts.every((each) => each % size === 0) && (perToken ?? size) % size === 0
  const topKs = Array.from({ length: 32 }, (_, i) => i + 1).filter((k) => fits(k) && isDistinct(ids, k))
  const topK = topKs.at(-1)
  const layers = Array.from({ length: mostProposedLayers }, (_, i) => i + 1).filter((size) => fits(size * (topK ?? 1)))
  const questions: Question[] = [
    {
      id: 'layers',
      label: 'layers in each row (num_hidden_layers)',
      kind: 'count',
      proposal: perToken !== undefined && topK !== undefined ? perToken / topK : undefined,
      needed: true
    },
    { id: 'top-k', label: 'experts of each token (num_experts_per_tok)', kind: 'count', proposal: topK, needed: true },
    expertsQuestion(highestOf(sequences))
  ]
  const told = perToken === undefined ? `may be ${layers.join(', ')}` : `${perToken} values for each token`
  const preview =
    `${values} values${first ? ` of '${first.place}'` : ''}: ${Array.from({ length: Math.min(24, values) }, (_, i) => ids[i]).join(' ')}` +
    `${values > 24 ? ' ...' : ''}\ntop-k may be ${topKs.join(', ')}; ` +
    (perToken === undefined ? `layers ${told}${topK === undefined ? '' : ` with top-k ${topK}`}` : told)
  const asked = { questions, preview }
  return {
    ...asked,
    open: async (answers) => {
      const layerCount = Number(answerOf('layers', answers, asked).value)
      const k = Number(answerOf('top-k', answers, asked).value)
      if (!fits(layerCount * k) || layerCount > mostLayers) {
        throw new AnswerError(
          `layers ${layerCount} and top-k ${k}: the arrays have ${counts.slice(0, 4).join(', ')} values, which these ` +
            'do not divide',
          asked
        )
      }
      const parts = sequences.map(({ place, bytes }) => ({
        ids: tensorInMemory(place, {
          dtype: 'I32',
          shape: [bytes.length / 4 / layerCount / k, layerCount, k],
          data: bytes
        })
      }))
      const { layers: _layers, 'top-k': _topK, ...rest } = answers
      const tokenIds = tokenIdsOf(sequences, layerCount * k)
      const notes = [noWeights, ...(tokenIds ? [] : [noTokenIds]), ...more]
      return (await readExpertIds({ model: first?.model, parts, tokenIds, notes }, name, options)).open(rest)
    }
  }
}

const mostProposedLayers = 128

function highestOf(sequences: readonly Sequence[]): number {
  let highest = -1
  for (const { bytes } of sequences) {
    const ids = integersOf({ dtype: 'I32', shape: [bytes.length / 4], data: bytes })
    for (let i = 0; i < ids.length; i++) highest = Math.max(highest, ids[i] ?? 0)
  }
  return highest
}

/** Layers times top-k, where responses tell how many tokens there are and it divides all of them. */
function perTokenOf(sequences: readonly Sequence[]): number | undefined {
  const found = new Set(
    sequences.map(({ bytes, tokens }) => (tokens === undefined ? undefined : bytes.length / 4 / tokens))
  )
  const [perToken] = found
  return found.size === 1 && perToken !== undefined && Number.isInteger(perToken) ? perToken : undefined
}

/** True where the ids of each group of `k` differ from each other, as those of one token and layer do. */
function isDistinct(ids: ArrayLike<number>, k: number): boolean {
  const groups = Math.min(Math.floor(ids.length / k), 4096)
  for (let group = 0; group < groups; group++) {
    const routed = Array.from({ length: k }, (_, i) => ids[group * k + i] ?? -1).filter((id) => id !== -1)
    if (new Set(routed).size !== routed.length) return false
  }
  return true
}
