import { expect, test } from 'vitest'
import { storyPage } from './page'
import { pageMarks } from './page-marks'
import { readStory } from './story'
import { everyKind } from './story.fixture'

const built = `<title>${pageMarks.title}</title><script type="application/json">${pageMarks.story}</script><p>$&</p>`

test('holds the story to the letter, and no text of it ends its element', () => {
  const sharp = '</script><script>alert(1)</script><!-- $& $1 & '
  const chapters = everyKind.chapters.map((chapter) => ({ ...chapter, headline: sharp, notes: sharp }))
  const story = { ...everyKind, title: sharp, chapters }
  const page = storyPage(built, story)
  const [, title, data, rest] =
    /^<title>([^<]*)<\/title><script type="application\/json">([^<]*)<\/script>(.*)$/s.exec(page) ?? []
  expect(title?.replaceAll('&lt;', '<').replaceAll('&amp;', '&')).toBe(sharp)
  expect(readStory(data ?? '', 'page')).toEqual({ story, remarks: [] })
  expect(rest).toBe('<p>$&</p>')
})

test('another page is refused', () => {
  expect(() => storyPage('<title>Moescope</title>', everyKind)).toThrow('expected one place for a story')
})
