import list from '../../../assets/stories/index.json'

/** A story that ships, as the front page tells of it. */
export interface BuiltInStory {
  readonly id: string
  readonly title: string
  /** Its answer in a sentence, of the shipped measurements. */
  readonly answer: string
  /** Number of chapters. */
  readonly chapters: number
  /** As rehearsed. */
  readonly minutes: number
}

/** The stories that ship, in their order. */
export const builtInStories: readonly BuiltInStory[] = list
