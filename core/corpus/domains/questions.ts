import type { Truth } from './domain'

/**
 * The truths of a line of questions with their answers, separated by blanks. `question` matches the beginning of a
 * word up to its answer; `answer` gives what is right, nothing for what is unknown. Reading ends with the first word
 * that is no question.
 */
export function readQuestions(
  line: string,
  question: RegExp,
  answer: (question: RegExpExecArray) => Omit<Truth, 'start'> | undefined
): Truth[] {
  const truths: Truth[] = []
  let wordStart = 0
  for (const word of line.split(' ')) {
    const asked = question.exec(word)
    if (!asked) break
    const truth = answer(asked)
    if (truth) truths.push({ start: wordStart + asked[0].length, ...truth })
    wordStart += word.length + 1
  }
  return truths
}
