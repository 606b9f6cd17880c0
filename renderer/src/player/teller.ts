/** Surroundings of the stage on a page of its own: a state, and what a page alone can grant. */
import { createStore, type StoreApi } from 'zustand/vanilla'
import { freshStage } from '../stories/state'
import type { Teller, TellerState } from '../stories/teller'
import { openSpeaker } from './windows'

export interface PlayerState extends TellerState {
  readonly theme: 'light' | 'dark'
}

export interface PagePlayer extends Teller {
  readonly store: StoreApi<PlayerState>
}

/**
 * @param read the story of the page, or why it cannot be read
 * @param speaker true where the page shows what another window says
 * @param chapter to begin with, from 1
 */
export function createTeller(
  read: Partial<Pick<TellerState, 'told' | 'storyFailure'>>,
  speaker: boolean,
  chapter: number
): PagePlayer {
  const store = createStore<PlayerState>(() => ({
    told: undefined,
    storyFailure: undefined,
    ...read,
    stage: freshStage,
    toldSince: undefined,
    seen: [],
    choices: {
      story: {
        id: '',
        chapter: Math.min(199, Math.max(0, Math.trunc(chapter) - 1)),
        edit: false,
        fromEditor: false,
        speaker
      }
    },
    settings: { motion: 'system' },
    following: speaker,
    theme: matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'
  }))
  return {
    store,
    choose: (choices) => store.setState({ choices }),
    grants: (wish) => ['speaker', 'full-screen', 'theme'].includes(wish),
    fulfil: (wish) => {
      switch (wish) {
        case 'speaker':
          return openSpeaker()
        case 'full-screen':
          return void (document.fullscreenElement
            ? document.exitFullscreen()
            : document.documentElement.requestFullscreen())
        case 'theme':
          return store.setState(({ theme }) => ({ theme: theme === 'dark' ? 'light' : 'dark' }))
        case 'leave':
          // Here is nothing but the story: all of its chapters are the way out of one.
          return store.setState({ stage: { ...freshStage, shows: 'overview' } })
        case 'live':
          return
      }
    }
  }
}
