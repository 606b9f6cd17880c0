/** Changes that were undone or done again, in words. */
import type { ReadStory, Story } from '@core/stories/story'
import type { Chosen } from '../state/app-state'

/** The places and names of what differs: `in Compare: prompt, seed.` */
export function changeText(before: Chosen, after: Chosen): string {
  const [old, now] = [placesOf(before), placesOf(after)]
  const changes = (
    ['Compare', 'Routing', 'Lab', 'Sweeps', 'Compress', 'Architectures', 'Scaling', 'Settings'] as const
  ).flatMap((place) => {
    const names = differences(old[place], now[place])
    return names.length > 0 ? [`in ${place}: ${names.join(', ')}`] : []
  })
  const runs = [...before.removed, ...after.removed].filter(
    (run) => !before.removed.includes(run) || !after.removed.includes(run)
  )
  const stories = storyChanges(before.ownStories ?? [], after.ownStories ?? [])
  return `${[...changes, ...stories, ...runs.map(({ id }) => `removal of ${id}`)].join('; ')}.`
}

/** Stories that came or went, or what differs in them: `in “Title”: headline of chapter 2`. */
function storyChanges(before: readonly ReadStory[], after: readonly ReadStory[]): string[] {
  const ids = [...new Set([...before, ...after].map(({ story }) => story.id))]
  return ids.flatMap((id) => {
    const [old, now] = [before, after].map((stories) => stories.find(({ story }) => story.id === id)?.story)
    if (old === now) return []
    if (!old || !now) return [`the story “${(old ?? now)?.title}”`]
    return [`in “${now.title}”: ${storyDifferences(old, now).join(', ')}`]
  })
}

function storyDifferences({ chapters: old, ...before }: Story, { chapters: now, ...after }: Story): string[] {
  const own = differences(before, after)
  if (old.length !== now.length) {
    const longer = old.length > now.length ? old : now
    const place = longer.findIndex((chapter, i) => chapter !== (longer === old ? now : old)[i])
    return [...own, `chapter ${place + 1}, “${longer[place]?.headline}”`]
  }
  const changed = old.flatMap((chapter, i) => (chapter === now[i] ? [] : [i]))
  if (changed.length > 1 && old.every((chapter) => now.includes(chapter))) return [...own, 'order of the chapters']
  return [...own, ...changed.map((i) => `${differences(old[i] ?? {}, now[i] ?? {}).join(', ')} of chapter ${i + 1}`)]
}

function placesOf({ choices, settings }: Chosen) {
  const {
    view: _view,
    shown: _shown,
    lab,
    inspection,
    sweep,
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
    Sweeps: sweep,
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
