/** Changes that were undone or done again, in words. */
import type { Chosen } from '../state/app-state'

/** The places and names of what differs: `in Compare: prompt, seed.` */
export function changeText(before: Chosen, after: Chosen): string {
  const [old, now] = [placesOf(before), placesOf(after)]
  const changes = (['Compare', 'Routing', 'Lab', 'Compress', 'Architectures', 'Scaling', 'Settings'] as const).flatMap(
    (place) => {
      const names = differences(old[place], now[place])
      return names.length > 0 ? [`in ${place}: ${names.join(', ')}`] : []
    }
  )
  const runs = [...before.removed, ...after.removed].filter(
    (run) => !before.removed.includes(run) || !after.removed.includes(run)
  )
  return `${[...changes, ...runs.map(({ id }) => `removal of ${id}`)].join('; ')}.`
}

function placesOf({ choices, settings }: Chosen) {
  const {
    view: _view,
    shown: _shown,
    lab,
    inspection,
    compress,
    architectures,
    scaling,
    story: _story,
    ...compare
  } = choices
  return {
    Compare: compare,
    Routing: inspection,
    Lab: { ...lab, ...partsOf(lab.runs), runs: lab.runs.length },
    Compress: compress,
    Architectures: architectures,
    Scaling: scaling,
    Settings: settings
  }
}

/** The choices of each run, by its place and name. */
function partsOf(runs: Chosen['choices']['lab']['runs']): Record<string, unknown> {
  return Object.fromEntries(
    runs.flatMap((run, place) => Object.entries(run).map(([name, value]) => [`${place}.${name}`, value]))
  )
}

/** Names of the values that differ. */
function differences(before: object, after: object): string[] {
  const [old, now] = [before, after].map((values) => new Map(Object.entries(values)))
  const keys = [...new Set([...(old?.keys() ?? []), ...(now?.keys() ?? [])])]
  const changed = keys.filter((key) => JSON.stringify(old?.get(key)) !== JSON.stringify(now?.get(key)))
  // A run that came or went differs in all of its parts.
  const parts = changed.includes('runs') ? ['runs'] : changed.map((key) => key.replace(/^\d+\./, ''))
  return [...new Set(parts)].map((key) => names[key] ?? spaced(key))
}

const names: Readonly<Record<string, string>> = {
  tokens: 'length',
  topP: 'top-p',
  topK: 'top-k',
  pair: 'pair of models',
  left: 'left model',
  right: 'right model',
  selected: 'selected token',
  balanceLoss: 'load-balancing loss',
  beside: 'second trace',
  compared: 'models side by side',
  opened: 'opened config.json',
  without: 'parts taken out',
  x: 'horizontal axis',
  y: 'vertical axis',
  before: 'earlier transforms',
  after: 'later transforms'
}

/** `textSize` as `text size`. */
function spaced(key: string): string {
  return key.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
}
