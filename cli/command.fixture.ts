import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { main } from './main'
import { programOf } from './process.fixture'
import { createPaint } from './terminal/paint'
import type { Terminal } from './terminal/terminal'

export { temporaryFolder } from '../node/temporary-folder.fixture'

export interface Ran {
  readonly status: number
  readonly output: string
  readonly errors: string
}

/** Runs a command line in this process. */
export async function runCommand(args: readonly string[], terminal: Partial<Terminal> = {}): Promise<Ran> {
  const ran = { output: '', errors: '' }
  const status = await main(args, {
    // Made only for commands that begin processes.
    get program() {
      return programOf()
    },
    write: (text) => void (ran.output += text),
    writeBytes: async (bytes) => void (ran.output += new TextDecoder().decode(bytes)),
    tell: (text) => void (ran.errors += text),
    outputIsRead: false,
    progressIsRead: false,
    columns: 100,
    paint: createPaint('none'),
    modelsFolder: join(tmpdir(), 'no such folder'),
    interruption: () => new AbortController().signal,
    ...terminal
  })
  return { status, ...ran }
}
