/** Telling a story wherever its stage is shown: in the app, or on a page that is the story alone. */
import type { Story } from '@core/stories/story'
import { createContext, useContext } from 'react'
import { useStore } from 'zustand'
import type { Settings } from '../state/settings'
import type { StoryChoices } from './choices'
import { clockAt } from './clock'
import { pass, press, type Wish } from './player'
import { freshStage, type StoriesState } from './state'

/** The part of the state that the stage shows. */
export interface TellerState extends Pick<StoriesState, 'told' | 'storyFailure' | 'stage' | 'toldSince' | 'seen'> {
  readonly choices: { readonly story: StoryChoices }
  readonly settings: Pick<Settings, 'motion'>
  /** True of a second window that shows what the first one shows. */
  readonly following: boolean | undefined
}

/** The stage's surroundings. */
export interface Teller {
  readonly store: {
    getState(): TellerState
    getInitialState(): TellerState
    setState(change: Partial<Pick<TellerState, 'stage' | 'toldSince' | 'seen'>>): void
    subscribe(listener: (state: TellerState, before: TellerState) => void): () => void
  }
  choose(changes: { readonly story: StoryChoices }): void
  /** False for what cannot be asked for here: its button is not shown. */
  grants(wish: Wish): boolean
  fulfil(wish: Exclude<Wish, 'clock'>, chapter: Story['chapters'][number] | undefined): void
}

const TellerContext = createContext<Teller | undefined>(undefined)

export const TellerProvider = TellerContext.Provider

/** Surroundings of this component's stage. */
export function useTeller(): Teller {
  const teller = useContext(TellerContext)
  if (!teller) throw new Error('a stage was drawn with nobody who tells its story')
  return teller
}

/** A part of the state; the component is drawn again when that part changes. */
export function useTold<T>(part: (state: TellerState) => T): T {
  return useStore(useTeller().store, part)
}

/** The chapter that is told; the last one where the choice lies beyond it. */
export function chapterOf({ chapters }: Story, { chapter }: StoryChoices): number {
  return Math.min(chapters.length - 1, chapter)
}

/** Does what a key asks of the story that is told. */
export function pressKey(teller: Teller, key: string): void {
  const { told, stage, choices } = teller.store.getState()
  if (!told) {
    if (key === 'Escape') teller.fulfil('leave', undefined)
    return
  }
  const { story } = told
  const before = chapterOf(story, choices.story)
  const { player, wish } = press({ ...stage, chapter: before }, key, story.chapters.length)
  goTo(teller, before, player)
  if (wish === 'clock') {
    teller.store.setState({ toldSince: clockAt(story, player.chapter, undefined, Date.now()) })
  } else if (wish) teller.fulfil(wish, story.chapters[player.chapter])
}

/** Shows a chapter from its beginning. */
export function showChapter(teller: Teller, chapter: number): void {
  goTo(teller, -1, { ...freshStage, chapter })
}

/** Lets some part of the record's course pass, or goes to a moment of it. */
export function passTime(
  { store }: Pick<Teller, 'store'>,
  change: { readonly part: number } | { readonly moment: number }
): void {
  const { stage } = store.getState()
  const { chapter: _, ...next } =
    'part' in change ? pass({ ...stage, chapter: 0 }, change.part) : { ...stage, ...change, runs: false, chapter: 0 }
  store.setState({ stage: next })
}

function goTo({ store, choose }: Teller, before: number, { chapter, ...stage }: ReturnType<typeof pass>): void {
  const { told, toldSince, choices, seen, stage: shown } = store.getState()
  const turned = told && chapter !== before
  const isSeen = shown.shows === 'overview' || seen.includes(before)
  store.setState({
    stage,
    ...(turned ? { toldSince: clockAt(told.story, chapter, toldSince, Date.now()) } : {}),
    ...(turned && !isSeen ? { seen: [...seen, before] } : {})
  })
  if (chapter !== choices.story.chapter) choose({ story: { ...choices.story, chapter } })
}
