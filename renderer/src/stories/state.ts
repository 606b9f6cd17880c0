import type { ReadStory } from '@core/stories/story'

/** The stage of a story, besides its chapter, which is chosen. */
export interface Stage {
  /** Of the record's course, 0 to 1. */
  readonly moment: number
  /** True while the moment goes on by itself. */
  readonly runs: boolean
  readonly shows: 'chapter' | 'overview' | 'number'
  /** Digits of the chapter to go to. */
  readonly typed: string
  readonly black: boolean
}

/** Begin of the talk and of its present chapter, ms since 1970. */
export interface ToldSince {
  readonly story: number
  readonly chapter: number
}

export interface StoriesState {
  /** The story that was chosen last, with its id; of one of the user's, as it is now. */
  readonly told: (ReadStory & { readonly id: string }) | undefined
  /** Reason for which the chosen story is not here. */
  readonly storyFailure: string | undefined
  readonly stage: Stage
  /** Undefined of a talk that began amid its chapters, until the first change of the chapter. */
  readonly toldSince: ToldSince | undefined
  /** Chapters of it that were shown, from 0, and left for another one. */
  readonly seen: readonly number[]
  /** True of a second window that shows the speaker's notes. */
  readonly speaker: boolean
}

/** The stage at the beginning of a chapter. */
export const freshStage: Stage = { moment: 0, runs: true, shows: 'chapter', typed: '', black: false }

/** Before a story is chosen. */
export const initialStories: StoriesState = {
  told: undefined,
  storyFailure: undefined,
  stage: freshStage,
  toldSince: undefined,
  seen: [],
  speaker: false
}
