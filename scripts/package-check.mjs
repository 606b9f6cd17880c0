// npm run package:check: packs the app without Electron's program, shows what is in the package and what is wrong with it.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { say } from './command.mjs'
import { build, prepare } from './prepare.mjs'

const folder = mkdtempSync(join(tmpdir(), 'moescope-package-'))
try {
  prepare()
  build()
  const { checkPackage, packageTable } = await import('./package-contents.mjs')
  const { files, problems } = await checkPackage(folder)
  console.log(packageTable(files))
  for (const problem of problems) say(problem)
  process.exitCode = problems.length > 0 ? 1 : 0
} catch (error) {
  say(error instanceof Error ? error.message : String(error))
  process.exitCode = 1
} finally {
  rmSync(folder, { recursive: true })
}
