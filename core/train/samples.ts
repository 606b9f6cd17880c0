/** Samples of a model while it learns: the same beginnings again and again, with right and wrong answers. */
import type { Architecture } from '../arch/architecture'
import type { DomainId, World } from '../corpus'
import { checkAnswers, examplePrompts, splitOwnText, tokenizer } from '../corpus'
import { sequenceLogits } from '../model/evaluation'
import { chooseEvaluationDispatch } from '../model/experts/choose'
import type { Backend } from '../runtime/backend'
import { float32, floats, int32, processorOf } from '../runtime/backend'
import type { SavedRun } from './run'
import type { TrainingStep } from './trainer'

/** One line: a beginning, and how the model goes on with it. */
export interface WrittenLine {
  readonly prompt: string
  readonly written: string
  /** The answers in what is written, as offsets in it. */
  readonly answers: readonly WrittenAnswer[]
}

export interface WrittenAnswer {
  readonly start: number
  readonly end: number
  readonly correct: boolean
  readonly expected: string
}

export interface WrittenSample {
  /** Steps taken. */
  readonly step: number
  readonly lines: readonly WrittenLine[]
}

/** Languages of the beginnings: two that test memory, two that test computation. */
const sampled: readonly DomainId[] = ['fact', 'dict', 'seq', 'var']

/** Most characters of the beginning of a document of a user's text. */
const promptLength = 24

/** Most characters that are written of a line, and the longest line with its newline before it. */
const mostWritten = 24
const longest = 64

/** Most of the time in steps that samples may take. */
const share = 0.03
const leastSeconds = 1

type WrittenRun = Pick<SavedRun, 'seconds' | 'state'>

export interface Sampler {
  /** A sample of the model after a step; undefined while the last one is not long ago, but for the last step. */
  after(record: Pick<TrainingStep, 'step' | 'steps'>, run: WrittenRun): Promise<WrittenSample | undefined>
  release(): Promise<void>
}

/** The beginnings of lines that a model goes on with: always the same for one world. */
export function worldPrompts(world: World): string[] {
  return sampled.flatMap((domain) => examplePrompts(world, domain, 1))
}

/** The beginnings of some documents of a user's text that are kept for validation, each up to the end of a word. */
export function textPrompts(text: string): string[] {
  const { tokens, documentStarts } = splitOwnText(text).validation
  const stride = Math.ceil(documentStarts.length / sampled.length)
  return [...documentStarts]
    .filter((_, i) => i % stride === 0)
    .map((start) => {
      const [line = ''] = tokenizer.decode(tokens.subarray(start, start + promptLength)).split('\n')
      const end = line.lastIndexOf(' ')
      return end > 0 ? line.slice(0, end + 1) : line
    })
}

/** Writes at temperature 0; answers are marked where a world says the right ones. */
export async function createSampler(
  backend: Backend,
  architecture: Architecture,
  beginnings: readonly string[],
  world?: World
): Promise<Sampler> {
  const context = Math.min(architecture.context, longest)
  const prompts = beginnings.filter((prompt) => prompt.length + 1 + mostWritten <= context)
  if (prompts.length === 0) return { after: async () => undefined, release: async () => undefined }
  const shape = { batch: prompts.length, context }
  const dispatch = chooseEvaluationDispatch(processorOf(backend), prompts.length * context)
  const session = await backend.load(sequenceLogits(architecture, dispatch, shape))
  const write = async (parameters: Float32Array): Promise<WrittenLine[]> => {
    const lines = prompts.map((prompt) => ({ prompt, written: '', ended: false }))
    for (let i = 0; i < mostWritten && lines.some(({ ended }) => !ended); i++) {
      const tokens = new Int32Array(prompts.length * context).fill(newline)
      lines.forEach(({ prompt, written }, row) => {
        tokens.set(tokenizer.encode(`\n${prompt}${written}`), row * context)
      })
      const outputs = await session.run({ parameters: float32(parameters), tokens: int32(tokens) })
      const logits = floats(outputs, 'logits')
      for (const [row, line] of lines.entries()) {
        if (line.ended) continue
        const at = row * context + line.prompt.length + line.written.length
        const next = tokenizer.decode([largest(logits, at * tokenizer.size, tokenizer.size)])
        line.ended = next === '\n'
        if (!line.ended) line.written += next
      }
    }
    return lines.map(({ prompt, written, ended }) => ({
      prompt,
      written,
      answers: (world ? checkAnswers(`${prompt}${written}${ended ? '\n' : ''}`, world) : [])
        .filter(({ start }) => start >= prompt.length)
        .map(({ start, end, correct, expected }) => ({
          start: start - prompt.length,
          end: end - prompt.length,
          correct,
          expected
        }))
    }))
  }
  /** Seconds in steps after which the next one is due. */
  let due = 0
  return {
    after: async ({ step, steps }, { seconds, state }) => {
      if (seconds < due && step < steps) return undefined
      const begun = performance.now()
      const lines = await write(state.parameters)
      due = seconds + Math.max(leastSeconds, (performance.now() - begun) / 1000 / share)
      return { step, lines }
    },
    release: () => session.release()
  }
}

const [newline = 0] = tokenizer.encode('\n')

/** Place of the largest of so many values, counted from the first. */
function largest(values: Float32Array, from: number, count: number): number {
  let best = 0
  for (let i = 1; i < count; i++) if ((values[from + i] ?? 0) > (values[from + best] ?? 0)) best = i
  return best
}
