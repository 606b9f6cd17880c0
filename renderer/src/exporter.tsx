/** A page that makes the files of its story that take a browser, and hands them to the terminal that serves it. */
import { messageOf } from '@core/reason'
import { readStory } from '@core/stories/story'
import { z } from 'zod'
import './app/theme.css'
import { makeExport } from './stories/export/made'
import { slidePictures } from './stories/export/pictures'

/** Asked for in the address. */
const orderSchema = z.object({
  kind: z.enum(['pdf', 'png', 'video']),
  size: z.enum(['1080p', '4K']),
  theme: z.enum(['light', 'dark'])
})

void start().then(
  () => post('end'),
  (error: unknown) => post('failure', messageOf(error))
)

async function start(): Promise<void> {
  const { kind, ...look } = orderSchema.parse(Object.fromEntries(new URLSearchParams(location.search)))
  const { story } = readStory(document.getElementById('story')?.textContent ?? '', 'the story of this page')
  let percent = -1
  const onProgress = (done: number) => {
    if (percent === Math.floor(100 * done)) return
    percent = Math.floor(100 * done)
    void post('progress', String(done))
  }
  // Whoever cancels ends the browser.
  const { signal } = new AbortController()
  const made =
    kind === 'png'
      ? slidePictures(story, look, { signal, onProgress })
      : [await makeExport(kind, story, look, { signal, onProgress, page: () => Promise.reject(new Error('no page')) })]
  for await (const { name, content } of made) await post(`file?${new URLSearchParams({ name }).toString()}`, content)
}

async function post(path: string, body: string | Uint8Array<ArrayBuffer> = ''): Promise<void> {
  const { ok, status } = await fetch(path, { method: 'POST', body })
  if (!ok) throw new Error(`${path} was not taken (${status})`)
}
