import type { App } from '../state/app'
import { defaultStory } from './choices'
import { freshStage } from './state'

/** Begins a story at a chapter. */
export function beginStory({ choose, store }: Pick<App, 'choose' | 'store'>, id: string, chapter = 0): void {
  store.setState({ stage: freshStage, toldSince: undefined })
  choose({ view: 'stories', story: { ...defaultStory, id, chapter } })
}
