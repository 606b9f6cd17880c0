/**
 * JSON responses of a vLLM server with `--enable-return-routed-experts`. Since v0.21 `prompt_routed_experts` of a
 * response and `routed_experts` of each choice; before and after that also `routed_experts` of a choice for prompt and
 * continuation together. Values are base64 of the bytes of a .npy file `[tokens, layers, top_k]`, or nested lists. The
 * last token of a continuation was never routed.
 * https://github.com/vllm-project/vllm/blob/main/vllm/entrypoints/openai/completion/protocol.py
 */

import { z } from 'zod'
import { base64Bytes } from '../../formats/base64'
import { byteSource } from '../../formats/byte-source'
import { type FiledTensor, tensorInMemory } from '../../formats/filed-tensor'
import { FormatError } from '../../formats/format-error'
import { indexNpy } from '../../formats/npy'
import { storedTensor } from '../../formats/tensor-data'
import type { ExpertIdsPart } from './expert-id-parts'
import { readExpertIds } from './expert-ids'
import type { Importer } from './importer'
import { noTokenIds, noWeights } from './notes'
import { nestedIntegers, parsedBy, type Response, readResponses } from './responses'

export const vllmResponses: Importer = {
  format: 'vllm-responses',
  label: 'responses of a vLLM server (JSON)',
  detect: ({ content }) => {
    if (content.kind !== 'text' || !/^[{[]/.test(content.head)) return 'no'
    if (/"(sgl_?ext|meta_info)"/.test(content.head)) return 'no'
    // "k05VTVBZ" is how base64 of a .npy file begins.
    if (/"prompt_routed_experts"|"routed_experts"\s*:\s*("k05VTVBZ|\[)/.test(content.head)) return 'certain'
    return /"exp_ids"/.test(content.head) ? 'no' : 'possible'
  },
  read: async (file, options) => {
    const { source } = file
    const sequences: Sequence[] = []
    for await (const response of readResponses(file, options)) {
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
    const notes = [noWeights, ...(known ? [] : [noTokenIds])]
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
  /** Whether it is another choice for a prompt that is a sequence already. */
  readonly continues: boolean
}

const tokenIds = z.array(z.int()).nullish()
const experts = z.union([z.string(), z.array(z.unknown())]).nullish()

const responseSchema = z.object({
  model: z.string().optional(),
  prompt_token_ids: tokenIds,
  prompt_routed_experts: experts,
  choices: z.array(z.object({ token_ids: tokenIds, prompt_token_ids: tokenIds, routed_experts: experts })).default([])
})

async function sequencesOf({ place, value }: Response, most: number): Promise<Sequence[]> {
  const response = parsedBy(responseSchema, value, place)
  const { model, prompt_routed_experts: promptRows } = response
  const prompt = promptRows ? await expertsOf(promptRows, `${place}prompt_routed_experts`, most) : undefined
  const sequences: Sequence[] = []
  for (const [i, choice] of response.choices.entries()) {
    const found = choice.routed_experts
    if (!found) continue
    const own = await expertsOf(found, `${place}choices[${i}].routed_experts`, most)
    const continues = prompt !== undefined && sequences.length > 0
    const parts = prompt && !continues ? [prompt, own] : [own]
    const promptIds = choice.prompt_token_ids ?? response.prompt_token_ids ?? []
    const ids = continues ? (choice.token_ids ?? []) : [...promptIds, ...(choice.token_ids ?? [])]
    sequences.push(sequence(model, parts, ids, continues))
  }
  if (sequences.length === 0 && prompt) {
    sequences.push(sequence(model, [prompt], response.prompt_token_ids ?? [], false))
  }
  return sequences
}

function sequence(
  model: string | undefined,
  parts: readonly FiledTensor[],
  ids: readonly number[],
  continues: boolean
): Sequence {
  const tokenCount = parts.reduce((sum, { shape }) => sum + (shape[0] ?? 0), 0)
  // The last token may have no row; ids that are further off belong to other tokens.
  const fits = ids.length === tokenCount || ids.length === tokenCount + 1
  const tokenIds = fits ? ids.slice(0, tokenCount) : undefined
  return { model, parts: parts.map((part) => ({ ids: part })), tokenCount, tokenIds, continues }
}

async function expertsOf(value: string | unknown[], place: string, most: number): Promise<FiledTensor> {
  if (typeof value === 'string') return indexNpy(byteSource(place, base64Bytes(value, place)))
  const { shape, values } = nestedIntegers(value, ['tokens', 'layers', 'top_k'], place, most)
  return tensorInMemory(place, storedTensor(values, shape))
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
