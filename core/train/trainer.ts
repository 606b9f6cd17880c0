import type { Architecture } from '../arch/architecture'
import type { Text, TextPart } from '../corpus'
import { createBatches } from '../corpus'
import { FormatError } from '../formats/format-error'
import type { Recipe } from '../formats/training-report'
import { adaptRouters, routedLayers } from '../model/adapt-routers'
import { chooseTrainingDispatch } from '../model/experts/choose'
import { initialWeights } from '../model/initial-weights'
import { adamW } from '../model/optimisers/adamw'
import type { Optimiser } from '../model/optimisers/optimiser'
import { parameterLayout } from '../model/parameters'
import { stepNoise } from '../model/router-noise'
import { trainStep } from '../model/train-step'
import type { Backend } from '../runtime/backend'
import { float32, floats, int32, processorOf } from '../runtime/backend'
import { learningRate, stepOptions, stepsOf } from './recipe'
import { loadTeacher, type Teacher } from './teacher'

/** Everything that a later step depends on: saved, it resumes to the same weights bit for bit. */
export interface TrainingState {
  /** Steps taken. */
  readonly step: number
  /** The flat vector; what routers carry from step to step without a gradient is in it. */
  readonly parameters: Float32Array
  /** The optimiser's vectors by name, each as long as the parameters: `first_moment` and `second_moment` of AdamW. */
  readonly optimiser: Readonly<Record<string, Float32Array>>
  /** 0 for each parameter that stays 0, 1 for the others; absent where all of them learn. */
  readonly mask?: Float32Array
}

/** The start of a training, where it is none of drawn weights, and what it follows beside its text. */
export interface TrainerOptions {
  /** Goes on from here. */
  readonly saved?: TrainingState | undefined
  /** To begin with; by default they are drawn by the recipe's seed. */
  readonly weights?: Float32Array | undefined
  /** See `TrainingState`; of a training that begins. */
  readonly mask?: Float32Array | undefined
  readonly teacher?: Teacher | undefined
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
  /** Sum over MoE layers; 1 for each layer is balanced. Undefined where no router has this loss, as the next. */
  readonly balanceLoss: number | undefined
  readonly zLoss: number | undefined
  /** See `distillationLoss`; undefined without a teacher. */
  readonly distillationLoss: number | undefined
  /** Assignments of this batch, `[MoE layers * experts]`; undefined for a dense model. */
  readonly load: Float32Array | undefined
  /** Number of these dropped by a full expert, `[MoE layers]`; undefined on the CPU, where none are. */
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

/** Trains an architecture on a text, or on several, by a recipe, from the start or from a saved state. */
export async function createTrainer(
  backend: Backend,
  architecture: Architecture,
  text: Text | readonly TextPart[],
  recipe: Recipe,
  { saved, weights, mask, teacher }: TrainerOptions = {}
): Promise<Trainer> {
  const { context } = architecture
  const steps = stepsOf(recipe, context)
  const dispatch = chooseTrainingDispatch(processorOf(backend), recipe.batch * context)
  const options = stepOptions(recipe, context)
  const layout = parameterLayout(architecture)
  const { size, decayed } = layout
  const optimiser = adamW(options, decayed)
  const routed = routedLayers(architecture)
  let state = saved ?? startingState(weights ?? initialWeights(architecture, recipe.seed), optimiser, mask)
  requireFit(state, optimiser, size)
  const session = await backend.load(
    trainStep(architecture, dispatch, {
      ...options,
      masked: state.mask !== undefined,
      ...(teacher ? { distillation: teacher } : {})
    })
  )
  const follows = teacher && (await loadTeacher(backend, teacher, { batch: recipe.batch, context }))
  const batchAt = createBatches(text, { context, batch: recipe.batch, seed: recipe.seed })
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
        ...Object.fromEntries(Object.entries(state.optimiser).map(([name, vector]) => [name, float32(vector)])),
        tokens: int32(tokens),
        targets: int32(targets),
        rates: float32(optimiser.ratesAt(step, rate)),
        ...(state.mask ? { mask: float32(state.mask) } : {}),
        ...(follows ? { teacher_logits: await follows.logits(tokens) } : {}),
        ...stepNoise(routed, { tokens: tokens.length, seed: recipe.seed, step })
      })
      const loss = scalar(outputs, 'loss')
      if (!Number.isFinite(loss)) {
        throw new Error(
          `the loss is ${loss} at step ${step}: choose a smaller learning rate than ${recipe.learning_rate}`
        )
      }
      const optimised = floats(outputs, 'new_parameters')
      const load = 'load' in outputs ? floats(outputs, 'load') : undefined
      state = {
        ...state,
        step,
        parameters: load
          ? adaptRouters(routed, layout, { parameters: optimised, load, tokens: tokens.length })
          : optimised,
        optimiser: Object.fromEntries(optimiser.vectors.map((name) => [name, floats(outputs, `new_${name}`)]))
      }
      const measured = (name: string) => (name in outputs ? scalar(outputs, name) : undefined)
      return {
        step,
        steps,
        loss,
        learningRate: rate,
        gradientNorm: scalar(outputs, 'gradient_norm'),
        balanceLoss: measured('balance_loss'),
        zLoss: measured('z_loss'),
        distillationLoss: measured('distillation_loss'),
        load,
        dropped: 'dropped' in outputs ? floats(outputs, 'dropped') : undefined
      }
    },
    release: async () => {
      await Promise.all([session.release(), follows?.release()])
    }
  }
}

function startingState(
  parameters: Float32Array,
  { vectors }: Optimiser,
  mask: Float32Array | undefined
): TrainingState {
  return {
    ...(mask ? { mask } : {}),
    step: 0,
    parameters,
    optimiser: Object.fromEntries(vectors.map((name) => [name, new Float32Array(parameters.length)]))
  }
}

/** Throws a `FormatError` when a saved state is none of this model and optimiser. */
function requireFit({ parameters, optimiser, mask }: TrainingState, { vectors }: Optimiser, size: number): void {
  const kept = mask ? { mask } : {}
  const expected = ['parameters', ...Object.keys(kept), ...vectors]
  const found = new Map(Object.entries({ ...optimiser, ...kept, parameters }))
  const missing = expected.find((name) => found.get(name)?.length !== size)
  const foreign = [...found.keys()].find((name) => !expected.includes(name))
  if (missing !== undefined) {
    const length = found.get(missing)?.length ?? 'none'
    throw new FormatError(`the saved training: expected ${size} numbers of '${missing}', found ${length}`)
  }
  if (foreign !== undefined) {
    throw new FormatError(`the saved training holds '${foreign}', which this optimiser does not carry`)
  }
}

function scalar(outputs: Parameters<typeof floats>[0], name: string): number {
  return floats(outputs, name)[0] ?? Number.NaN
}
