/** The terminal face as a process of its own, run from its sources. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

export interface Ended {
  /** The exit status; null for a process that a signal ended. */
  readonly status: number | null
  readonly errors: string
}

/** Runs a command line, and sends it a signal as soon as `isReached`, unless it has ended before. */
export async function signalledProcess(
  args: readonly string[],
  signal: NodeJS.Signals,
  isReached: () => Promise<boolean>,
  program = face
): Promise<Ended> {
  const child = startProcess(args, program)
  let errors = ''
  child.stderr?.on('data', (text: Buffer) => {
    errors += text.toString()
  })
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve))
  while (child.exitCode === null && !(await isReached())) await wait(5)
  child.kill(signal)
  return { status: await ended, errors }
}

/** Runs a command line and interrupts it, as Ctrl+C does, as soon as `isReached`. */
export function interruptedProcess(args: readonly string[], isReached: () => Promise<boolean>): Promise<Ended> {
  return signalledProcess(args, 'SIGINT', isReached)
}

function startProcess(args: readonly string[], program: string): ChildProcess {
  const [file = '', ...first] = programOf(program)
  return spawn(file, [...first, ...args], { stdio: ['ignore', 'ignore', 'pipe'] })
}

/**
 * File and first arguments of a process that runs a program from its sources; the terminal face itself is made into one
 * bundle before, which begins several times as soon.
 */
export function programOf(program = face): readonly string[] {
  if (program === face) {
    bundled ??= bundle(program)
    return [process.execPath, bundled]
  }
  const options = JSON.stringify({
    resolve: { alias: { '@core': resolve('core') } },
    define,
    logLevel: 'silent'
  })
  const script = `import { runnerImport } from 'vite'; await runnerImport('${resolve(program)}', ${options})`
  return [process.execPath, '--input-type=module', '-e', script, 'moescope']
}

const face = 'cli/moescope.ts'

const define = { MOESCOPE_VERSION: JSON.stringify('test') }

/** Of this process. */
let bundled: string | undefined

function bundle(program: string): string {
  const folder = mkdtempSync(join(process.env.MOESCOPE_TEST_PROGRAMS ?? '', 'program-'))
  const options = JSON.stringify({
    configFile: 'cli/vite.config.ts',
    define,
    logLevel: 'silent',
    build: { ssr: resolve(program), outDir: folder }
  })
  const script = `import { build } from 'vite'; await build(${options})`
  execFileSync(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'ignore', 'inherit'] })
  return join(folder, `${basename(program, '.ts')}.js`)
}
