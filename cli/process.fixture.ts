/** The terminal face as a process of its own, run from its sources. */
import { spawn } from 'node:child_process'
import { resolve } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

export interface Ended {
  /** The exit status; null for a process that a signal ended. */
  readonly status: number | null
  readonly errors: string
}

/** Runs a command line and interrupts it, as Ctrl+C does, as soon as `isReached`. */
export async function interruptedProcess(args: readonly string[], isReached: () => Promise<boolean>): Promise<Ended> {
  const options = JSON.stringify({ resolve: { alias: { '@core': resolve('core') } }, logLevel: 'silent' })
  const program = `import { runnerImport } from 'vite'; await runnerImport('${resolve('cli/moescope.ts')}', ${options})`
  const child = spawn(process.execPath, ['--input-type=module', '-e', program, 'moescope', ...args], {
    stdio: ['ignore', 'ignore', 'pipe']
  })
  let errors = ''
  child.stderr.on('data', (text: Buffer) => {
    errors += text.toString()
  })
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve))
  while (child.exitCode === null && !(await isReached())) await wait(5)
  child.kill('SIGINT')
  return { status: await ended, errors }
}
