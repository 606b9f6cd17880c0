import type { App } from '../state/app'
import type { AppState } from '../state/app-state'
import { limits, pairModels } from '../state/choices'
import { domainOfPrompt, exampleDomains } from '../state/examples'
import { writeLink } from '../state/link'
import { promptProblem } from '../state/prompt'
import { openRun, saveRun } from '../state/run-file'

/** One thing that the user can do. Buttons, shortcuts and the help sheet derive from the list. */
export interface Command {
  readonly id: string
  readonly label: string
  /** Other words that it is looked for with. */
  readonly keywords: readonly string[]
  /** Value of `KeyboardEvent.key`, without modifiers; undefined for none. */
  readonly shortcut?: string
  enabled(state: AppState): boolean
  run(app: App): void | Promise<void>
}

/** All commands, in the order of the help sheet. */
export const commands = [
  {
    id: 'run',
    label: 'Run or pause',
    keywords: ['start', 'play', 'stop', 'generate'],
    shortcut: ' ',
    enabled: (state) =>
      ['loading', 'ready', 'paused', 'running', 'finished'].includes(state.status) &&
      promptProblem(state) === undefined,
    run: ({ store, session }) => (store.getState().status === 'running' ? session.pause() : session.run())
  },
  {
    id: 'step',
    label: 'Step one token',
    keywords: ['next', 'single'],
    shortcut: 'ArrowRight',
    enabled: (state) => ['ready', 'paused'].includes(state.status) && promptProblem(state) === undefined,
    run: ({ session }) => session.step()
  },
  {
    id: 'reset',
    label: 'Reset',
    keywords: ['clear', 'begin', 'restart'],
    shortcut: 'r',
    enabled: (state) => state.contestants[0].steps.length > 0 && state.status !== 'failed',
    run: ({ session }) => session.reset()
  },
  {
    id: 'new-seed',
    label: 'Next seed',
    keywords: ['random', 'dice', 'again'],
    shortcut: 'n',
    enabled: ({ status }) => status !== 'running',
    run: ({ store, choose }) => choose({ seed: (store.getState().choices.seed + 1) % (limits.seed + 1) })
  },
  {
    id: 'next-example',
    label: 'Next example prompt',
    keywords: ['domain', 'prompt'],
    shortcut: 'e',
    enabled: () => true,
    run: ({ store, choose }) => choose({ prompt: exampleAfter(store.getState().choices.prompt) })
  },
  {
    id: 'edit-prompt',
    label: 'Edit the prompt',
    keywords: ['type', 'write'],
    shortcut: 'p',
    enabled: () => true,
    run: () => document.querySelector<HTMLElement>('#prompt')?.focus()
  },
  {
    id: 'faster',
    label: 'Faster',
    keywords: ['pace', 'speed'],
    shortcut: '+',
    enabled: ({ choices }) => choices.pace !== 0,
    run: ({ store, choose }) => choose({ pace: neighbouringPace(store.getState().choices.pace, 1) })
  },
  {
    id: 'slower',
    label: 'Slower',
    keywords: ['pace', 'speed', 'explain'],
    shortcut: '-',
    enabled: ({ choices }) => choices.pace !== paces[0],
    run: ({ store, choose }) => choose({ pace: neighbouringPace(store.getState().choices.pace, -1) })
  },
  {
    id: 'equal-active',
    label: 'Compare at equal active size',
    keywords: ['pair', 'cost'],
    shortcut: '1',
    enabled: ({ status }) => status !== 'loading',
    run: ({ choose }) => choose({ pair: 'equal-active', ...pairModels['equal-active'] })
  },
  {
    id: 'equal-total',
    label: 'Compare at equal total size',
    keywords: ['pair', 'weight', 'memory'],
    shortcut: '2',
    enabled: ({ status, library }) =>
      status !== 'loading' && (library?.models.some(({ id }) => id === pairModels['equal-total'].left) ?? false),
    run: ({ choose }) => choose({ pair: 'equal-total', ...pairModels['equal-total'] })
  },
  {
    id: 'theme',
    label: 'Light or dark',
    keywords: ['theme', 'colours', 'night'],
    shortcut: 't',
    enabled: () => true,
    run: ({ choose }) => choose({ theme: document.documentElement.dataset.theme === 'dark' ? 'light' : 'dark' })
  },
  {
    id: 'copy-link',
    label: 'Copy a link to this',
    keywords: ['share', 'url', 'address'],
    shortcut: 'l',
    enabled: () => true,
    run: copyLink
  },
  {
    id: 'save-run',
    label: 'Save this run',
    keywords: ['file', 'record', 'export'],
    shortcut: 's',
    enabled: ({ status, contestants }) =>
      ['paused', 'finished'].includes(status) && contestants.every(({ steps }) => steps.length > 0),
    run: saveRun
  },
  {
    id: 'open-run',
    label: 'Open a saved run',
    keywords: ['file', 'record', 'replay', 'import'],
    shortcut: 'o',
    enabled: ({ status, library }) => !['loading', 'running'].includes(status) && library !== undefined,
    run: openRun
  },
  {
    id: 'help',
    label: 'Keyboard shortcuts',
    keywords: ['help', 'keys'],
    shortcut: '?',
    enabled: () => true,
    run: ({ store }) => store.setState(({ helpOpen }) => ({ helpOpen: !helpOpen }))
  }
] as const satisfies readonly Command[]

export type CommandId = (typeof commands)[number]['id']

/** The command of an id. */
export function commandOf(id: CommandId): Command {
  const found = commands.find((each) => each.id === id)
  if (!found) throw new Error(`there is no command '${id}'`)
  return found
}

/** Tokens per second that the pace can be set to, from slow enough to explain to unlimited. */
export const paces = [2, 4, 10, 20, 40, 100, 0] as const

function neighbouringPace(pace: number, direction: 1 | -1): number {
  const place = paces.findIndex((each) => each === pace)
  return paces[Math.min(paces.length - 1, Math.max(0, place + direction))] ?? pace
}

/** The first example of the domain that follows that of a prompt; the first of all for a prompt of one's own. */
function exampleAfter(prompt: string): string {
  const domain = domainOfPrompt(prompt)
  const next = exampleDomains[domain ? (exampleDomains.indexOf(domain) + 1) % exampleDomains.length : 0]
  return next?.prompts[0] ?? prompt
}

async function copyLink({ store }: App): Promise<void> {
  const address = new URL(location.href)
  address.hash = writeLink(store.getState().choices)
  try {
    await navigator.clipboard.writeText(address.href)
    store.setState({ notice: 'Link copied: it restores exactly what you see.' })
  } catch {
    store.setState({ notice: `The clipboard is not open to this page. The address bar holds the link.` })
  }
}
