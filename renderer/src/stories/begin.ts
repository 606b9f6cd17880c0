import type { App } from '../state/app'
import { defaultStory } from './choices'
import { freshStage } from './state'

/** Begins a story at a chapter: its first one, unless it is told from the editor. */
export function beginStory(
  { choose, store }: Pick<App, 'choose' | 'store'>,
  id: string,
  { chapter = 0, fromEditor = false } = {}
): void {
  const now = Date.now()
  store.setState({ stage: freshStage, toldSince: chapter === 0 ? { story: now, chapter: now } : undefined })
  choose({ view: 'stories', story: { ...defaultStory, id, chapter, fromEditor } })
}
