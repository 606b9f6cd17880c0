/** Changes of a story. Each gives another one and leaves the first as it was. */
import { type Chapter, mostChapters, type Story } from './story'

/** Fields of a chapter; one that is undefined is taken out. */
export type ChapterChanges = { readonly [Field in keyof Chapter]?: Chapter[Field] | undefined }

/** The story with some fields of a chapter changed. A pointer to what the record does not have stays, for the rehearsal. */
export function changeChapter(story: Story, at: number, changes: ChapterChanges): Story {
  const given = Object.entries(changes).filter(([, value]) => value !== undefined)
  const removed = Object.keys(changes).filter((field) => changes[field as keyof Chapter] === undefined)
  const chapters = story.chapters.map((chapter, i): Chapter => {
    if (i !== at) return chapter
    const kept = Object.entries(chapter).filter(([field]) => !removed.includes(field))
    return { ...(Object.fromEntries(kept) as Chapter), ...Object.fromEntries(given) }
  })
  return { ...story, chapters }
}

/** The story with a chapter before the one at a place; after the last one at its length. Throws where it is full. */
export function insertChapter(story: Story, at: number, chapter: Chapter): Story {
  if (story.chapters.length >= mostChapters) throw new Error(`a story has at most ${mostChapters} chapters`)
  return { ...story, chapters: story.chapters.toSpliced(at, 0, chapter) }
}

/** The story without a chapter; the last one that is left stays, as a story has at least one. */
export function removeChapter(story: Story, at: number): Story {
  return story.chapters.length <= 1 ? story : { ...story, chapters: story.chapters.toSpliced(at, 1) }
}

/** The story with a chapter at another place. */
export function moveChapter(story: Story, from: number, to: number): Story {
  const chapter = story.chapters[from]
  if (!chapter || to < 0 || to >= story.chapters.length) return story
  return { ...story, chapters: story.chapters.toSpliced(from, 1).toSpliced(to, 0, chapter) }
}
