/** Keeps what the user chose: in the address, so that it can be shared, and in storage, so that it is there again. */
import type { Host } from '../host/host'
import type { App } from '../state/app'
import { type Choices, choicesSchema, defaultChoices } from '../state/choices'
import { readLink, writeLink } from '../state/link'

const storedAs = 'choices'
const pauseMilliseconds = 300

/** The choices to begin with: those of the link, else those of the last time; and what could not be read of them. */
export async function rememberedChoices(host: Host): Promise<{ choices: Choices; notice?: string }> {
  const link = readLink(location.hash)
  if (link) {
    if (link.unreadable.length === 0) return { choices: link.choices }
    return { choices: link.choices, notice: `The link has settings that cannot be read: ${link.unreadable.join(', ')}` }
  }
  const stored = choicesSchema.safeParse(await host.recall(storedAs).catch(() => undefined))
  return { choices: stored.success ? stored.data : defaultChoices }
}

/** Writes every change to the address and to storage, soon but not at every keystroke. Returns what undoes this. */
export function keepChoices({ host, store, choose }: App): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  const write = () => {
    const { choices } = store.getState()
    const fragment = writeLink(choices)
    if (fragment !== location.hash.slice(1)) history.replaceState(null, '', fragment === '' ? '#' : `#${fragment}`)
    void host.store(storedAs, choices).catch(() => undefined)
  }
  const stop = store.subscribe((state, before) => {
    if (state.choices === before.choices) return
    clearTimeout(timer)
    timer = setTimeout(write, pauseMilliseconds)
  })
  // A link that is pasted into the address bar of the open page.
  const onHash = () => {
    const link = readLink(location.hash)
    if (link && writeLink(link.choices) !== writeLink(store.getState().choices)) choose(link.choices)
  }
  window.addEventListener('hashchange', onHash)
  return () => {
    stop()
    clearTimeout(timer)
    window.removeEventListener('hashchange', onHash)
  }
}
