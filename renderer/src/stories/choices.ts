/** Choices of the view of stories. */
import { z } from 'zod'

/** The form of the ids of the user's stories. */
export const ownStoryId = /^story-[0-9a-f]{8}$/

export const storyChoicesSchema = z.object({
  /** Of a built-in story, or of one of the user's; empty for the list. */
  id: z.string().max(100).default(''),
  /** From 0. */
  chapter: z.int().min(0).max(199).default(0),
  /** True while it is edited, and not told. */
  edit: z.boolean().default(false),
  /** True while it is told from the editor, to which leaving the stage leads back. */
  fromEditor: z.boolean().default(false),
  /** In the link of a second window: it shows the speaker's notes. */
  speaker: z.boolean().default(false)
})

export type StoryChoices = z.infer<typeof storyChoicesSchema>

export const defaultStory: StoryChoices = storyChoicesSchema.parse({})
