/** `moescope story play`: the story in the user's browser. */
import { once } from 'node:events'
import { readOptions } from '../terminal/options'
import type { Terminal } from '../terminal/terminal'
import { showInBrowser } from './browser'
import { openStory, pageOf } from './files'
import { servePage } from './serve'

/** Serves the page of a story until it is interrupted, and shows it where there is a display. */
export async function play(args: readonly string[], terminal: Terminal): Promise<void> {
  const { values, positionals } = readOptions(args, { 'no-open': { type: 'boolean' } }, ['FILE'])
  const { story, remarks } = await openStory(positionals[0] ?? '', terminal)
  for (const remark of remarks) terminal.tell(`${remark}\n`)
  const signal = terminal.interruption()
  const { address, close } = await servePage(await pageOf(story, 'player', terminal))
  try {
    const isShown = !values['no-open'] && (await showInBrowser(address))
    terminal.write(`${address}\n`)
    terminal.tell(
      `${story.title}: ${isShown ? 'it opens in your browser' : 'open it in any browser'}; Ctrl+C ends it.\n`
    )
    if (!signal.aborted) await once(signal, 'abort')
  } finally {
    close()
  }
}
