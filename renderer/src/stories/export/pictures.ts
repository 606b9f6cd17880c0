/** Each chapter at the end of its course, as a picture or as a page. */
import { type PdfPage, writePdf } from '@core/formats/pdf'
import type { Story } from '@core/stories/story'
import { canvasOf, pngOfCanvas } from '../../charts/export'
import { type Look, type MadeFile, type Making, sizes } from './look'
import { openStageFrame, type StageFrame, stageSize } from './stage-frame'

type Watched = Pick<Making, 'signal' | 'onProgress'>

/** Pictures of all chapters, in their order. */
export async function* slidePictures(story: Story, look: Look, watched: Watched): AsyncGenerator<MadeFile> {
  for await (const { canvas, number } of slides(story, look, watched)) {
    const name = `${story.id}-${String(number + 1).padStart(2, '0')}.png`
    yield { name, content: await pngOfCanvas(canvas) }
  }
}

/** All chapters as a PDF, a page each, whose text can be searched and copied. */
export async function slidesPdf(story: Story, look: Look, watched: Watched): Promise<Uint8Array<ArrayBuffer>> {
  const pages: PdfPage[] = []
  for await (const { canvas, frame } of slides(story, look, watched)) {
    const points = pageWidth / stageSize.width
    pages.push({
      width: pageWidth,
      height: stageSize.height * points,
      image: { width: canvas.width, height: canvas.height, deflated: await deflatedColours(canvas) },
      texts: frame.lines().map(({ text, left, right, bottom, fontSize }) => ({
        text,
        left: left * points,
        width: (right - left) * points,
        bottom: (stageSize.height - bottom) * points,
        size: fontSize * points
      }))
    })
  }
  return writePdf(story.title, pages)
}

/** Of a page, in points of 1/72 inch: that of slides, 13 1/3 inches. */
const pageWidth = 960

async function* slides(story: Story, { theme, size }: Look, { signal, onProgress }: Watched) {
  const frame: StageFrame = openStageFrame(story, theme)
  try {
    for (const number of story.chapters.keys()) {
      signal.throwIfAborted()
      const canvas = await canvasOf(frame.draw(number, 1), sizes[size])
      yield { canvas, number, frame }
      onProgress((number + 1) / story.chapters.length)
    }
  } finally {
    frame.close()
  }
}

/** Red, green and blue of every pixel, compressed. */
async function deflatedColours(canvas: HTMLCanvasElement): Promise<Uint8Array<ArrayBuffer>> {
  const context = canvas.getContext('2d')
  if (!context) throw new Error(`a picture of ${canvas.width} by ${canvas.height} pixels could not be made`)
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height)
  const colours = new Uint8Array((data.length / 4) * 3)
  for (let from = 0, to = 0; from < data.length; from += 4, to += 3) {
    colours[to] = data[from] ?? 0
    colours[to + 1] = data[from + 1] ?? 0
    colours[to + 2] = data[from + 2] ?? 0
  }
  const compressed = new Blob([colours]).stream().pipeThrough(new CompressionStream('deflate'))
  return new Uint8Array(await new Response(compressed).arrayBuffer())
}
