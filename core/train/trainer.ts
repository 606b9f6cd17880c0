import type { Architecture } from '../arch/architecture'
import type { Corpus } from '../corpus'
import { createBatches } from '../corpus'
import type { Recipe } from '../formats/training-report'
import { chooseTrainingDispatch } from '../model/experts/choose'
import { initialWeights } from '../model/initial-weights'
import { parameterLayout } from '../model/parameters'
import { trainStep } from '../model/train-step'
import type { Backend } from '../runtime/backend'
import { float32, floats, int32, processorOf } from '../runtime/backend'
import { learningRate, stepOptions, stepsOf } from './recipe'

/** Everything that a later step depends on: saved, it resumes to the same weights bit for bit. */
export interface TrainingState {
  /** Steps taken. */
  readonly step: number
  readonly parameters: Float32Array
  readonly firstMoment: Float32Array
  readonly secondMoment: Float32Array
}

/** Figures of one step. */
export interface TrainingStep {
  /** Steps taken, this one included. */
  readonly step: number
  readonly steps: number
  /** Mean nats per character of this step's batch, before the update. */
  readonly loss: number
  readonly learningRate: number
  /** Norm of the whole gradient before clipping. */
  readonly gradientNorm: number
  /** Sum over MoE layers; 1 for each layer is balanced. Undefined for a dense model. */
  readonly balanceLoss: number | undefined
  readonly zLoss: number | undefined
  /** Assignments of this batch, `[MoE layers * experts]`; undefined for a dense model. */
  readonly load: Float32Array | undefined
  /** How many of these found their expert full, `[MoE layers]`; undefined on the CPU, where none can. */
  readonly dropped: Float32Array | undefined
}

export interface Trainer {
  /** Steps of the whole run. */
  readonly steps: number
  readonly state: TrainingState
  /** Takes one step; throws when the loss is no longer a number, leaving the state as it was. */
  step(): Promise<TrainingStep>
  release(): Promise<void>
}

/** Trains an architecture on a corpus by a recipe, from the start or from a saved state. */
export async function createTrainer(
  backend: Backend,
  architecture: Architecture,
  corpus: Corpus,
  recipe: Recipe,
  saved?: TrainingState
): Promise<Trainer> {
  const { context } = architecture
  const steps = stepsOf(recipe, context)
  const dispatch = chooseTrainingDispatch(processorOf(backend), recipe.batch * context)
  const session = await backend.load(trainStep(architecture, dispatch, stepOptions(recipe, context)))
  const batchAt = createBatches(corpus, { context, batch: recipe.batch, seed: recipe.seed })
  let state = saved ?? startingState(architecture, recipe.seed)
  return {
    steps,
    get state() {
      return state
    },
    step: async () => {
      const { tokens, targets } = batchAt(state.step)
      const rate = learningRate(recipe, state.step, steps)
      const step = state.step + 1
      const outputs = await session.run({
        parameters: float32(state.parameters),
        first_moment: float32(state.firstMoment),
        second_moment: float32(state.secondMoment),
        tokens: int32(tokens),
        targets: int32(targets),
        rates: float32(Float32Array.of(rate, 1 / (1 - recipe.beta1 ** step), 1 / (1 - recipe.beta2 ** step)))
      })
      const loss = scalar(outputs, 'loss')
      if (!Number.isFinite(loss)) {
        throw new Error(
          `the loss is ${loss} at step ${step}: choose a smaller learning rate than ${recipe.learning_rate}`
        )
      }
      state = {
        step,
        parameters: floats(outputs, 'new_parameters'),
        firstMoment: floats(outputs, 'new_first_moment'),
        secondMoment: floats(outputs, 'new_second_moment')
      }
      const routed = 'load' in outputs
      return {
        step,
        steps,
        loss,
        learningRate: rate,
        gradientNorm: scalar(outputs, 'gradient_norm'),
        balanceLoss: routed ? scalar(outputs, 'balance_loss') : undefined,
        zLoss: routed ? scalar(outputs, 'z_loss') : undefined,
        load: routed ? floats(outputs, 'load') : undefined,
        dropped: 'dropped' in outputs ? floats(outputs, 'dropped') : undefined
      }
    },
    release: () => session.release()
  }
}

function startingState(architecture: Architecture, seed: number): TrainingState {
  const { size } = parameterLayout(architecture)
  return {
    step: 0,
    parameters: initialWeights(architecture, seed),
    firstMoment: new Float32Array(size),
    secondMoment: new Float32Array(size)
  }
}

function scalar(outputs: Parameters<typeof floats>[0], name: string): number {
  return floats(outputs, name)[0] ?? Number.NaN
}
