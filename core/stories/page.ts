/** A story as one HTML file, which plays in any browser without anything else. */
import { FormatError } from '../formats/format-error'
import { pageMarks } from './page-marks'
import { type Story, writeStory } from './story'

/**
 * The page of a story.
 *
 * @param built the page as it was built, without a story (`story-player.html`)
 * @throws {FormatError} for a page that has no place for a story
 */
export function storyPage(built: string, story: Story): string {
  const parts = built.split(new RegExp(`(${pageMarks.title}|${pageMarks.story})(?=</)`))
  if (parts.length !== 5) throw new FormatError('the page that plays stories: expected one place for a story')
  // In JSON a bracket stands inside of strings alone, where it may be written so: no text of a story ends its element.
  const data = writeStory(story).replaceAll('<', '\\u003c')
  const given: Readonly<Record<string, string>> = { [pageMarks.title]: escaped(story.title), [pageMarks.story]: data }
  return parts.map((part) => given[part] ?? part).join('')
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}
