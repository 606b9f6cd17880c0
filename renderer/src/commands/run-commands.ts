/** The run of the two models. */

import { isUnderWay, type RunRecord } from '@core/lab/run'
import { paces } from '../compare/choices'
import { promptProblem } from '../compare/prompt'
import { mostRuns } from '../lab/choices'
import type { Command } from '../state/command'

export const runCommands = [
  {
    id: 'run',
    label: 'Run or pause',
    keywords: ['start', 'play', 'stop', 'generate'],
    shortcuts: [' '],
    enabled: (state) =>
      ['resting', 'loading', 'ready', 'paused', 'running', 'finished'].includes(state.status) &&
      promptProblem(state) === undefined,
    run: (app) => {
      app.choose({ view: 'compare' })
      return app.store.getState().status === 'running' ? app.session.pause() : app.session.run()
    }
  },
  {
    id: 'step',
    label: 'Step one token',
    keywords: ['next', 'single'],
    shortcuts: ['ArrowRight'],
    enabled: (state) => ['ready', 'paused'].includes(state.status) && promptProblem(state) === undefined,
    run: (app) => {
      app.choose({ view: 'compare' })
      return app.session.step()
    }
  },
  {
    id: 'reset',
    label: 'Reset the run',
    keywords: ['clear', 'begin', 'restart'],
    shortcuts: ['r'],
    enabled: (state) => state.contestants[0].steps.length > 0 && state.status !== 'failed',
    run: ({ session }) => session.reset()
  }
] as const satisfies readonly Command[]

export const paceCommands = [
  {
    id: 'faster',
    label: 'Faster',
    keywords: ['pace', 'speed'],
    shortcuts: ['+'],
    enabled: ({ choices }) => choices.pace !== 0,
    run: ({ store, choose }) => choose({ pace: neighbouringPace(store.getState().choices.pace, 1) })
  },
  {
    id: 'slower',
    label: 'Slower',
    keywords: ['pace', 'speed', 'explain'],
    shortcuts: ['-'],
    enabled: ({ choices }) => choices.pace !== paces[0],
    run: ({ store, choose }) => choose({ pace: neighbouringPace(store.getState().choices.pace, -1) })
  }
] as const satisfies readonly Command[]

export const trainingCommands = [
  {
    id: 'begin-training',
    label: 'Train',
    keywords: ['learn', 'own', 'model'],
    enabled: ({ library, choices }) => choices.view === 'lab' && library !== undefined,
    run: async (app) => {
      // Writing an architecture is nothing that the front page needs to wait for.
      const { playRuns } = await import('../lab/train')
      await playRuns(app, app.store.getState().choices.lab.runs)
    }
  },
  {
    id: 'pause-training',
    label: 'Pause the trainings',
    keywords: ['learn', 'stop', 'hold'],
    enabled: ({ runs, choices }) => choices.view === 'lab' && runs.some((run) => isTraining(run) && !run.onHold),
    run: async (app) => {
      const { pauseRuns } = await import('../lab/train')
      pauseRuns(app, app.store.getState().choices.lab.runs)
    }
  },
  {
    id: 'step-training',
    label: 'One step of the trainings',
    keywords: ['learn', 'single'],
    enabled: ({ library, choices }) => choices.view === 'lab' && library !== undefined,
    run: async (app) => {
      const { stepRuns } = await import('../lab/train')
      await stepRuns(app, app.store.getState().choices.lab.runs)
    }
  },
  {
    id: 'reset-training',
    label: 'Reset the trainings',
    keywords: ['forget', 'restart', 'clear'],
    enabled: ({ runs, choices }) => choices.view === 'lab' && runs.some(({ kind }) => kind === 'train'),
    run: async (app) => {
      const { resetRuns } = await import('../lab/train')
      await resetRuns(app, app.store.getState().choices.lab.runs)
    }
  },
  {
    id: 'train-seeds',
    label: 'Repeat the trainings with three seeds',
    keywords: ['thorough', 'spread', 'experiment'],
    enabled: ({ library, choices }) => choices.view === 'lab' && library !== undefined,
    run: async (app) => {
      const { playSeeds } = await import('../lab/seeds')
      await playSeeds(app, app.store.getState().choices.lab.runs)
    }
  },
  {
    id: 'add-run',
    label: 'Train one more model beside the others',
    keywords: ['lab', 'another', 'run', 'copy'],
    enabled: ({ choices }) => choices.view === 'lab' && choices.lab.runs.length < mostRuns,
    run: ({ store, choose }) => {
      const { lab } = store.getState().choices
      const [copied] = lab.runs.slice(Math.min(lab.edited, lab.runs.length - 1))
      if (copied)
        choose({ lab: { ...lab, runs: [...lab.runs, { ...copied, seed: copied.seed + 1 }], edited: lab.runs.length } })
    }
  }
] as const satisfies readonly Command[]

function isTraining(run: RunRecord): boolean {
  return run.kind === 'train' && isUnderWay(run)
}

function neighbouringPace(pace: number, direction: 1 | -1): number {
  const place = paces.findIndex((each) => each === pace)
  return paces[Math.min(paces.length - 1, Math.max(0, place + direction))] ?? pace
}
