/** Tokenizers of parts of words, read and run by the library of Hugging Face. */
import { Tokenizer as HuggingFaceTokenizer } from '@huggingface/tokenizers'
import { z } from 'zod'
import { problemsOf } from '../formats/problems'
import { messageOf } from '../reason'
import type { TokenizerKind } from './kind'
import type { Tokenizer } from './tokenizer'

/** Byte pair encoding, of characters or of bytes (Sennrich et al. 2016), and Unigram (Kudo 2018). */
export const subwordLevel: TokenizerKind = {
  name: 'BPE and Unigram tokenizers',
  definition: 'a model of type BPE or Unigram with its vocabulary',
  open: (json) => {
    const parsed = subwordSchema.safeParse(json)
    if (!parsed.success) return problemsOf(parsed.error)
    try {
      return subwordTokenizer(new HuggingFaceTokenizer(parsed.data, settings), parsed.data)
    } catch (error) {
      return `what cannot be read: ${messageOf(error)}`
    }
  }
}

/** Text is decoded as it is: nothing is taken away before a full stop or a comma. */
const settings = { tokenizer_class: 'PreTrainedTokenizerFast', clean_up_tokenization_spaces: false }

const vocabularySchema = z.union([
  z.record(z.string(), z.int().nonnegative()),
  z.array(z.tuple([z.string(), z.number()]))
])

const subwordSchema = z.looseObject({
  added_tokens: z.array(z.looseObject({ id: z.int().nonnegative(), content: z.string() })).nullish(),
  model: z.looseObject({ type: z.enum(['BPE', 'Unigram']), vocab: vocabularySchema })
})

type SubwordFile = z.infer<typeof subwordSchema>

function subwordTokenizer(own: HuggingFaceTokenizer, json: SubwordFile): Tokenizer {
  const size = sizeOf(json)
  const checked = (id: number) => {
    if (Number.isInteger(id) && id >= 0 && id < size) return id
    throw new RangeError(`Token id ${id} is outside the vocabulary of ${size} tokens`)
  }
  const decode = (ids: readonly number[]) =>
    // The library decodes no empty list.
    ids.length === 0 ? '' : own.decode([...ids], { skip_special_tokens: false })
  const idsOf = (text: string) => own.encode(text, { add_special_tokens: false }).ids
  const unknown = unknownId(own, json)
  // Decoders take the space away with which a text begins, so a token is read after another one.
  const before = idsOf('a')
  const start = decode(before)
  const texts = new Map<number, string>()
  const tokenText = (id: number) => {
    let text = texts.get(checked(id))
    if (text === undefined) {
      const whole = decode([...before, id])
      text = whole.startsWith(start) ? whole.slice(start.length) : whole
      // A part of a character is no text: it is shown by its name, e.g. `<0xE2>`.
      if (text === '' || text.includes('\ufffd')) text = own.id_to_token(id) ?? text
      texts.set(id, text)
    }
    return text
  }
  return {
    size,
    opening: Int32Array.from(own.encode('').ids),
    tokenText,
    encode: (text) => Int32Array.from(idsOf(text)),
    decode: (ids) => decode(Array.from(ids, checked)),
    unknownCharacters: (text) =>
      unknown === undefined ? [] : [...new Set(text)].filter((each) => idsOf(each).includes(unknown)),
    files: () => ({ 'tokenizer.json': json, 'tokenizer_config.json': settings })
  }
}

function sizeOf({ model: { vocab }, added_tokens: added }: SubwordFile): number {
  const ids = Array.isArray(vocab) ? [vocab.length - 1] : Object.values(vocab)
  return [...ids, ...(added ?? []).map(({ id }) => id)].reduce((largest, id) => Math.max(largest, id), -1) + 1
}

/** The id that stands for whatever has no token of its own; undefined where every text has tokens. */
function unknownId(own: HuggingFaceTokenizer, { model }: SubwordFile): number | undefined {
  if (typeof model.unk_id === 'number') return model.unk_id
  return typeof model.unk_token === 'string' ? own.token_to_id(model.unk_token) : undefined
}
