import { characterTokenizer } from '../tokenizers/character'
import type { Tokenizer } from '../tokenizers/tokenizer'

/** The tokenizer of the corpus: the 55 characters that its grammars write, by code point, and no special tokens. */
export const tokenizer: Tokenizer = characterTokenizer([...'\n ()+,-.0123456789:;<=>?[]abcdefghijklmnopqrstuvwxyz{|}'])
