/**
 * JSON responses of a vLLM server with `--enable-return-routed-experts`, and of servers around it. In v0.21
 * `prompt_routed_experts` of a response and `routed_experts` of each choice; before and after that `routed_experts` of a
 * choice for prompt and continuation together, or `nvext.routed_experts` of a response (Dynamo). What the values may be
 * is in `vllm-payload.ts`. The last token of a continuation was never routed.
 * https://github.com/vllm-project/vllm/blob/main/vllm/entrypoints/openai/completion/protocol.py
 */
import { z } from 'zod'
import { FormatError } from '../../formats/format-error'
import { parsedBy } from '../../formats/problems'
import type { ExpertIdsPart } from './expert-id-parts'
import { readExpertIds } from './expert-ids'
import type { Importer } from './importer'
import { noTokenIds, noWeights } from './notes'
import { type Response, readResponses } from './responses'
import { type PayloadRows, payloadRows, payloadSchema } from './vllm-payload'

export const vllmResponses: Importer = {
  format: 'vllm-responses',
  label: 'responses of a vLLM server (JSON)',
  detect: ({ content }) => {
    if (content.kind !== 'text' || !/^[{[]/.test(content.head)) return 'no'
    if (/"(sgl_?ext|meta_info)"/.test(content.head)) return 'no'
    // "k05VTVBZ" is how base64 of a .npy file begins.
    if (/"prompt_routed_experts"|"routed_experts"\s*:\s*("k05VTVBZ|\[|\{)/.test(content.head)) return 'certain'
    return /"(choices|nvext|usage)"\s*:/.test(content.head) ? 'possible' : 'no'
  },
  read: async (file, options) => {
    const { source } = file
    const sequences: Sequence[] = []
    const cut: string[] = []
    for await (const response of readResponses(file, options, (note) => void cut.push(note))) {
      sequences.push(...(await sequencesOf(response, source.size)))
    }
    if (sequences.length === 0) {
      throw new FormatError(
        "no response has 'choices[].routed_experts' or 'prompt_routed_experts': start the server with " +
          '--enable-return-routed-experts'
      )
    }
    const parts = sequences.flatMap(({ parts }) => parts)
    const ids = sequences.flatMap(({ tokenIds }) => (tokenIds ? [tokenIds] : []))
    const known = ids.length === sequences.length
    const notes = [noWeights, ...(known ? [] : [noTokenIds]), ...cut]
    if (sequences.some(({ continues }) => continues)) {
      notes.push('A prompt with several choices is counted once: the choices after the first begin without it.')
    }
    return readExpertIds(
      {
        model: sequences[0]?.model,
        parts,
        tokenIds: known ? Int32Array.from(ids.flat()) : undefined,
        sequenceStarts: startsOf(sequences),
        notes,
        zerosForDense: true
      },
      source.name,
      options
    )
  }
}

interface Sequence {
  readonly model: string | undefined
  readonly parts: readonly ExpertIdsPart[]
  readonly tokenCount: number
  readonly tokenIds: readonly number[] | undefined
  /** True where it is another choice for a prompt that is a sequence already. */
  readonly continues: boolean
}

const tokenIds = z.array(z.int()).nullish()
const experts = payloadSchema.nullish()
const engineData = z.object({ routed_experts: experts, prompt_token_ids: tokenIds, completion_token_ids: tokenIds })
const extension = z.object({ routed_experts: experts, engine_data: engineData.nullish() })

const responseSchema = z.object({
  model: z.string().optional(),
  prompt_token_ids: tokenIds,
  token_ids: tokenIds,
  prompt_routed_experts: experts,
  routed_experts: experts,
  nvext: extension.nullish(),
  choices: z.array(z.object({ token_ids: tokenIds, prompt_token_ids: tokenIds, routed_experts: experts })).default([])
})

async function sequencesOf({ place, value }: Response, most: number): Promise<Sequence[]> {
  const response = parsedBy(responseSchema, value, place)
  const { model, prompt_routed_experts: promptRows, nvext } = response
  const prompt = promptRows ? await payloadRows(promptRows, `${place}prompt_routed_experts`, most) : undefined
  const engine = nvext?.engine_data
  const extended = nvext?.routed_experts ?? engine?.routed_experts
  const sequences: Sequence[] = []
  for (const [i, choice] of response.choices.entries()) {
    // A response with an extension has one choice.
    const found = choice.routed_experts ?? (i === 0 ? extended : undefined)
    if (!found) continue
    const field = choice.routed_experts ? `choices[${i}].routed_experts` : 'nvext.routed_experts'
    const own = await payloadRows(found, `${place}${field}`, most)
    const continues = prompt !== undefined && sequences.length > 0
    const parts = prompt && !continues ? [prompt, own] : [own]
    const promptIds = choice.prompt_token_ids ?? response.prompt_token_ids ?? engine?.prompt_token_ids ?? []
    const ownIds = choice.token_ids ?? engine?.completion_token_ids ?? []
    const ids = continues ? ownIds : [...promptIds, ...ownIds]
    sequences.push(sequence(model, parts, ids, continues))
  }
  if (sequences.length === 0 && response.routed_experts) {
    const own = await payloadRows(response.routed_experts, `${place}routed_experts`, most)
    const ids = [...(response.prompt_token_ids ?? []), ...(response.token_ids ?? [])]
    return [sequence(model, prompt ? [prompt, own] : [own], ids, false)]
  }
  if (sequences.length === 0 && prompt) {
    sequences.push(sequence(model, [prompt], response.prompt_token_ids ?? [], false))
  }
  return sequences
}

function sequence(
  model: string | undefined,
  rows: readonly PayloadRows[],
  allIds: readonly number[],
  continues: boolean
): Sequence {
  const tokenCount = rows.reduce((sum, { ids }) => sum + (ids.shape[0] ?? 0), 0)
  const ids = allIds.slice(rows[0]?.start ?? 0)
  // The last token may have no row; ids that are further off belong to other tokens.
  const fits = ids.length === tokenCount || ids.length === tokenCount + 1
  const tokenIds = fits ? ids.slice(0, tokenCount) : undefined
  return { model, parts: rows.map(({ ids }) => ({ ids })), tokenCount, tokenIds, continues }
}

function startsOf(sequences: readonly Sequence[]): Uint32Array {
  let begin = 0
  const starts = sequences.flatMap(({ tokenCount }) => {
    const start = begin
    begin += tokenCount
    return tokenCount > 0 ? [start] : []
  })
  return Uint32Array.from(starts)
}
