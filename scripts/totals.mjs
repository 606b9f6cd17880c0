// Reads the totals out of the test runners' own reports.
import { existsSync, readFileSync } from 'node:fs'

/** @typedef {{ passed: number, failed: number, skipped: number }} Totals */

/**
 * Totals of a vitest JSON report. A file that failed before any of its tests ran counts as one failure.
 *
 * @param {string} file
 * @returns {Totals | undefined} undefined if the runner left no report
 */
export function vitestTotals(file) {
  const report = read(file)
  if (report === undefined) return undefined
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults } = report
  const broken = testResults.filter(
    (/** @type {any} */ suite) => suite.status === 'failed' && suite.assertionResults.length === 0
  )
  return {
    passed: numPassedTests,
    failed: numFailedTests + broken.length,
    skipped: numPendingTests + numTodoTests
  }
}

/**
 * Totals of a Playwright JSON report. A test that passed only when repeated counts as failed, and so does an error
 * outside of a test.
 *
 * @param {string} file
 * @returns {Totals | undefined} undefined if the runner left no report
 */
export function playwrightTotals(file) {
  const report = read(file)
  if (report === undefined) return undefined
  const { expected, unexpected, flaky, skipped } = report.stats
  return { passed: expected, failed: unexpected + flaky + report.errors.length, skipped }
}

/** @param {string} file */
function read(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined
}
