import { z } from 'zod'
import { problemsOf } from '../formats/problems'
import type { Tokenizer } from './tokenizer'

/**
 * The files of a character tokenizer. `tokenizer.json` is a BPE model without merges, which leaves single characters,
 * after a split into characters, newline included. It has no special tokens. Other software ignores or drops
 * characters outside the alphabet where `encode` throws; without the settings of `tokenizer_config.json` it removes the
 * blank before a full stop or comma when it decodes.
 */
export function characterFiles(alphabet: readonly string[]): ReturnType<Tokenizer['files']> {
  return {
    'tokenizer.json': {
      version: '1.0',
      truncation: null,
      padding: null,
      added_tokens: [],
      normalizer: null,
      pre_tokenizer: { type: 'Split', pattern: { Regex: '[\\s\\S]' }, behavior: 'Isolated', invert: false },
      post_processor: null,
      decoder: { type: 'Fuse' },
      model: {
        type: 'BPE',
        dropout: null,
        unk_token: null,
        continuing_subword_prefix: null,
        end_of_word_suffix: null,
        fuse_unk: false,
        byte_fallback: false,
        ignore_merges: false,
        vocab: Object.fromEntries(alphabet.map((character, id) => [character, id])),
        merges: []
      }
    },
    'tokenizer_config.json': { tokenizer_class: 'PreTrainedTokenizerFast', clean_up_tokenization_spaces: false }
  }
}

/**
 * The alphabet of a character-level `tokenizer.json`: BPE whose vocabulary is single characters with ids from 0 on,
 * without merges, special tokens, normalizer or post-processor. For any other value it says what was found instead.
 */
export function readAlphabet(json: unknown): string[] | string {
  const parsed = characterLevel.safeParse(json)
  if (!parsed.success) return problemsOf(parsed.error)
  const entries = Object.entries(parsed.data.model.vocab).sort(([, a], [, b]) => a - b)
  const long = entries.find(([token]) => [...token].length !== 1)
  if (long) return `token ${JSON.stringify(long[0])} is not a single character`
  const gap = entries.findIndex(([, id], index) => id !== index)
  if (gap >= 0) return `id ${gap} is not used exactly once (ids of ${entries.length} characters)`
  return entries.map(([token]) => token)
}

const absent = z.null().optional()
const empty = z.array(z.unknown()).max(0, 'expected none')

const characterLevel = z.object({
  added_tokens: empty.optional(),
  normalizer: absent,
  // Any way of cutting the text will do, since nothing is merged, as long as nothing is thrown away.
  pre_tokenizer: z.object({ type: z.literal('Split'), behavior: z.literal('Isolated') }).nullish(),
  post_processor: absent,
  decoder: z.object({ type: z.literal('Fuse') }),
  model: z.object({
    type: z.literal('BPE'),
    continuing_subword_prefix: z.literal('').nullish(),
    end_of_word_suffix: z.literal('').nullish(),
    vocab: z.record(z.string(), z.int().nonnegative()).refine((vocab) => Object.keys(vocab).length > 0, 'is empty'),
    merges: empty
  })
})
