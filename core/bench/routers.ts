/** All routers on one architecture: what each learns, how even its experts are, what a step costs. */
import type { RouterSpec } from '../arch/architecture'
import { topKRouterSpec } from '../arch/architecture'
import { moeArchitecture } from '../arch/presets'
import { corpusFloor, generateCorpus, tokenizer, validationWindows, worldOf } from '../corpus'
import type { Evaluation } from '../evaluate/evaluate'
import { createEvaluator } from '../evaluate/evaluate'
import type { Recipe } from '../formats/training-report'
import { currentCorpus, recipeSchema } from '../formats/training-report'
import { quantile } from '../generate/speed'
import type { Turn } from '../give-way'
import { giveWay } from '../give-way'
import { routerSpecSchema, routers } from '../routers'
import type { Backend } from '../runtime/backend'
import { usualLearningRate } from '../train/learning-rates'
import type { Trainer, TrainingStep } from '../train/trainer'
import { createTrainer } from '../train/trainer'

export interface RouterBenchOptions {
  readonly backend: Backend
  /** Kinds that are trained; all of them by default. */
  readonly kinds?: readonly string[]
  /** Each router is trained once with each of the seeds 1 to this. */
  readonly seeds: number
  /** Of each training. */
  readonly characters: number
  readonly validationCharacters: number
  readonly turn?: Turn
  readonly onProgress?: (done: number, total: number) => void
}

export interface RouterBench {
  readonly width: number
  readonly layers: number
  readonly experts: number
  readonly topK: number
  readonly steps: number
  /** Characters of a step. */
  readonly batch: number
  /** Entropy of the text, nats per character: what the best model would reach. */
  readonly floor: number
  readonly routers: readonly RouterFigures[]
}

/** One router; means over seeds unless it says otherwise. */
export interface RouterFigures {
  readonly name: string
  readonly router: RouterSpec
  /** False where in training the experts of a token depend on later tokens. */
  readonly causal: boolean
  /** On the validation text, nats per character, routed as a model generates: from the past alone. */
  readonly loss: number
  /** The same as routers decide in training: with the future, noise and full experts, where a router knows of these. */
  readonly lossAsTrained: number
  /** Largest less smallest `loss` of the seeds. */
  readonly spread: number
  readonly balance: {
    /** Mean over layers of the largest load over the mean one, less 1, in the last tenth of the steps. */
    readonly training: number
    /** The same of the validation text (MaxVio of Wang et al. 2024, arXiv 2408.15664, section 4.1). */
    readonly validation: number
    /** Experts that get no token of the validation text, over all layers. */
    readonly dead: number
  }
  /** Experts of a token of the validation text. */
  readonly expertsPerToken: number
  /** Share of choices that found their expert full, in the last tenth of the steps. */
  readonly dropped: number
  readonly cost: {
    /** Median milliseconds of a step; routers take turns, step by step. */
    readonly milliseconds: number
    /** The same over that of the first router. */
    readonly ratio: number
  }
  /** Largest norm of the gradient in the second half over its median there: an unstable training has spikes. */
  readonly gradientSpike: number
}

const shape = { width: 32, layers: 2, experts: 16, topK: 2 }

interface Contender {
  readonly name: string
  readonly router: RouterSpec
  readonly recipe?: Partial<Recipe>
}

/** Every router with its defaults; of the first also what its gates and its balance loss do. */
export function routerContenders(): Contender[] {
  const [first, ...others] = routers.map(({ kind, name }) => ({ name, router: routerSpecSchema.parse({ kind }) }))
  if (!first) throw new Error('there is no router')
  return [
    first,
    { name: `${first.name}, gates as they are`, router: topKRouterSpec(false) },
    { ...first, name: `${first.name}, no balance loss`, recipe: { balance_loss: 0 } },
    ...others
  ]
}

