/** `moescope story export`: a story as files for others. */
import { EventEmitter, once } from 'node:events'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { notesMarkdown } from '@core/stories/notes'
import type { Story } from '@core/stories/story'
import { FailureError, InterruptionError, UsageError } from '../terminal/errors'
import { ensureWritable, ensureWritableFolder, writeWhole } from '../terminal/files'
import { oneOf, readOptions } from '../terminal/options'
import { createProgress } from '../terminal/progress'
import type { Terminal } from '../terminal/terminal'
import { chromium, type HiddenBrowser, openHidden } from './browser'
import { openStory, pageOf } from './files'
import { servePage } from './serve'

interface Made {
  readonly name: string
  readonly content: Uint8Array
}

interface Written {
  readonly kind: string
  readonly path: string
  readonly bytes: number
}

const kinds = ['html', 'markdown', 'pdf', 'png', 'mp4'] as const

/** Makes all before it writes any: whatever goes wrong leaves no part of an export. */
export async function exportStory(args: readonly string[], terminal: Terminal): Promise<void> {
  const { values, positionals } = readOptions(
    args,
    {
      html: { type: 'string' },
      markdown: { type: 'string' },
      pdf: { type: 'string' },
      png: { type: 'string' },
      mp4: { type: 'string' },
      size: { type: 'string' },
      theme: { type: 'string' },
      json: { type: 'boolean' }
    },
    ['FILE']
  )
  const look = {
    size: oneOf('--size', values.size ?? '1080p', ['1080p', '4K']),
    theme: oneOf('--theme', values.theme ?? 'light', ['light', 'dark'])
  }
  const asked = kinds.flatMap((kind) => (values[kind] === undefined ? [] : [{ kind, out: values[kind] }]))
  if (asked.length === 0) throw new UsageError(`expected one of ${kinds.map((kind) => `--${kind}`).join(', ')}`)
  const { story, remarks } = await openStory(positionals[0] ?? '', terminal)
  for (const remark of remarks) terminal.tell(`${remark}\n`)
  for (const { kind, out } of asked) await (kind === 'png' ? ensureWritableFolder(out) : ensureWritable(out))
  const files: (Made & { readonly kind: string; readonly path: string })[] = []
  for (const { kind, out } of asked) {
    for (const made of await makeKind(kind, story, look, terminal)) {
      files.push({ ...made, kind, path: pathOf(kind, out, made.name, terminal) })
    }
  }
  const written: Written[] = []
  for (const { kind, path, content } of files) {
    if (kind === 'png') await mkdir(values.png ?? '', { recursive: true })
    await writeWhole(path, content)
    written.push({ kind, path, bytes: content.length })
  }
  if (values.json) terminal.write(`${JSON.stringify({ title: story.title, files: written })}\n`)
  else for (const { path, bytes } of written) terminal.write(`${path}: ${sizeText(bytes)}\n`)
}

/** The path that was asked for; of pictures within it, and of a video as it could be made. */
function pathOf(kind: (typeof kinds)[number], out: string, name: string, terminal: Terminal): string {
  if (kind === 'png') return join(out, name)
  if (kind !== 'mp4' || !name.endsWith('.webm') || out.endsWith('.webm')) return out
  const path = out.replace(/(\.mp4)?$/i, '.webm')
  terminal.tell(`the browser encodes no H.264: ${path} is written, with VP9\n`)
  return path
}

async function makeKind(
  kind: (typeof kinds)[number],
  story: Story,
  look: Readonly<Record<'size' | 'theme', string>>,
  terminal: Terminal
): Promise<Made[]> {
  const encoded = (name: string, text: string) => [{ name, content: new TextEncoder().encode(text) }]
  switch (kind) {
    case 'html':
      return encoded('html', await pageOf(story, 'player', terminal))
    case 'markdown':
      return encoded('markdown', notesMarkdown(story))
    case 'pdf':
    case 'png':
      return inBrowser(story, { kind, ...look }, terminal)
    case 'mp4':
      return inBrowser(story, { kind: 'video', ...look }, terminal)
  }
}

/** Has a hidden browser make files. Throws a `FailureError` where there is none or it cannot. */
async function inBrowser(story: Story, order: Readonly<Record<string, string>>, terminal: Terminal): Promise<Made[]> {
  const program = chromium()
  const signal = terminal.interruption()
  const progress = createProgress(terminal, order.kind ?? '')
  const sent = new EventEmitter<{ end: []; failure: [string] }>()
  const made: Made[] = []
  const served = await servePage(await pageOf(story, 'exporter', terminal), ({ pathname, searchParams }, body) => {
    if (pathname === '/progress') progress.update(Number(body.toString()), 1)
    if (pathname === '/file') made.push({ name: searchParams.get('name') ?? '', content: body })
    if (pathname === '/failure') sent.emit('failure', body.toString())
    if (pathname === '/end') sent.emit('end')
  })
  const finished = new AbortController()
  const done = Promise.race([
    once(sent, 'end', finished),
    once(sent, 'failure', finished).then(([reason]) => {
      throw new FailureError(`the browser could not make it: ${String(reason)}`)
    }),
    interruption(signal, finished.signal)
  ])
  let browser: HiddenBrowser | undefined
  try {
    browser = await openHidden(program, `${served.address}?${new URLSearchParams(order).toString()}`)
    await Promise.race([done, browser.ended])
  } finally {
    done.catch(() => undefined)
    finished.abort()
    progress.end()
    await browser?.close()
    served.close()
  }
  return made
}

/** Rejects once the work is interrupted. */
async function interruption(signal: AbortSignal, finished: AbortSignal): Promise<never> {
  if (!signal.aborted) await once(signal, 'abort', { signal: finished })
  throw new InterruptionError('interrupted: nothing is written')
}

function sizeText(bytes: number): string {
  return bytes < 1e6 ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / 1e6).toFixed(1)} MB`
}
