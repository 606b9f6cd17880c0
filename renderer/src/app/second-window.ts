/**
 * A second window shows what the first one shows: its choices, the run of the two models, their score and speeds, and
 * the token under the pointer. Of two first windows in one browser the one that changes last is followed.
 */
import type { StoreApi } from 'zustand/vanilla'
import type { Contestant } from '../compare/state'
import { refreshOwnModels } from '../lab/own-models'
import type { App } from '../state/app'
import type { AppState } from '../state/app-state'

const channelName = 'moescope.windows'
/** Changes of one frame or two are sent together. */
const pauseMilliseconds = 30

/** Parts of the state that are sent as they are. */
const followed = [
  'choices',
  'status',
  'loading',
  'failure',
  'awaited',
  'replay',
  'pointed',
  'stage',
  'exams',
  'speedPoints',
  'toldSince'
] as const

/** The steps of a model from one on, with its speed. */
interface NewSteps extends Contestant {
  readonly from: number
}

type Message =
  /** A second window asks for all that is shown. */
  | { readonly kind: 'asks' }
  /** A first window has opened. */
  | { readonly kind: 'opened' }
  /** The parts that have changed in the first window. */
  | {
      readonly kind: 'shows'
      readonly parts: Partial<Pick<AppState, (typeof followed)[number]>>
      readonly contestants: readonly [NewSteps, NewSteps]
    }

/** Tells second windows what this one shows, once one of them asks. Returns what undoes this. */
export function lead(store: StoreApi<AppState>): () => void {
  const channel = new BroadcastChannel(channelName)
  const post = (message: Message) => channel.postMessage(message)
  /** The state that was sent last; undefined while nobody follows. */
  let sent: Partial<AppState> | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  const send = () => {
    timer = undefined
    const state = store.getState()
    const changed = followed.filter((key) => sent?.[key] !== state[key] || !(sent && key in sent))
    const [left, right] = state.contestants
    const [oldLeft, oldRight] = sent?.contestants ?? []
    if (changed.length === 0 && left === oldLeft && right === oldRight) return
    post({
      kind: 'shows',
      parts: Object.fromEntries(changed.map((key) => [key, state[key]])),
      contestants: [newSteps(oldLeft, left), newSteps(oldRight, right)]
    })
    sent = state
  }
  channel.onmessage = ({ data }: MessageEvent<Message>) => {
    if (data.kind !== 'asks') return
    sent = {}
    send()
  }
  const stop = store.subscribe(() => {
    if (sent) timer ??= setTimeout(send, pauseMilliseconds)
  })
  post({ kind: 'opened' })
  return () => {
    stop()
    clearTimeout(timer)
    channel.close()
  }
}

/** Shows what the first window shows, while the state says so. Returns what undoes this. */
export function follow({ host, store }: Pick<App, 'host' | 'store'>): () => void {
  const channel = new BroadcastChannel(channelName)
  const ask = () => channel.postMessage({ kind: 'asks' } satisfies Message)
  channel.onmessage = ({ data }: MessageEvent<Message>) => {
    if (!store.getState().following) return
    if (data.kind === 'opened') ask()
    if (data.kind !== 'shows') return
    const [left, right] = store.getState().contestants
    const [newLeft, newRight] = data.contestants
    // A message of before this window asked: all will come.
    if (newLeft.from > left.steps.length || newRight.from > right.steps.length) return
    store.setState({ ...data.parts, contestants: [joined(left, newLeft), joined(right, newRight)] })
    const { library, choices } = store.getState()
    const isKnown = (id: string) => library?.models.some((model) => model.id === id) ?? true
    // It was trained since this window read which models there are.
    if (data.parts.choices && !(isKnown(choices.left) && isKnown(choices.right))) void refreshOwnModels({ host, store })
  }
  const stop = store.subscribe((state, before) => {
    if (state.following && !before.following) ask()
  })
  ask()
  return () => {
    stop()
    channel.close()
  }
}

function newSteps(old: Contestant | undefined, { steps, ...speeds }: Contestant): NewSteps {
  const known = old?.steps ?? []
  const goesOn = known.length <= steps.length && known.at(-1) === steps[known.length - 1]
  const from = goesOn ? known.length : 0
  return { ...speeds, from, steps: steps.slice(from) }
}

function joined({ steps }: Contestant, { from, steps: more, ...speeds }: NewSteps): Contestant {
  return { ...speeds, steps: from === steps.length && more.length === 0 ? steps : [...steps.slice(0, from), ...more] }
}
