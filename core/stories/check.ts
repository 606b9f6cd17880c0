/** The rehearsal of a story: what would compute on the stage, what is missing, what does not fit. */
import { pointable } from './records'
import type { Chapter, ReadStory } from './story'

/** Most letters, and lines of text, that can be read from the last row at 1280 x 720. */
export const longest = { headline: 42, text: 330, lines: 6 } as const

export interface StoryCheck {
  /** Chapters that are whole. */
  readonly chapters: number
  /** Of all chapters, as rehearsed. */
  readonly minutes: number
  /** A sentence for each chapter that would compute when it is shown. */
  readonly computes: readonly string[]
  /** A sentence for whatever a chapter names and the file does not hold. */
  readonly missing: readonly string[]
  /** A sentence for each text that is too long for the stage. */
  readonly long: readonly string[]
}

/** Checks a story before it is told; one that is whole has only empty lists. */
export function checkStory({ story: { chapters }, remarks }: ReadStory): StoryCheck {
  const named = chapters.map((chapter, i) => ({ chapter, name: `chapter ${i + 1}, “${chapter.headline}”` }))
  return {
    chapters: chapters.length,
    minutes: Math.round(100 * chapters.reduce((sum, { minutes }) => sum + minutes, 0)) / 100,
    computes: named
      .filter(({ chapter: { record, choices } }) => !record && choices)
      .map(({ name }) => `${name} names a view and has no record: the view would compute`),
    missing: [
      ...remarks,
      ...named.flatMap(({ chapter, name }) => missingIn(chapter).map((what) => `${name}: ${what}`))
    ],
    long: named.flatMap(({ chapter, name }) => longIn(chapter).map((what) => `${name}: ${what}`))
  }
}

function missingIn({ record, pointer, choices, text }: Chapter): string[] {
  if (!record) return choices || text.length > 0 ? [] : ['it shows nothing: no record, no view and no text']
  if (pointer === undefined || pointable(record).includes(pointer)) return []
  return [`its pointer names '${pointer}', and its record has ${pointable(record).join(', ') || 'nothing to point at'}`]
}

function longIn({ headline, text }: Chapter): string[] {
  const letters = text.join(' ').length
  return [
    ...(headline.length > longest.headline
      ? [`its headline has ${headline.length} letters, and ${longest.headline} fit`]
      : []),
    ...(letters > longest.text ? [`its text has ${letters} letters, and ${longest.text} fit`] : []),
    ...(text.length > longest.lines ? [`its text has ${text.length} lines, and ${longest.lines} fit`] : [])
  ]
}
