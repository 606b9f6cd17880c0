/** The app itself: its looks, its settings, its help. */

import { isUnderWay } from '@core/lab/run'
import type { Overlay } from '../app/state'
import type { App } from '../state/app'
import { views } from '../state/choices'
import type { Command } from '../state/command'
import { defaultSettings, textSizes } from '../state/settings'

export const undoCommands = [
  {
    id: 'undo',
    label: 'Undo',
    keywords: ['back', 'revert'],
    shortcuts: ['Mod+Z'],
    enabled: ({ history }) => history.past.length > 0,
    run: ({ undo }) => undo()
  },
  {
    id: 'redo',
    label: 'Redo',
    keywords: ['again', 'forward'],
    shortcuts: ['Mod+Shift+Z', 'Mod+Y'],
    enabled: ({ history }) => history.future.length > 0,
    run: ({ redo }) => redo()
  }
] as const satisfies readonly Command[]

export const settingsCommands = [
  {
    id: 'settings',
    label: 'Settings …',
    keywords: ['preferences', 'options', 'configure'],
    shortcuts: ['Mod+,'],
    enabled: () => true,
    run: (app) => toggle(app, 'settings')
  },
  {
    id: 'palette',
    label: 'Find a command …',
    keywords: ['palette', 'search'],
    shortcuts: ['Mod+K', 'Mod+Shift+P'],
    enabled: () => true,
    run: (app) => toggle(app, 'palette')
  }
] as const satisfies readonly Command[]

export const viewCommands = [
  {
    id: 'back',
    label: 'Back',
    keywords: ['view', 'history', 'before'],
    shortcuts: ['Alt+ArrowLeft'],
    enabled: () => true,
    run: () => history.back()
  },
  {
    id: 'forward',
    label: 'Forward',
    keywords: ['view', 'history', 'again'],
    shortcuts: ['Alt+ArrowRight'],
    enabled: () => true,
    run: () => history.forward()
  },
  {
    id: 'next-view',
    label: 'Next view',
    keywords: ['clicker', 'present'],
    shortcuts: ['PageDown'],
    enabled: ({ choices }) => choices.view !== views.at(-1),
    run: (app) => moveView(app, 1)
  },
  {
    id: 'previous-view',
    label: 'Previous view',
    keywords: ['clicker', 'present'],
    shortcuts: ['PageUp'],
    enabled: ({ choices }) => choices.view !== views[0],
    run: (app) => moveView(app, -1)
  }
] as const satisfies readonly Command[]

export const lookCommands = [
  {
    id: 'theme',
    label: 'Light or dark',
    keywords: ['theme', 'colours', 'night'],
    shortcuts: ['t'],
    enabled: () => true,
    run: ({ configure }) => configure({ theme: document.documentElement.dataset.theme === 'dark' ? 'light' : 'dark' })
  },
  {
    id: 'larger-text',
    label: 'Larger text',
    keywords: ['zoom', 'size', 'big', 'projector'],
    shortcuts: ['Mod+=', 'Mod++'],
    enabled: ({ settings }) => settings.textSize < (textSizes.at(-1) ?? 0),
    run: ({ store, configure }) =>
      configure({ textSize: textSizes.find((size) => size > store.getState().settings.textSize) ?? 200 })
  },
  {
    id: 'smaller-text',
    label: 'Smaller text',
    keywords: ['zoom', 'size', 'little'],
    shortcuts: ['Mod+-'],
    enabled: ({ settings }) => settings.textSize > textSizes[0],
    run: ({ store, configure }) =>
      configure({ textSize: textSizes.findLast((size) => size < store.getState().settings.textSize) ?? 100 })
  },
  {
    id: 'usual-text',
    label: 'Text at its usual size',
    keywords: ['zoom', '100 %', 'reset'],
    shortcuts: ['Mod+0'],
    enabled: ({ settings }) => settings.textSize !== defaultSettings.textSize,
    run: ({ configure }) => configure({ textSize: defaultSettings.textSize })
  },
  {
    id: 'full-screen',
    label: 'Full screen',
    keywords: ['present', 'window', 'projector'],
    shortcuts: ['f', 'F11'],
    enabled: () => true,
    run: ({ host }) => host.toggleFullScreen()
  }
] as const satisfies readonly Command[]

export const helpCommands = [
  {
    id: 'help',
    label: 'Help and glossary',
    keywords: ['keys', 'keyboard', 'shortcuts', 'terms', 'definition'],
    shortcuts: ['?', 'F1'],
    enabled: () => true,
    run: (app) => toggle(app, 'help')
  },
  {
    id: 'cancel-runs',
    label: 'Cancel all jobs',
    keywords: ['runs', 'stop', 'running'],
    enabled: ({ runs }) => runs.some(isUnderWay),
    run: ({ lab }) => {
      for (const { id } of lab.queue.records.filter(isUnderWay)) lab.cancel(id)
    }
  },
  {
    id: 'copy-crash-report',
    label: 'Copy the report of the last crash',
    keywords: ['error', 'problem', 'bug'],
    enabled: ({ crash }) => crash !== undefined,
    run: async ({ host, store, notify }) => {
      await host.copyText(store.getState().crash ?? '')
      notify('The report is in the clipboard.')
    }
  },
  {
    id: 'about',
    label: 'About Moescope',
    keywords: ['version', 'licence', 'license'],
    enabled: () => true,
    run: (app) => toggle(app, 'about')
  }
] as const satisfies readonly Command[]

function moveView({ store, choose }: App, step: 1 | -1): void {
  const view = views[views.indexOf(store.getState().choices.view) + step]
  if (view) choose({ view })
}

function toggle({ store }: App, overlay: Overlay): void {
  store.setState((state) => ({ overlay: state.overlay === overlay ? undefined : overlay }))
}
