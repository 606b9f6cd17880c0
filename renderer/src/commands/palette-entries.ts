/** Entries of the palette: commands, models, settings, examples and recent files. */
import type { GalleryModel } from '@core/arch/gallery'
import { exampleDomains } from '../compare/examples'
import { openRecentFile } from '../files/open-file'
import type { App } from '../state/app'
import type { AppState } from '../state/app-state'
import { runCommand } from '../state/run-command'
import { textSizes, themes } from '../state/settings'
import { keyName } from '../ui/keys'
import { modelName, modelShape } from '../words/model-words'
import { commands } from './commands'

export interface PaletteEntry {
  readonly id: string
  readonly label: string
  /** Detail that distinguishes it from similar entries. */
  readonly detail: string
  readonly keywords: string
  run(app: App): void
}

export interface PaletteGroup {
  readonly label: string
  readonly entries: readonly PaletteEntry[]
}

/** Everything that can be asked for in this state, in groups. */
export function paletteGroups(state: AppState): PaletteGroup[] {
  return [
    { label: 'Recent files', entries: recentEntries(state) },
    { label: 'Commands', entries: commandEntries(state) },
    { label: 'Models', entries: modelEntries(state) },
    { label: 'Real architectures', entries: architectureEntries(state) },
    { label: 'Settings', entries: settingEntries(state) },
    { label: 'Example prompts', entries: exampleEntries() }
  ]
}

/**
 * The entries that hold every word of a query, those first whose label begins with it, then those whose label holds it.
 * Groups that hold none are left out.
 */
export function findEntries(groups: readonly PaletteGroup[], query: string): PaletteGroup[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  const phrase = words.join(' ')
  const rank = ({ label }: PaletteEntry) => {
    const text = label.toLowerCase()
    return text.startsWith(phrase) ? 0 : text.includes(phrase) ? 1 : 2
  }
  return groups
    .map(({ label, entries }) => ({
      label,
      entries: entries
        .filter((entry) => {
          const text = `${entry.label} ${entry.detail} ${entry.keywords} ${label}`.toLowerCase()
          return words.every((word) => text.includes(word))
        })
        .sort((a, b) => rank(a) - rank(b))
    }))
    .filter(({ entries }) => entries.length > 0)
}

function commandEntries(state: AppState): PaletteEntry[] {
  return commands
    .filter((command) => command.id !== 'palette' && command.enabled(state))
    .map((command) => ({
      id: command.id,
      label: command.label,
      detail: keyName(command) ?? '',
      keywords: command.keywords.join(' '),
      run: (app) => void runCommand(app, command)
    }))
}

function modelEntries({ library, choices }: AppState): PaletteEntry[] {
  return (library?.models ?? []).flatMap((model) =>
    (['left', 'right'] as const)
      .filter((side) => choices[side] !== model.id)
      .map((side) => ({
        id: `${model.id}-${side}`,
        label: `${modelName(model)} on the ${side}`,
        detail: modelShape(model),
        keywords: `${model.id} model choose`,
        run: ({ choose }: App) => choose({ view: 'compare', pair: 'free', [side]: model.id })
      }))
  )
}

function architectureEntries({ gallery }: AppState): PaletteEntry[] {
  return (Array.isArray(gallery) ? (gallery as readonly GalleryModel[]) : []).map(({ id, name, family, year }) => ({
    id,
    label: name,
    detail: `${family}, ${year}`,
    keywords: `${id} real architecture gallery`,
    run: ({ store, choose }: App) =>
      choose({
        view: 'architectures',
        architectures: { ...store.getState().choices.architectures, screen: 'one', model: id, changes: {} }
      })
  }))
}

function settingEntries({ settings, engine }: AppState): PaletteEntry[] {
  const backends = engine?.webgpu ? (['wasm', 'webgpu'] as const) : []
  return [
    ...themes.map((theme) => setting('Theme', theme, theme === settings.theme, { theme })),
    ...textSizes.map((textSize) => setting('Text size', `${textSize} %`, textSize === settings.textSize, { textSize })),
    ...backends.map((backend) => setting('Backend', backend, backend === settings.backend, { backend })),
    ...(['system', 'reduce'] as const).map((motion) =>
      setting('Motion', motion, motion === settings.motion, { motion })
    )
  ]
}

function setting(name: string, value: string, current: boolean, changes: Partial<AppState['settings']>): PaletteEntry {
  return {
    id: `${name}-${value}`,
    label: `${name}: ${value}`,
    detail: current ? 'as it is' : '',
    keywords: 'settings preferences',
    run: ({ configure }) => configure(changes)
  }
}

function exampleEntries(): PaletteEntry[] {
  return exampleDomains().flatMap(({ id, title, tests, prompts }) =>
    prompts.slice(0, 1).map((prompt) => ({
      id,
      label: `Prompt: ${title}`,
      detail: prompt.trim(),
      keywords: `${tests} example domain`,
      run: ({ choose }: App) => choose({ view: 'compare', prompt })
    }))
  )
}

function recentEntries({ recent }: AppState): PaletteEntry[] {
  return recent.map(({ id, name, folder }) => ({
    id,
    label: name,
    detail: folder,
    keywords: 'open recent file',
    run: (app) => void openRecentFile(app, id)
  }))
}
