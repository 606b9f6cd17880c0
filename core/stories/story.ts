/**
 * A story: a talk as data. Its file, `.moescope-story`, is JSON by lines: a head, then a chapter a line, so that whatever
 * is damaged or was cut off costs its own chapters only. It holds everything that it shows.
 */
import { z } from 'zod'
import { FormatError } from '../formats/format-error'
import { parseJson } from '../formats/json'
import { parsedBy, problemsOf } from '../formats/problems'
import { messageOf } from '../reason'
import { recordSchema } from './records'

const newest = 1

/** Most chapters of a story. */
export const mostChapters = 200

/** First words of a story's file. */
export const storyFormat = 'moescope.story'

const wrongFormat = `expected ${storyFormat}/${newest}`

const headSchema = z.object({
  format: z.string(wrongFormat).regex(/^moescope\.story\/[1-9]\d*$/, wrongFormat),
  /** Letters, digits and hyphens. */
  id: z.string().regex(/^[a-z0-9-]{1,64}$/, 'expected letters, digits and hyphens'),
  title: z.string().min(1),
  /** The answer in a sentence, for who chooses among stories. */
  answer: z.string(),
  /** Number of its chapters, by which a file that was cut off is known. */
  chapters: z.int().positive().max(mostChapters)
})

const chapterSchema = z.object({
  headline: z.string().min(1),
  /** Some short lines; the rehearsal says how many fit. */
  text: z.array(z.string()).max(40),
  /** For who tells it. */
  notes: z.string(),
  /** As rehearsed. */
  minutes: z.number().positive().max(60),
  /** A view that shows it live, as a saved state has it (`{format, edition, choices}`). */
  choices: z.looseObject({ format: z.string() }).exactOptional(),
  /** The row, series, model or expert of the record that is looked at. */
  pointer: z.string().exactOptional(),
  record: recordSchema.exactOptional()
})

export type Chapter = z.infer<typeof chapterSchema>

/** A chapter is told without its record where that is damaged, or of a kind that this version does not know. */
const storedChapter = chapterSchema.extend({ record: z.unknown().optional() })

export interface Story extends Omit<z.infer<typeof headSchema>, 'format' | 'chapters'> {
  readonly chapters: readonly Chapter[]
}

export interface ReadStory {
  readonly story: Story
  /** A sentence for each part of the file that is not shown, and why; empty for one that is whole. */
  readonly remarks: readonly string[]
}

/** A story as the text of its file. */
export function writeStory({ chapters, ...head }: Story): string {
  const lines = [{ format: `${storyFormat}/${newest}`, ...head, chapters: chapters.length }, ...chapters]
  return `${lines.map((line) => JSON.stringify(line)).join('\n')}\n`
}

/**
 * Reads what is whole of a story's file. Throws a `FormatError` where its head cannot be read, or no chapter.
 *
 * @param place names the file in messages
 */
export function readStory(text: string, place: string): ReadStory {
  const [first = '', ...lines] = text.split('\n').filter((line) => line.trim() !== '')
  const line = parseJson(first, `${place}, line 1`)
  // Of a file of another kind its format is the only thing that is wrong.
  parsedBy(headSchema.pick({ format: true }), line, `${place}: `)
  const { format, chapters: count, ...head } = parsedBy(headSchema, line, `${place}: `)
  const version = Number(format.split('/')[1])
  const remarks =
    version > newest ? [`It was made by a newer Moescope (${format}): what this one knows of it is shown.`] : []
  const chapters: Chapter[] = []
  for (const [i, line] of lines.entries()) {
    try {
      const { record, ...chapter } = parsedBy(storedChapter, parseJson(line, 'it'), '')
      const read = recordSchema.safeParse(record)
      chapters.push({ ...chapter, ...(read.success ? { record: read.data } : {}) })
      if (record !== undefined && !read.success) {
        remarks.push(`Chapter ${i + 1} is shown without its record, which cannot be read: ${problemsOf(read.error)}.`)
      }
    } catch (error) {
      remarks.push(`Chapter ${i + 1} cannot be read and is left out: ${messageOf(error)}.`)
    }
  }
  if (lines.length < count) {
    remarks.push(`The file was cut off: of ${count} chapters the last ${count - lines.length} are missing.`)
  }
  if (chapters.length === 0) throw new FormatError(`${place}: none of its ${count} chapters can be read`)
  return { story: { ...head, chapters }, remarks }
}
