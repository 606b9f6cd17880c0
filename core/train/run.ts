import type { Architecture } from '../arch/architecture'
import { trainFlopsPerToken } from '../arch/count/count'
import type { Windows } from '../corpus'
import { createEvaluator } from '../evaluate/evaluate'
import type { Recipe, TrainingCorpus, TrainingReport, ValidationPoint } from '../formats/training-report'
import type { Turn } from '../give-way'
import { giveWay } from '../give-way'
import type { Backend } from '../runtime/backend'
import { validationSteps } from './recipe'
import type { Teacher } from './teacher'
import { trainingTexts } from './texts'
import type { TrainingState, TrainingStep } from './trainer'
import { createTrainer } from './trainer'
import { type MeasuredText, validationPoint } from './validation-point'

export interface RunOptions {
  readonly backend: Backend
  readonly architecture: Architecture
  readonly corpus: TrainingCorpus
  /** The user's text, as `OwnText` has it, of a corpus that has one. */
  readonly ownText?: string
  readonly recipe: Recipe
  /** Weights to begin with; by default they are drawn by the recipe's seed. */
  readonly weights?: Float32Array
  /** Of these weights, those that stay 0; see `TrainingState`. */
  readonly mask?: Float32Array
  /** A model that this one follows beside its text. */
  readonly teacher?: Teacher
  /** Continue from here. */
  readonly saved?: SavedRun
  /** Awaited before each step and each batch of a validation. */
  readonly turn?: Turn
}

/** A run between two steps: with it the run goes on as if it had not been interrupted. */
export interface SavedRun extends RunProgress {
  readonly state: TrainingState
}

export interface RunProgress {
  /** Seconds spent in steps. */
  readonly seconds: number
  readonly trainingLoss: readonly (readonly [step: number, loss: number])[]
  /** Losses of the stretch whose mean is not yet in `trainingLoss`. */
  readonly openStretch: { readonly sum: number; readonly count: number }
  readonly curve: readonly ValidationPoint[]
}

export type RunEvent =
  | { readonly kind: 'step'; readonly record: TrainingStep; readonly saved: () => SavedRun }
  | { readonly kind: 'validation'; readonly point: ValidationPoint }
  | { readonly kind: 'end'; readonly result: RunResult }

/** Result of a finished run; the face adds versions and machine. */
export type RunResult = Omit<TrainingReport, 'format' | 'machine' | 'versions'> & { readonly parameters: Float32Array }

/** Windows of the validation text that are measured along the way; the end is measured on all. */
const windowsOnTheWay = 512

/**
 * Trains a model step by step, with validation at log-spaced steps, and before the first one where it begins with given
 * weights. What `turn` throws ends it between two steps, and
 * the last `saved()` continues the run.
 */
export async function* trainRun(options: RunOptions): AsyncGenerator<RunEvent, void> {
  const { backend, architecture, recipe, saved, weights, mask, teacher, turn = giveWay } = options
  const { context } = architecture
  const { training, validation, floor } = trainingTexts(options.corpus, context, options.ownText)
  const start = { saved: saved?.state, weights, mask, teacher }
  const trainer = await createTrainer(backend, architecture, training, recipe, start)
  const evaluator = await createEvaluator(backend, architecture, context, { answers: true })
  const log = createLog(trainer.steps, saved)
  const perStep = recipe.batch * context
  const measure = async (part: (windows: Windows) => Windows): Promise<[ValidationPoint, MeasuredText[]]> => {
    const { step } = trainer.state
    const measured: MeasuredText[] = []
    for (const { windows, share, answers: all } of validation) {
      const on = part(windows)
      const answers = all?.filter(({ end }) => end <= on.tokens.length)
      const { parameters } = trainer.state
      const found = await evaluator.evaluate(parameters, on, { turn, ...(answers ? { answers } : {}) })
      measured.push({ ...found, share, answers: answers && found.answers })
    }
    return [validationPoint(measured, { step, characters: step * perStep }), measured]
  }
  try {
    const due = new Set(validationSteps(trainer.steps))
    const validate = async (): Promise<RunEvent> => {
      const [point] = await measure(firstWindows)
      log.curve.push(point)
      return { kind: 'validation', point }
    }
    if (weights && !saved) yield await validate()
    while (trainer.state.step < trainer.steps) {
      await turn()
      const begun = performance.now()
      const record = await trainer.step()
      log.step(record, (performance.now() - begun) / 1000)
      if (due.has(record.step) && record.step < trainer.steps) yield await validate()
      yield { kind: 'step', record, saved: () => ({ state: trainer.state, ...log.progress() }) }
    }
    const [result, measured] = await measure((windows) => windows)
    yield {
      kind: 'end',
      result: {
        corpus: options.corpus,
        recipe,
        steps: trainer.steps,
        characters: trainer.steps * perStep,
        flops: trainFlopsPerToken(architecture) * trainer.steps * perStep,
        backend: backend.name,
        threads: backend.threads,
        seconds: log.progress().seconds,
        training_loss: log.progress().trainingLoss.map(([step, loss]) => [step, loss]),
        curve: [...log.curve, result],
        result,
        ...(floor ? { floor } : {}),
        assignments: sumOfAssignments(measured),
        parameters: trainer.state.parameters
      }
    }
  } finally {
    await Promise.all([trainer.release(), evaluator.release()])
  }
}

function firstWindows(windows: Windows): Windows {
  const count = Math.min(windows.count, windowsOnTheWay)
  const size = count * windows.context
  return {
    count,
    context: windows.context,
    tokens: windows.tokens.subarray(0, size),
    targets: windows.targets.subarray(0, size),
    domains: windows.domains.subarray(0, size)
  }
}

/** Assignments of all texts by domain, which no two of them share. */
function sumOfAssignments(measured: readonly MeasuredText[]): number[][][] {
  const most = measured.reduce((a, b) => (columnsOf(b) > columnsOf(a) ? b : a))
  return most.assignments.map((experts, layer) =>
    experts.map((counts, expert) =>
      counts.map((_, domain) =>
        measured.reduce((sum, { assignments }) => sum + (assignments[layer]?.[expert]?.[domain] ?? 0), 0)
      )
    )
  )
}

function columnsOf({ assignments }: MeasuredText): number {
  return assignments[0]?.[0]?.length ?? 0
}

function createLog(steps: number, saved: RunProgress | undefined) {
  const curve: ValidationPoint[] = [...(saved?.curve ?? [])]
  const trainingLoss: (readonly [number, number])[] = [...(saved?.trainingLoss ?? [])]
  const stretch = Math.max(1, Math.ceil(steps / 100))
  let seconds = saved?.seconds ?? 0
  let { sum, count } = saved?.openStretch ?? { sum: 0, count: 0 }
  return {
    curve,
    step: ({ step, loss }: TrainingStep, took: number): void => {
      seconds += took
      sum += loss
      count++
      if (step % stretch !== 0 && step !== steps) return
      trainingLoss.push([step, sum / count])
      sum = 0
      count = 0
    },
    progress: (): RunProgress => ({
      seconds,
      trainingLoss: [...trainingLoss],
      openStretch: { sum, count },
      curve: [...curve]
    })
  }
}
