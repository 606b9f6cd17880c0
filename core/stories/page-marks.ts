/** Stand in the built page where a story's title and its file go. */
export const pageMarks = { title: 'MOESCOPE_STORY_TITLE', story: 'MOESCOPE_STORY_FILE' } as const
