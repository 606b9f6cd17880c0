/** Reasons for which a choice cannot be trained, each said of its field. */
import { countParameters } from '@core/arch/count/count'
import { documents, specifiedDocuments, tokenizer, whyTooShort } from '@core/corpus'
import { FormatError } from '@core/formats/format-error'
import { type ChosenModel, pruningIds, type TrainingChoices } from './choices'
import { modelName, runName } from './names'
import { chosenArchitecture, generatedCorpus } from './plan'

export interface TrainingProblem {
  readonly field: keyof TrainingChoices
  readonly reason: string
}

/** Characters of a step. */
export function charactersPerStep({ batch, context }: Pick<TrainingChoices, 'batch' | 'context'>): number {
  return batch * context
}

/** A WebAssembly program has no more memory, in bytes. */
const mostMemory = 4 * 2 ** 30

/** Vectors as long as the parameters that a step holds: weights and two moments, before and after it, and the gradient. */
const vectorsOfStep = 7

/** Counted once for each choice: what is drawn asks with every step. */
const known = new WeakMap<TrainingChoices, readonly TrainingProblem[]>()

/** Obstacles to a training; none when it can begin. */
export function trainingProblems(choices: TrainingChoices): readonly TrainingProblem[] {
  const found = known.get(choices) ?? problemsOf(choices)
  known.set(choices, found)
  return found
}

function problemsOf(choices: TrainingChoices): TrainingProblem[] {
  const { width, heads, experts, topK, kind, characters } = choices
  const problems: TrainingProblem[] = []
  if (width % (2 * heads) !== 0) {
    const reason = `${heads} heads of even size need a multiple of ${2 * heads}; ${width} is none`
    problems.push({ field: 'width', reason })
  }
  if (kind === 'moe' && topK > experts) {
    problems.push({ field: 'topK', reason: `there are only ${experts} experts; top-${topK} asks for more` })
  }
  const perStep = charactersPerStep(choices)
  for (const { field, training } of trainingsWithin(choices)) {
    const [problem] = trainingProblems(training)
    if (problem) problems.push({ field, reason: `${runName(training)}, which is trained first: ${problem.reason}` })
  }
  const teacher = choices.teacher && 'training' in choices.teacher.model ? choices.teacher.model.training : undefined
  if (teacher && teacher.context < choices.context) {
    const reason = `the teacher reads windows of ${teacher.context} characters, and its student of ${choices.context}`
    problems.push({ field: 'teacher', reason })
  }
  if (characters < perStep) problems.push({ field: 'characters', reason: `a step takes ${perStep} characters` })
  return problems.length > 0 ? problems : [...problemsOfShape(choices), ...problemsOfText(choices)]
}

function problemsOfShape(choices: TrainingChoices): TrainingProblem[] {
  try {
    const architecture = chosenArchitecture(choices)
    const [weights, values] = [4 * vectorsOfStep * countParameters(architecture).total, activations(choices)]
    const bytes = weights + values
    const { from } = choices
    if (from && keepsShape(from) && parametersOf(from) !== countParameters(architecture).total) {
      return [{ field: 'width', reason: `${modelName(from)}, with whose weights it begins, has another shape` }]
    }
    if (bytes <= mostMemory) return []
    const reason = `training needs ${(bytes / 2 ** 30).toFixed(1)} GiB of memory; the engine has 4`
    return [{ field: values > weights ? 'batch' : 'width', reason }]
  } catch (error) {
    if (!(error instanceof FormatError || error instanceof RangeError)) throw error
    return [{ field: choices.kind === 'moe' ? 'router' : 'width', reason: error.message }]
  }
}

/** The trainings whose models a run begins with or follows, by the field that names them. */
function trainingsWithin({ from, teacher }: TrainingChoices) {
  const given = [
    { field: 'from' as const, model: from },
    { field: 'teacher' as const, model: teacher?.model }
  ]
  return given.flatMap(({ field, model }) => (model && 'training' in model ? [{ field, ...model }] : []))
}

function parametersOf(model: ChosenModel): number {
  return 'training' in model ? countParameters(chosenArchitecture(model.training)).total : model.parameters
}

/** True where only weights are pruned; other transforms take parts away, and the shape that is left is found out at the start. */
function keepsShape({ transforms = [] }: NonNullable<TrainingChoices['from']>): boolean {
  return transforms.every(({ id }) => pruningIds.some((each) => each === id))
}

/**
 * Bytes of what the layers compute of a step's characters and keep for the gradient, by the largest of them alone: the
 * attention weights, and per character the hidden state and logits.
 */
function activations({ batch, context, layers, heads, width }: TrainingChoices): number {
  const perCharacter = layers * (2 * heads * context + 24 * width) + 4 * tokenizer.size
  return 4 * batch * context * perCharacter
}

/** Characters that a document of every domain may fit into. */
const usualContext = 64

/** Of generated text, generates until a document fits into the context: where none does, nothing could be validated. */
function problemsOfText(choices: TrainingChoices): TrainingProblem[] {
  const { context, text, own, shares } = choices
  const generated = text === 'own' ? choices.beside : text
  if (text === 'own') {
    const reason = own ? whyTooShort(own, context) : 'no text is opened yet: open or paste one'
    if (reason !== undefined) return [{ field: 'text', reason }]
  }
  if (generated === 'none') return []
  if (shares && Object.values(shares).every((share) => share === 0)) {
    return [{ field: 'shares', reason: 'the shares of all domains are 0' }]
  }
  if (context >= usualContext && !shares) return []
  const corpus = generatedCorpus(generated, choices)
  let characters = 0
  for (const { text } of documents({ ...specifiedDocuments(corpus), split: 'validation' })) {
    if (characters > 0 && text.length <= context) return []
    characters += text.length
    if (characters > corpus.validation_characters) break
  }
  return [{ field: 'context', reason: `no document of this text has up to ${context} characters` }]
}

/** The first of them in a sentence; undefined for none. */
export function trainingProblem(choices: TrainingChoices): string | undefined {
  return trainingProblems(choices)[0]?.reason
}
