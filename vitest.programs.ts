/** A folder for the bundles of programs that tests begin as processes (`cli/process.fixture.ts`), for one run of the tests. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { resolve } from 'node:path'

export function setup(): () => void {
  // Beside the packages that they import.
  mkdirSync('out', { recursive: true })
  const folder = mkdtempSync(resolve('out/test-programs-'))
  process.env.MOESCOPE_TEST_PROGRAMS = folder
  return () => rmSync(folder, { recursive: true, force: true })
}
