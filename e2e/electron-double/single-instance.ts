/** One instance per folder of user data: a second one hands over its command line and learns that it is the second. */
import {
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  watch,
  writeFileSync
} from 'node:fs'
import { join } from 'node:path'

let held: string | undefined

/**
 * Takes the lock of a folder, which is made when there is none.
 *
 * @param onSecond told the command line and the working folder of every second instance
 * @returns false for a second instance, and, as in Electron, also when nothing can be written in the folder
 */
export function takeLock(folder: string, onSecond: (args: string[], cwd: string) => void): boolean {
  const lock = join(folder, 'double-instance')
  const messages = join(folder, 'double-messages')
  try {
    mkdirSync(messages, { recursive: true })
    if (!claim(lock)) {
      handOver(messages)
      return false
    }
  } catch {
    return false
  }
  held = lock
  const seen = new Set<string>()
  watch(messages, () => {
    // The folder itself may be gone, when a test is over.
    for (const name of existsSync(messages) ? readdirSync(messages) : []) {
      if (!name.endsWith('.json') || seen.has(name)) continue
      seen.add(name)
      const { args, cwd } = JSON.parse(readFileSync(join(messages, name), 'utf8')) as { args: string[]; cwd: string }
      onSecond(args, cwd)
    }
  })
  return true
}

/** Gives the lock back. */
export function releaseLock(): void {
  if (held !== undefined) rmSync(held, { force: true })
}

/** Takes the lock; true when it is this process's now. One of a process that is no more counts for nothing. */
function claim(lock: string): boolean {
  const own = `${lock}-${process.pid}`
  writeFileSync(own, String(process.pid))
  try {
    if (!runs(lock)) rmSync(lock, { force: true })
    // A link, so that the file is whole from its beginning, and made by one process only.
    linkSync(own, lock)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  } finally {
    rmSync(own)
  }
}

function runs(lock: string): boolean {
  try {
    process.kill(Number(readFileSync(lock, 'utf8')), 0)
    return true
  } catch {
    return false
  }
}

/** Chromium puts switches first and adds one of its own on the way. */
function handOver(messages: string): void {
  const [program = '', ...words] = process.argv
  const isSwitch = (word: string) => word.startsWith('-')
  const args = [
    program,
    ...words.filter(isSwitch),
    '--allow-file-access-from-files',
    ...words.filter((word) => !isSwitch(word))
  ]
  const file = join(messages, String(process.pid))
  writeFileSync(file, JSON.stringify({ args, cwd: process.cwd() }))
  renameSync(file, `${file}.json`)
}
