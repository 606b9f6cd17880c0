/**
 * The two windows of a story's page: the stage, and the speaker's side, which asks the window that opened it every second,
 * so that either may be loaded anew. Of a file, no other channel between two windows is open in all browsers.
 */
import { z } from 'zod'
import { pressKey } from '../stories/teller'
import type { PagePlayer } from './teller'

const message = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('asks') }),
  z.object({ kind: z.literal('presses'), key: z.string().max(20) }),
  z.object({
    kind: z.literal('shows'),
    chapter: z.int().min(0).max(199),
    stage: z.object({
      moment: z.number().min(0).max(1),
      runs: z.boolean(),
      shows: z.enum(['chapter', 'overview', 'number']),
      typed: z.string().max(3),
      black: z.boolean()
    }),
    toldSince: z.object({ story: z.number(), chapter: z.number() }).optional(),
    theme: z.enum(['light', 'dark'])
  })
])

type Message = z.infer<typeof message>

/** Opens the speaker's side, in its own window. */
export function openSpeaker(): void {
  const address = Object.assign(new URL(location.href), { hash: 'speaker' })
  window.open(address, 'moescope-speaker', `popup,width=${innerWidth},height=${innerHeight}`)
}

/** Shows the speaker's window what is told here, and takes its keys. Returns what undoes this. */
export function lead(teller: PagePlayer): () => void {
  const { store } = teller
  let speaker: MessageEventSource | null = null
  const show = () => {
    const { choices, stage, toldSince, theme } = store.getState()
    const shown: Message = { kind: 'shows', chapter: choices.story.chapter, stage, toldSince, theme }
    speaker?.postMessage(shown, { targetOrigin: '*' })
  }
  const stopListening = listen((received, source) => {
    if (received.kind === 'asks') {
      speaker = source
      show()
    }
    if (received.kind === 'presses') pressKey(teller, received.key)
  })
  const stop = store.subscribe(show)
  return () => {
    stopListening()
    stop()
  }
}

/** Shows what the window says that opened this one. Returns what undoes this. */
export function follow({ store }: PagePlayer): () => void {
  const ask = () => send({ kind: 'asks' })
  const timer = setInterval(ask, 1000)
  ask()
  const stopListening = listen((received, source) => {
    if (received.kind !== 'shows' || source !== window.opener) return
    const { chapter, stage, toldSince, theme } = received
    store.setState(({ choices }) => ({
      choices: { story: { ...choices.story, chapter } },
      stage,
      toldSince,
      theme
    }))
  })
  return () => {
    clearInterval(timer)
    stopListening()
  }
}

/** Has a key move the window that opened this one. */
export function sendKey(key: string): void {
  send({ kind: 'presses', key })
}

function send(sent: Message): void {
  const opener: unknown = window.opener
  // Of a window that is closed nothing is left to tell.
  if (opener) (opener as Window).postMessage(sent, '*')
}

function listen(heard: (received: Message, source: MessageEventSource | null) => void): () => void {
  const onMessage = ({ data, source }: MessageEvent<unknown>) => {
    const read = message.safeParse(data)
    if (read.success) heard(read.data, source)
  }
  window.addEventListener('message', onMessage)
  return () => window.removeEventListener('message', onMessage)
}
