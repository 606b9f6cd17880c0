// npm test: type check, lint, format check, build, then the tests in Node, in a browser, and of the whole app.
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { findChromium } from './chromium.mjs'
import { root, run, say } from './command.mjs'
import { build, prepare } from './prepare.mjs'
import { playwrightTotals, vitestTotals } from './totals.mjs'

const help = `npm test [-- PART]

Runs every check, or one part of them:
  lint      types, lint rules and format
  unit      tests in Node
  browser   tests in a real Chromium
  e2e       tests of the built app`

/** @type {string[]} */
const failures = []
const sum = { passed: 0, failed: 0, skipped: 0 }
const parts = ['lint', 'unit', 'browser', 'e2e']
const asked = process.argv[2]

/**
 * The parts that vitest runs, with their projects.
 *
 * @type {Record<string, string>}
 */
const vitestProjects = { unit: 'node', browser: 'browser' }

if (asked === undefined || parts.includes(asked)) {
  try {
    await test(asked === undefined ? parts : [asked])
  } catch (error) {
    failures.push(error instanceof Error ? error.message : String(error))
  }
  for (const failure of failures) say(`Failed: ${failure}`)
  if (failures.length > 0) process.exitCode = 1
  const skipped = sum.skipped > 0 ? `, ${sum.skipped} skipped` : ''
  console.log(`${sum.passed} passed, ${sum.failed} failed${skipped}`)
} else {
  console.log(help)
  process.exitCode = asked === '--help' ? 0 : 2
}

/** @param {string[]} chosen */
async function test(chosen) {
  prepare()
  if (chosen.includes('lint')) {
    check('types', 'tsc --noEmit')
    check('lint', 'oxlint --type-aware')
    check('format', 'biome check .')
  }
  if (chosen.every((part) => part === 'lint')) return
  build()
  const needsBrowser = chosen.includes('browser') || chosen.includes('e2e')
  const env = needsBrowser ? { MOESCOPE_CHROMIUM: await findChromium() } : {}
  // Side by side: the tests in the browser leave a core free for half of their time.
  const inVitest = Object.keys(vitestProjects).filter((part) => chosen.includes(part))
  if (inVitest.length > 0) vitest(inVitest, env)
  if (chosen.includes('e2e')) {
    const report = freshReport('e2e')
    check('e2e', 'playwright test --reporter=list,json', { ...env, PLAYWRIGHT_JSON_OUTPUT_FILE: report })
    add('e2e', playwrightTotals(report))
  }
}

/**
 * Runs the tests of these parts beside each other.
 *
 * @param {string[]} parts
 * @param {Record<string, string>} env
 */
function vitest(parts, env) {
  const name = parts.join(' and ')
  const report = freshReport(parts.join('-'))
  const projects = parts.map((part) => `--project ${vitestProjects[part]}`).join(' ')
  check(name, `vitest run ${projects} --reporter=default --reporter=json --outputFile.json="${report}"`, env)
  add(name, vitestTotals(report))
}

/**
 * @param {string} name
 * @param {string} line
 * @param {Record<string, string>} [env]
 */
function check(name, line, env = {}) {
  say(`Checking ${name} ...`)
  if (!run(line, { env })) failures.push(name)
}

/**
 * @param {string} part
 * @param {import('./totals.mjs').Totals | undefined} totals
 */
function add(part, totals) {
  if (totals === undefined) return void failures.push(`${part}: the runner left no report`)
  sum.passed += totals.passed
  sum.failed += totals.failed
  sum.skipped += totals.skipped
  if (totals.failed > 0 && !failures.includes(part)) failures.push(part)
}

/**
 * Path of a runner's report; an earlier run's report is removed, lest it be counted.
 *
 * @param {string} part
 */
function freshReport(part) {
  const file = join(root, 'out', 'reports', `${part}.json`)
  rmSync(file, { force: true })
  return file
}
