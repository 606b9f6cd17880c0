/** `moescope story`: plays a talk, makes files of it, checks it before it is told, and writes those that ship. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { checkStory, type StoryCheck } from '@core/stories/check'
import { FailureError, UsageError } from '../terminal/errors'
import { writeWhole } from '../terminal/files'
import { readOptions } from '../terminal/options'
import type { Terminal } from '../terminal/terminal'
import { openStory } from './files'

export const help = `usage: moescope story play FILE [--no-open]
       moescope story export FILE [--html OUT] [--markdown OUT] [--pdf OUT] [--png FOLDER] [--mp4 OUT] [options]
       moescope story check FILE [--json]
       moescope story write --out DIR

FILE is a story (.moescope-story), or the name of a built-in one, such as what-do-experts-buy.

play: shows a story in your browser, on its own page with the keys of the stage, until Ctrl+C. The address is printed.

  --no-open     only prints the address

export: makes files of a story for others. What of the story is damaged is left out, and told.

  --html OUT    one file that plays in any browser, offline, with the keys of the stage and a speaker window
  --markdown OUT  the speaker's notes, with sources
  --pdf OUT     slides: a page for each chapter, at the end of its course
  --png FOLDER  a picture of each chapter
  --mp4 OUT     the talk as it was rehearsed, without sound: 30 frames a second, each drawn from the record; H.264, or
                VP9 in .webm where the browser has none
  --size SIZE   of slides, pictures and video: 1080p (default) or 4K
  --theme THEME of the same: light (default) or dark
  --json        {title, files: [{kind, path, bytes}]}

--pdf, --png and --mp4 take an installed Chromium, Chrome or Edge, or the one that CHROMIUM_PATH names. Files are
written once all of them are made.

check: reads a story and says whether it can be told: nothing computes, nothing is missing, and the texts fit a stage of
1280 x 720. The exit status is 0 where it can, and 1 where something is to be mended.

  --json     {title, chapters, minutes, computes: [], missing: [], long: []}: the lists are empty where all is well

write: writes the built-in stories anew from the reports of the shipped models and from what was recorded of them
(scripts/record-stories.mjs), with their list, index.json. It fails where the figures do not say any more what a story
claims.

  --out DIR  such as assets/stories
`

export async function run([name, ...args]: readonly string[], terminal: Terminal): Promise<void> {
  if (name === 'play') return (await import('./play')).play(args, terminal)
  if (name === 'export') return (await import('./export')).exportStory(args, terminal)
  if (name === 'check') return check(args, terminal)
  if (name === 'write') return write(args, terminal)
  const words = 'play, export, check or write'
  throw new UsageError(name === undefined ? `${words} is missing` : `expected ${words}, found '${name}'`)
}

async function check(args: readonly string[], terminal: Terminal): Promise<void> {
  const { values, positionals } = readOptions(args, { json: { type: 'boolean' } }, ['FILE'])
  const [file = ''] = positionals
  const read = await openStory(file, terminal)
  const found = checkStory(read)
  const { title } = read.story
  if (values.json) terminal.write(`${JSON.stringify({ title, ...found })}\n`)
  else terminal.write(checkText(title, found))
  const faults = [...found.computes, ...found.missing, ...found.long].length
  if (faults > 0) throw new FailureError(`${file}: ${faults} ${faults === 1 ? 'thing is' : 'things are'} to be mended`)
}

function checkText(title: string, { chapters, minutes, computes, missing, long }: StoryCheck): string {
  const faults = [...computes, ...missing, ...long]
  const verdict = faults.length === 0 ? ['nothing computes, nothing is missing, all texts fit'] : faults
  return [`${title}: ${chapters} chapters, ${minutes} minutes`, ...verdict.map((line) => `  ${line}`), ''].join('\n')
}

async function write(args: readonly string[], terminal: Terminal): Promise<void> {
  const { values } = readOptions(args, { out: { type: 'string' } })
  if (values.out === undefined) throw new UsageError('--out is missing')
  const { builtInStories } = await import('./built-in')
  await mkdir(values.out, { recursive: true })
  for (const [file, text] of Object.entries(await builtInStories(terminal.modelsFolder))) {
    await writeWhole(join(values.out, file), new TextEncoder().encode(text))
  }
}
