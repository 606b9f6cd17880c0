/** The questions that the app can answer, each with what is known before anything runs. */
import { formatCount, formatLoss, formatPercent, formatRatio } from '../charts/format'
import { pairModels } from '../compare/choices'
import type { App } from '../state/app'
import type { Choices } from '../state/choices'
import { commandOf } from '../state/command'
import type { Library, LibraryModel } from '../state/library'
import { runCommand } from '../state/run-command'

export interface Question {
  readonly id: string
  readonly title: string
  /** Answer of the shipped measurements, or a preview of the measurement. */
  answer(library: Library): string
  /** Models without which it cannot be asked. */
  readonly models: readonly string[]
  /** One click away: it chooses what is needed, and runs. */
  ask(app: App): void
}

export const questions: readonly Question[] = [
  {
    id: 'equal-active',
    title: 'What do experts add at equal active parameters?',
    models: Object.values(pairModels['equal-active']),
    answer: (library) => {
      const [dense, moe] = [modelOf(library, 'dense-64'), modelOf(library, 'moe-64')]
      return `Loss ${lossOf(moe)} instead of ${lossOf(dense)}, with ${activeOf(moe)} and ${activeOf(dense)} active parameters.`
    },
    ask: (app) => runPair(app, { pair: 'equal-active', ...pairModels['equal-active'] })
  },
  {
    id: 'equal-total',
    title: 'What do experts save at equal total parameters?',
    models: Object.values(pairModels['equal-total']),
    answer: (library) => {
      const [dense, moe] = [modelOf(library, 'dense-152'), modelOf(library, 'moe-64')]
      if (!dense || !moe) return ''
      return `${formatRatio(dense.active.all / moe.active.all)} fewer active parameters, at loss ${lossOf(moe)} instead of ${lossOf(dense)}.`
    },
    ask: (app) => runPair(app, { pair: 'equal-total', ...pairModels['equal-total'] })
  },
  {
    id: 'routing',
    title: 'Which experts does a character go to?',
    models: ['moe-64'],
    answer: () => 'Live, layer by layer, with the weight of each expert and what else could have come next.',
    ask: (app) => {
      runPair(app, { pair: 'equal-active', ...pairModels['equal-active'] })
      runById(app, 'show-routing')
    }
  },
  {
    id: 'causes',
    title: 'Which experts matter, and which are only busy?',
    models: ['moe-64'],
    answer: () =>
      'Record what a router decides on unseen text, ablate every expert, and compare load with loss increase.',
    ask: ({ choose, store }) => {
      const { inspection } = store.getState().choices
      choose({ view: 'trace', inspection: { ...inspection, page: 'causes' } })
    }
  },
  {
    id: 'memory',
    title: 'Do experts buy memory, or reasoning?',
    models: ['moe-64'],
    answer: (library) => {
      const { memory, computation } = modelOf(library, 'moe-64')?.worth ?? {}
      const known = memory?.perActive.estimate
      const answer = known
        ? `On memory the MoE has ${formatRatio(known)} as many effective as active parameters`
        : 'Memory and computation apart'
      return computation?.perActive.estimate ? `${answer}.` : `${answer}; on computation they are undetermined.`
    },
    ask: (app) => {
      app.choose({ pair: 'equal-active', ...pairModels['equal-active'] })
      runById(app, 'show-worth')
    }
  },
  {
    id: 'balance',
    title: 'What happens without a load-balancing loss?',
    models: ['moe-64', 'moe-64-unbalanced'],
    answer: (library) => {
      const [balanced, free] = [modelOf(library, 'moe-64'), modelOf(library, 'moe-64-unbalanced')]
      return `Loss ${lossOf(free)} instead of ${lossOf(balanced)}; the largest load is ${busiest(free)} instead of ${busiest(balanced)}.`
    },
    ask: (app) => runPair(app, { pair: 'free', left: 'moe-64-unbalanced', right: 'moe-64' })
  },
  {
    id: 'shared',
    title: 'What does a shared expert change?',
    models: ['moe-64', 'moe-64-shared'],
    answer: (library) => {
      const [plain, shared] = [modelOf(library, 'moe-64'), modelOf(library, 'moe-64-shared')]
      return `Loss ${lossOf(shared)} instead of ${lossOf(plain)}, with ${activeOf(shared)} instead of ${activeOf(plain)} active parameters.`
    },
    ask: (app) => runPair(app, { pair: 'free', left: 'moe-64', right: 'moe-64-shared' })
  },
  {
    id: 'speed',
    title: 'From what size do experts pay in speed?',
    models: [],
    answer: () => 'Measured on this machine in 10 to 20 seconds, from d 32 to d 512.',
    ask: (app) => runById(app, app.store.getState().speedPoints.length > 0 ? 'show-speed' : 'measure-speed')
  },
  {
    id: 'compress',
    title: 'How small can the same model be?',
    models: [],
    answer: () => 'Fewer bits, fewer weights, experts or layers: what each costs in loss is measured here.',
    ask: ({ choose }) => choose({ view: 'compress' })
  },
  {
    id: 'architectures',
    title: 'How many parameters do real models have, and use?',
    models: [],
    answer: () =>
      'Layer by layer, from GPT-2 to DeepSeek-V3: memory, cache and predicted speed; or drop a config.json.',
    ask: ({ choose }) => choose({ view: 'architectures' })
  },
  {
    id: 'lab',
    title: 'What does a model of your own learn?',
    models: [],
    answer: () => 'Choose its shape and its text, watch it learn, and put it beside the others.',
    ask: ({ choose }) => choose({ view: 'lab' })
  }
]

function runPair(app: App, choices: Partial<Choices>): void {
  app.choose({ view: 'compare', ...choices })
  if (app.store.getState().contestants[0].steps.length === 0) runById(app, 'run')
}

function runById(app: App, id: string): void {
  runCommand(app, commandOf(app, id))
}

function modelOf({ models }: Library, id: string): LibraryModel | undefined {
  return models.find((model) => model.id === id)
}

function lossOf(model: LibraryModel | undefined): string {
  return model?.loss ? formatLoss(model.loss.mean) : 'unknown'
}

function activeOf(model: LibraryModel | undefined): string {
  return model ? formatCount(model.active.all) : 'unknown'
}

/** The largest share of assignments that one expert of a layer got on the validation text. */
function busiest(model: LibraryModel | undefined): string {
  return model?.largestLoad ? formatPercent(model.largestLoad) : 'unknown'
}
