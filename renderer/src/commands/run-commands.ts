/** The run of the two models. */

import { paces } from '../compare/choices'
import { promptProblem } from '../compare/prompt'
import { trainingProblem } from '../lab/choices'
import { runUnderWay } from '../lab/under-way'
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
    enabled: ({ runs, library, choices }) =>
      choices.view === 'train' &&
      library !== undefined &&
      runUnderWay(runs, 'train') === undefined &&
      trainingProblem(choices.training) === undefined,
    run: async (app) => {
      // Writing an architecture is nothing that the front page needs to wait for.
      const { beginTraining } = await import('../lab/train')
      await beginTraining(app)
    }
  }
] as const satisfies readonly Command[]

function neighbouringPace(pace: number, direction: 1 | -1): number {
  const place = paces.findIndex((each) => each === pace)
  return paces[Math.min(paces.length - 1, Math.max(0, place + direction))] ?? pace
}
