/** The forms in which a story can leave the app, and their making. */
import { notesMarkdown } from '@core/stories/notes'
import { storyPage } from '@core/stories/page'
import type { Story } from '@core/stories/story'
import { downloadZip } from 'client-zip'
import type { Look, MadeFile, Making } from './look'

export const exportKinds = ['html', 'markdown', 'pdf', 'png', 'video'] as const

export type ExportKind = (typeof exportKinds)[number]

/** Makes a file of a story. Rejects with the signal's reason once it is aborted. */
export async function makeExport(kind: ExportKind, story: Story, look: Look, making: Making): Promise<MadeFile> {
  switch (kind) {
    case 'html':
      return { name: `${story.id}.html`, content: storyPage(await making.page(), story) }
    case 'markdown':
      return { name: `${story.id}.md`, content: notesMarkdown(story) }
    case 'pdf': {
      const { slidesPdf } = await import('./pictures')
      return { name: `${story.id}.pdf`, content: await slidesPdf(story, look, making) }
    }
    case 'png': {
      const { slidePictures } = await import('./pictures')
      const files: MadeFile[] = []
      for await (const picture of slidePictures(story, look, making)) files.push(picture)
      const archive = downloadZip(files.map(({ name, content }) => ({ name, input: content, lastModified: noDate })))
      return { name: `${story.id}.zip`, content: new Uint8Array(await archive.arrayBuffer()) }
    }
    case 'video': {
      const { storyVideo } = await import('./video')
      const { extension, bytes } = await storyVideo(story, look, making)
      return { name: `${story.id}.${extension}`, content: bytes }
    }
  }
}

/** The earliest date that an archive can hold: equal files make equal archives. */
const noDate = new Date(1980, 0, 1)
