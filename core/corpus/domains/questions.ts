import type { Truth } from './domain'

/**
 * The truths of a line of questions with their answers, separated by blanks. `question` matches the beginning of a
 * word up to its answer; `expected` gives the right answer, nothing for what is unknown. Reading ends with the first
 * word that is no question.
 */
export function readQuestions(
  line: string,
  question: RegExp,
  expected: (question: RegExpExecArray) => string | undefined
): Truth[] {
  const truths: Truth[] = []
  let wordStart = 0
  for (const word of line.split(' ')) {
    const asked = question.exec(word)
    if (!asked) break
    const truth = expected(asked)
    if (truth !== undefined) truths.push({ start: wordStart + asked[0].length, expected: truth })
    wordStart += word.length + 1
  }
  return truths
}
