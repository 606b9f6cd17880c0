/** A second window follows the first one until the user does something in it: then it computes for itself. */
import type { StoreApi } from 'zustand/vanilla'
import { generatedTokens } from '../compare/session'
import { type Session, waitingContestants } from '../compare/state'
import { restingEngine } from '../engine/state'
import type { AppState } from '../state/app-state'

/** Ends following: the text that was shown is computed here, once the engine wakes. True where it has followed. */
export function goOwnWay(store: StoreApi<AppState>): boolean {
  const { following, choices, contestants } = store.getState()
  if (!following) return false
  store.setState({
    ...restingEngine,
    following: false,
    choices: { ...choices, shown: generatedTokens(contestants[1]) },
    contestants: waitingContestants,
    awaited: false
  })
  return true
}

/** A session that rests while its window follows, and takes over where the first window was when it is asked. */
export function followingSession(session: Session, store: StoreApi<AppState>): Session {
  const alone = async (act: () => void | Promise<void>) => {
    if (goOwnWay(store)) await session.wake()
    await act()
  }
  return {
    prepare: session.prepare,
    wake: async () => (store.getState().following ? undefined : session.wake()),
    run: () => alone(session.run),
    pause: () => (store.getState().following ? void alone(() => undefined) : session.pause()),
    step: () => alone(session.step),
    reset: () => (store.getState().following ? void alone(session.reset) : session.reset()),
    restart: () => alone(session.restart),
    rerun: () => alone(session.rerun),
    examine: async () => (store.getState().following ? undefined : session.examine()),
    stopScore: session.stopScore,
    resumeScore: () => alone(session.resumeScore)
  }
}
