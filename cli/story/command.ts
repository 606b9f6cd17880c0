/** `moescope story`: checks a talk before it is told, and writes those that ship. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { FormatError } from '@core/formats/format-error'
import { checkStory, type StoryCheck } from '@core/stories/check'
import { type ReadStory, readStory } from '@core/stories/story'
import { FailureError, UsageError } from '../terminal/errors'
import { readExisting, writeWhole } from '../terminal/files'
import { readOptions } from '../terminal/options'
import type { Terminal } from '../terminal/terminal'

export const help = `usage: moescope story check FILE [--json]
       moescope story write --out DIR

check: reads a story (.moescope-story) and says whether it can be told: nothing computes, nothing is missing, and the
texts fit a stage of 1280 x 720. The exit status is 0 where it can, and 1 where something is to be mended.

  --json     {title, chapters, minutes, computes: [], missing: [], long: []}: the lists are empty where all is well

write: writes the built-in stories anew from the reports of the shipped models and from what was recorded of them
(scripts/record-stories.mjs), with their list, index.json. It fails where the figures do not say any more what a story
claims.

  --out DIR  such as assets/stories
`

export async function run([name, ...args]: readonly string[], terminal: Terminal): Promise<void> {
  if (name === 'check') return check(args, terminal)
  if (name === 'write') return write(args, terminal)
  throw new UsageError(name === undefined ? 'check or write is missing' : `expected check or write, found '${name}'`)
}

async function check(args: readonly string[], terminal: Terminal): Promise<void> {
  const { values, positionals } = readOptions(args, { json: { type: 'boolean' } }, ['FILE'])
  const [file = ''] = positionals
  const read = await readStoryFile(file)
  const found = checkStory(read)
  const { title } = read.story
  if (values.json) terminal.write(`${JSON.stringify({ title, ...found })}\n`)
  else terminal.write(checkText(title, found))
  const faults = [...found.computes, ...found.missing, ...found.long].length
  if (faults > 0) throw new FailureError(`${file}: ${faults} ${faults === 1 ? 'thing is' : 'things are'} to be mended`)
}

async function readStoryFile(file: string): Promise<ReadStory> {
  const text = new TextDecoder().decode(await readExisting(file))
  try {
    return readStory(text, file)
  } catch (error) {
    throw error instanceof FormatError ? new FailureError(error.message, { cause: error }) : error
  }
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
