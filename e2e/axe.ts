/** What every screen is checked for: who can use it, and whether it fits. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { expect, type Page } from '@playwright/test'

// Evaluated and not added as a script: the page's content policy refuses foreign scripts, and the test would pass
// without having looked.
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** How much wider the page is than the window, in pixels. */
export function overflow(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
}

/** What axe finds wrong, with the element and how it is mended. */
export async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe)
  const { violations, passes } = await page.evaluate(async () => {
    const found = await (window as unknown as { axe: typeof import('axe-core') }).axe.run(document)
    return {
      passes: found.passes.length,
      violations: found.violations.flatMap(({ id, nodes }) =>
        nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')} ${failureSummary ?? ''}`)
      )
    }
  })
  expect(passes).toBeGreaterThan(10)
  return violations
}
