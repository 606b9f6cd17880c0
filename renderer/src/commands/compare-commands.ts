/** Commands of the comparison: pair, prompt and sections. */

import { limits, type Pair, pairModels } from '../compare/choices'
import type { Section } from '../compare/state'
import { measureMachine, measureSpeed } from '../lab/measure'
import { runUnderWay } from '../lab/under-way'
import type { App } from '../state/app'
import type { AppState } from '../state/app-state'
import type { Command } from '../state/command'

export const pairCommands = [
  {
    id: 'equal-active',
    label: 'Compare at equal active parameters',
    keywords: ['pair', 'cost'],
    shortcuts: ['1'],
    enabled: ({ status }) => status !== 'loading',
    run: (app) => comparePair(app, 'equal-active')
  },
  {
    id: 'equal-total',
    label: 'Compare at equal total parameters',
    keywords: ['pair', 'weight', 'memory'],
    shortcuts: ['2'],
    enabled: ({ status, library }) =>
      status !== 'loading' && (library?.models.some(({ id }) => id === pairModels['equal-total'].left) ?? false),
    run: (app) => comparePair(app, 'equal-total')
  },
  {
    id: 'swap',
    label: 'Swap left and right',
    keywords: ['exchange', 'sides', 'models'],
    enabled: ({ status }) => status !== 'loading',
    run: ({ store, choose }) => {
      const { left, right } = store.getState().choices
      choose({ pair: 'free', left: right, right: left })
    }
  }
] as const satisfies readonly Command[]

export const promptCommands = [
  {
    id: 'edit-prompt',
    label: 'Edit the prompt',
    keywords: ['type', 'write'],
    shortcuts: ['p'],
    enabled: () => true,
    run: ({ choose }) => {
      choose({ view: 'compare' })
      requestAnimationFrame(() => document.querySelector<HTMLElement>('#prompt')?.focus())
    }
  },
  {
    id: 'next-example',
    label: 'Next example prompt',
    keywords: ['domain', 'prompt'],
    shortcuts: ['e'],
    enabled: () => true,
    run: async ({ store, choose }) => {
      // Examples are generated: the front page does not wait for that.
      const { exampleAfter, exampleCorpus, worldOfCorpus } = await import('../compare/examples')
      const state = store.getState()
      choose({ prompt: exampleAfter(state.choices.prompt, worldOfCorpus(exampleCorpus(state))) })
    }
  },
  {
    id: 'new-seed',
    label: 'Next seed',
    keywords: ['random', 'dice', 'again'],
    shortcuts: ['n'],
    enabled: ({ status }) => status !== 'running',
    run: ({ store, choose }) => choose({ seed: (store.getState().choices.seed + 1) % (limits.seed + 1) })
  }
] as const satisfies readonly Command[]

export const scoreCommands = [
  {
    id: 'measure-score',
    label: 'Measure the score',
    keywords: ['answers', 'questions', 'accuracy', 'share', 'right'],
    shortcuts: ['q'],
    enabled: ({ library }) => library !== undefined,
    run: async (app) => {
      const { languageOf } = await import('../compare/ask')
      const state = app.store.getState()
      reveal(app, 'score')
      if (state.choices.score === 'none') app.choose({ score: languageOf(state) })
    }
  },
  {
    id: 'measure-all-scores',
    label: 'Measure the score of all languages',
    keywords: ['answers', 'questions', 'accuracy', 'share', 'right', 'domains'],
    enabled: ({ library }) => library !== undefined,
    run: (app) => {
      reveal(app, 'score')
      app.choose({ score: 'all' })
    }
  },
  questionCommand('first-question', 'First question of the score', 'first'),
  questionCommand('next-question', 'Next question of the score', 'next'),
  questionCommand('random-question', 'Random question of the score', 'random'),
  {
    id: 'restore-experts',
    label: 'Switch all experts on',
    keywords: ['ablation', 'mask', 'restore', 'off'],
    shortcuts: ['x'],
    enabled: ({ choices }) => Object.keys(choices.expertsOff).length > 0,
    run: ({ choose }) => choose({ expertsOff: {} })
  }
] as const satisfies readonly Command[]

export const sectionCommands = [
  {
    id: 'show-routing',
    label: 'Experts of each token',
    keywords: ['experts', 'router', 'routing', 'load', 'view'],
    enabled: () => true,
    run: (app) => reveal(app, 'routing')
  },
  {
    id: 'show-worth',
    label: 'Do experts buy memory, or reasoning?',
    keywords: ['domains', 'loss', 'effective', 'view'],
    enabled: () => true,
    run: (app) => reveal(app, 'worth')
  },
  {
    id: 'show-speed',
    label: 'From what size do experts pay in speed?',
    keywords: ['tokens per second', 'sparsity', 'view'],
    enabled: () => true,
    run: (app) => reveal(app, 'speed')
  },
  {
    id: 'measure-speed',
    label: 'Measure speed against size on this machine',
    keywords: ['benchmark', 'tokens per second'],
    enabled: ({ runs }) => runUnderWay(runs, 'speed-against-size') === undefined,
    run: (app) => {
      reveal(app, 'speed')
      return measureSpeed(app)
    }
  },
  {
    id: 'measure-machine',
    label: 'Measure what this machine can do',
    keywords: ['probe', 'bandwidth', 'flops', 'roofline', 'benchmark'],
    enabled: ({ runs }) => runUnderWay(runs, 'probe-machine') === undefined,
    run: measureMachine
  }
] as const satisfies readonly Command[]

function questionCommand<Id extends string>(id: Id, label: string, which: 'first' | 'next' | 'random') {
  return {
    id,
    label,
    keywords: ['example', 'prompt', 'score'],
    enabled: ({ exams, choices }: AppState) =>
      !['none', 'all'].includes(choices.score) && Object.keys(exams).length > 0,
    run: async ({ store, choose, session }: App) => {
      const { questionPrompt } = await import('../compare/ask')
      const prompt = questionPrompt(store.getState(), which)
      if (prompt === undefined) return
      choose({ view: 'compare', prompt })
      await session.run()
    }
  } as const
}

function comparePair({ choose }: App, pair: Exclude<Pair, 'free'>): void {
  choose({ view: 'compare', pair, ...pairModels[pair] })
}

function reveal({ store, choose }: App, revealed: Section): void {
  choose({ view: 'compare' })
  store.setState({ revealed })
}