/** Trains and measures every router. What `turn` throws ends it. */
export async function benchRouters(options: RouterBenchOptions): Promise<RouterBench> {
  const { backend, kinds, seeds, characters, validationCharacters, turn = giveWay, onProgress } = options
  const world = worldOf(currentCorpus)
  const text = { world, seed: currentCorpus.seed }
  const corpus = generateCorpus({ ...text, split: 'train', characters: Math.max(characters, 100_000) })
  const wanted = routerContenders().filter(({ router }) => kinds?.includes(router.kind) ?? true)
  const contenders = wanted.map((each) => {
    const architecture = moeArchitecture({ ...shape, vocabularySize: tokenizer.size, router: each.router })
    const recipeOf = (seed: number) =>
      recipeSchema.parse({ learning_rate: usualLearningRate(shape.width), characters, seed, ...each.recipe })
    return { ...each, architecture, recipeOf }
  })
  const [first] = contenders
  if (!first) throw new Error('there is no router')
  const { context } = first.architecture
  const windows = validationWindows(
    generateCorpus({ ...text, split: 'validation', characters: validationCharacters }),
    context
  )
  const runs = contenders.map((): Run[] => [])
  let steps = 0
  for (let seed = 1; seed <= seeds; seed++) {
    const trainers: Trainer[] = []
    try {
      for (const { architecture, recipeOf } of contenders) {
        trainers.push(await createTrainer(backend, architecture, corpus, recipeOf(seed)))
      }
      steps = trainers[0]?.steps ?? 0
      const taken = trainers.map((): TimedStep[] => [])
      for (let step = 0; step < steps; step++) {
        for (const [i, trainer] of trainers.entries()) {
          await turn()
          const begun = performance.now()
          const record = await trainer.step()
          taken[i]?.push({ ...record, milliseconds: performance.now() - begun })
        }
        onProgress?.((seed - 1) * steps + step + 1, seeds * steps)
      }
      for (const [i, { architecture }] of contenders.entries()) {
        const parameters = trainers[i]?.state.parameters ?? new Float32Array()
        const measure = async (training: boolean) => {
          const evaluator = await createEvaluator(backend, architecture, context, { training })
          try {
            return await evaluator.evaluate(parameters, windows, { turn })
          } finally {
            await evaluator.release()
          }
        }
        const [generating, asTrained] = [await measure(false), await measure(true)]
        runs[i]?.push({ steps: taken[i] ?? [], generating, asTrained })
      }
    } finally {
      await Promise.all(trainers.map((trainer) => trainer.release()))
    }
  }
  const medianOf = (own: readonly Run[]) => median(own.flatMap((run) => run.steps.map((each) => each.milliseconds)))
  const unit = medianOf(runs[0] ?? [])
  return {
    ...shape,
    steps,
    batch: first.recipeOf(1).batch * context,
    floor: corpusFloor(world).total,
    routers: contenders.map(({ name, router }, i) => {
      const own = runs[i] ?? []
      const milliseconds = medianOf(own)
      const causal = routers.find(({ kind }) => kind === router.kind)?.causal ?? true
      return { name, router, causal, ...figuresOf(own), cost: { milliseconds, ratio: milliseconds / unit } }
    })
  }
}

type TimedStep = TrainingStep & { readonly milliseconds: number }

interface Run {
  readonly steps: readonly TimedStep[]
  readonly generating: Evaluation
  readonly asTrained: Evaluation
}

function figuresOf(runs: readonly Run[]): Omit<RouterFigures, 'name' | 'router' | 'causal' | 'cost'> {
  const overSeeds = (of: (run: Run) => number) => mean(runs.map(of))
  const losses = runs.map(({ generating }) => generating.loss)
  const last = ({ steps }: Run) => steps.slice(-Math.max(1, Math.round(steps.length / 10)))
  const chosen = (run: Run) => sum(last(run).map(({ load }) => sum([...(load ?? [])])))
  const validated = ({ generating }: Run) =>
    generating.assignments.map((layer) => layer.map((byDomain) => sum(byDomain)))
  return {
    loss: mean(losses),
    lossAsTrained: overSeeds(({ asTrained }) => asTrained.loss),
    spread: Math.max(...losses) - Math.min(...losses),
    balance: {
      training: overSeeds((run) => mean(trainedLoads(last(run)).map(violation))),
      validation: overSeeds((run) => mean(validated(run).map(violation))),
      dead: overSeeds(
        (run) =>
          validated(run)
            .flat()
            .filter((load) => load === 0).length
      )
    },
    expertsPerToken: overSeeds((run) => sum(validated(run).flat()) / (shape.layers * run.generating.characters)),
    dropped: overSeeds((run) => sum(last(run).map(({ dropped }) => sum([...(dropped ?? [])]))) / chosen(run)),
    gradientSpike: overSeeds(({ steps }) => {
      const norms = steps.slice(Math.floor(steps.length / 2)).map(({ gradientNorm }) => gradientNorm)
      return Math.max(...norms) / median(norms)
    })
  }
}

/** Loads of each layer over some steps, `[layers][experts]`. */
function trainedLoads(steps: readonly TrainingStep[]): number[][] {
  return Array.from({ length: shape.layers }, (_, layer) =>
    Array.from({ length: shape.experts }, (_, expert) =>
      sum(steps.map(({ load }) => load?.[layer * shape.experts + expert] ?? 0))
    )
  )
}

function violation(loads: readonly number[]): number {
  return Math.max(...loads) / mean(loads) - 1
}

function median(numbers: readonly number[]): number {
  return quantile(
    [...numbers].sort((a, b) => a - b),
    0.5
  )
}

function mean(numbers: readonly number[]): number {
  return sum(numbers) / numbers.length
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => a + b, 0)
}
