/** The speaker's notes of a story as Markdown. */
import type { Chapter, Story } from './story'

/** Title and answer, then of each chapter its headline, minutes, lines and notes, and the source of its record. */
export function notesMarkdown({ title, answer, chapters }: Story): string {
  const minutes = chapters.reduce((sum, chapter) => sum + chapter.minutes, 0)
  const total = `${chapters.length} chapters, ${minutesText(minutes)}`
  return `${[`# ${plain(title)}`, plain(answer), total, ...chapters.flatMap(chapterParts)].filter(Boolean).join('\n\n')}\n`
}

function chapterParts({ headline, minutes, text, notes, record }: Chapter, i: number): string[] {
  return [
    `## ${i + 1}. ${plain(headline)} (${minutesText(minutes)})`,
    text.map((line) => `- ${plain(line)}`).join('\n'),
    notes
      .split(/\n\s*\n/)
      .map((paragraph) => plain(paragraph.trim()))
      .join('\n\n'),
    record ? `*${plain(`${record.basis}: ${record.source}`)}*` : ''
  ]
}

function minutesText(minutes: number): string {
  return `${Math.round(100 * minutes) / 100} min`
}

/** Text in which nothing is a sign of Markdown. */
function plain(text: string): string {
  return text.replaceAll(/[\\`*_[\]<>|~]/g, '\\$&').replaceAll(/^(\s*\d*)([#+.)-])/gm, '$1\\$2')
}
