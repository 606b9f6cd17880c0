/** The files of the built-in stories. */
import { join } from 'node:path'
import { jsonText } from '@core/formats/json'
import { checkStory } from '@core/stories/check'
import { writeStory } from '@core/stories/story'
import { readFacts } from './facts'
import { writtenStories } from './written'

/** Texts of the built-in stories and of their list, by file name: those that ship in `assets/stories`. */
export async function builtInStories(modelsFolder: string): Promise<Record<string, string>> {
  const facts = await readFacts(modelsFolder, join(modelsFolder, '../../cli/story/recordings'))
  const stories = await Promise.all(writtenStories.map(({ write }) => write(facts)))
  const list = stories.map((story) => {
    const { chapters, minutes } = checkStory({ story, remarks: [] })
    return { id: story.id, title: story.title, answer: story.answer, chapters, minutes }
  })
  return {
    ...Object.fromEntries(stories.map((story) => [`${story.id}.moescope-story`, writeStory(story)])),
    'index.json': jsonText(list)
  }
}
