import type { Tokenizer } from '../tokenizers/tokenizer'

/** A prompt that cannot be run; the message says why and what to do. */
export class PromptError extends Error {
  override readonly name = 'PromptError'
}

/**
 * Tokens of a prompt, after those that open every text of the model. Throws a `PromptError` when it is empty, has
 * characters that the tokenizer lacks, or is too long to leave room for a continuation.
 */
export function promptTokens(prompt: string, tokenizer: Tokenizer, context: number): number[] {
  if (prompt.length === 0) throw new PromptError('the prompt is empty: type a beginning, or choose an example')
  const unknown = tokenizer.unknownCharacters(prompt)
  if (unknown.length > 0) {
    const named = unknown.map((each) => JSON.stringify(each)).join(', ')
    throw new PromptError(
      `the prompt has ${unknown.length === 1 ? 'a character' : 'characters'} that these models do not know: ${named}`
    )
  }
  const tokens = [...tokenizer.opening, ...tokenizer.encode(prompt)]
  // Of a model whose texts are not lines the end of a long prompt is read.
  const [first] = tokenizer.opening
  if (first === undefined || tokenizer.tokenText(first) !== '\n') return tokens
  const lastLine = prompt.length - (prompt.lastIndexOf('\n') + 1)
  if (lastLine + 1 >= context) {
    throw new PromptError(
      `the last line of the prompt has ${lastLine.toLocaleString('en')} characters, but the models read ${context} at most: ` +
        `shorten it to ${context - 2} or fewer`
    )
  }
  return tokens
}

/** The part of a text that fits a model's context: from the last newline that leaves room for one more token. */
export function lastWindow(tokens: readonly number[], newline: number, context: number): number[] {
  const earliest = Math.max(0, tokens.length - context + 1)
  if (earliest === 0) return [...tokens]
  const start = tokens.indexOf(newline, earliest)
  return tokens.slice(start < 0 ? tokens.length - Math.ceil(context / 2) : start)
}
