/** Nothing that was computed is lost: runs wait for each other, survive reloads and kills, and are computed once. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { chromium, type Page } from '@playwright/test'
import { chromiumOptions } from '../scripts/chromium-options.mjs'
import { expect, test } from './profile'
import { openRecorded } from './trace-page'

/** A training of about ten seconds, which is saved on its way. */
const training = { width: 24, layers: 1, experts: 4, characters: 500_000, checkpoints: 8 }
/** One of some seconds. */
const short = { ...training, characters: 60_000, checkpoints: 4 }

test('every expert is ablated while another model is recorded, and both end whole', async ({ page }) => {
  const { ask, problems } = await openRecorded(page)
  await ask('Causes')
  await page.getByRole('button', { name: 'Take away each expert' }).click()
  await expect(page.getByRole('main').getByRole('progressbar')).toBeVisible()
  await ask('Two traces')
  await page.getByRole('button', { name: 'moe-64', exact: false }).first().click()
  await expect(page.getByText('Of each token’s experts')).toBeVisible()
  await page.getByLabel('Open traces').getByRole('button', { name: 'moe-32' }).click()
  await ask('Causes')
  // Both layers' 16 experts, the two changes of all routing and the two other top-k.
  await expect(page.getByRole('table').getByRole('row')).toHaveCount(1 + 1 + 4 + 32)
  await expect(page.getByRole('button', { name: 'Measure all experts again' })).toBeVisible()
  expect(problems).toEqual([])
})

test('a recording and an ablation are there again after a reload', async ({ page }) => {
  const { ask } = await openRecorded(page)
  await ask('Causes')
  await page.getByRole('button', { name: 'Measure this change' }).click()
  const row = page.getByRole('rowheader', { name: 'layer 1: without expert 0' })
  await expect(row).toBeVisible()
  await expect(page.getByRole('button', { name: 'Measure this change' })).toBeEnabled()
  await page.reload()
  const recorded = page.getByRole('region', { name: 'Recorded here' })
  await expect(recorded).toContainText('moe-32')
  await recorded.getByRole('button', { name: 'Open' }).click()
  await ask('Causes')
  await expect(row).toBeVisible()
  await page.getByRole('button', { name: 'Close', exact: true }).click()
  await recorded.getByRole('button', { name: 'Remove' }).click()
  await expect(recorded).toHaveCount(0)
})

test('a training that is reloaded in its midst is offered again, and a killed one ends with the same weights', async () => {
  const whole = await withBrowser(async ({ page }) => {
    await begin(page, training)
    await reachEnd(page)
    return weightsOf(page)
  })
  const folder = mkdtempSync(join(tmpdir(), 'moescope-killed-'))
  await withBrowser(async ({ page, kill }) => {
    await begin(page, training)
    await expect(page.getByTitle('Long work')).toHaveText(/· [4-9]\d\s%$/)
    expect(await filesOf(page)).toContainEqual(expect.stringMatching(/\/run\.safetensors$/))
    await kill()
  }, folder)
  const resumed = await withBrowser(async ({ page }) => {
    await openTrain(page, training)
    const chip = page.getByTitle('Long work')
    await expect(chip).toHaveText('work interrupted')
    await chip.click()
    await expect(page.getByText(/^interrupted at [2-9]\d\s%/).first()).toBeVisible()
    await page.getByRole('dialog').getByRole('button', { name: 'Resume' }).click()
    await expect(page.getByText(/^step \d+ of/)).toBeVisible()
    page.on('dialog', (dialog) => void dialog.accept())
    await page.reload()
    await page.getByRole('button', { name: 'Go on' }).click()
    await reachEnd(page)
    return weightsOf(page)
  }, folder)
  rmSync(folder, { recursive: true, force: true })
  expect(Object.keys(whole)).toHaveLength(1 + training.checkpoints)
  expect(resumed).toEqual(whole)
})

test('two windows do not train the same, and other trainings of one shape have other names', async ({
  page,
  context
}) => {
  await begin(page, training)
  await expect(page.getByText(/^step \d+ of/)).toBeVisible()
  const other = await context.newPage()
  await begin(other, training)
  await expect(other.getByText('is being computed in another window or program')).toBeVisible()
  await begin(other, { ...short, seed: 2 })
  await reachEnd(other)
  await page.getByRole('button', { name: 'Stop, and keep what it learnt' }).click()
  await expect(page.getByText('Stopped. What it learnt is kept, and it can go on.')).toBeVisible()
  await other.reload()
  await expect(other.locator('main li').filter({ hasText: /^my-moe-/ })).toHaveCount(2)
})

test('a training stands still while the two models race, and goes on by itself', async ({ page }) => {
  await begin(page, { ...training, characters: 8_000_000 })
  await expect(page.getByText(/^step \d+ of/)).toBeVisible({ timeout: 60_000 })
  await page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: 'Compare' }).click()
  await page.getByRole('button', { name: 'Run', exact: true }).click({ timeout: 60_000 })
  const chip = page.getByTitle('Long work')
  await chip.click()
  const status = page.getByRole('dialog', { name: 'Long work' }).getByRole('listitem').locator('small')
  await expect(status).toContainText('paused while a speed is measured', { timeout: 20_000 })
  const at = await status.textContent()
  await expect(page.getByTestId('text-1').locator('[data-position="60"]')).toBeVisible({ timeout: 60_000 })
  expect(await status.textContent()).toBe(at)
  await expect(page.getByRole('button', { name: 'Run again' })).toBeVisible({ timeout: 60_000 })
  await expect(status).toContainText(/step \d+ of/)
  await expect(page.getByTestId('speed-0')).toContainText('its own clock')
})

async function openTrain(page: Page, chosen: object): Promise<void> {
  await page.goto('about:blank')
  await page.goto(
    `${test.info().project.use.baseURL}#${new URLSearchParams({ view: 'train', training: JSON.stringify(chosen) })}`
  )
}

async function begin(page: Page, chosen: object): Promise<void> {
  await openTrain(page, chosen)
  await page.getByRole('button', { name: 'Begin training' }).click()
}

async function reachEnd(page: Page): Promise<void> {
  await expect(page.getByText('Trained. It can be compared like any other model.')).toBeVisible()
}

interface OwnBrowser {
  readonly page: Page
  /** Kills the browser as a system does that runs out of memory. */
  kill(): Promise<void>
}

/** Starts a browser of its own on a folder of what it keeps, by default an empty one. */
async function withBrowser<T>(act: (browser: OwnBrowser) => Promise<T>, folder?: string): Promise<T> {
  const home = folder ?? mkdtempSync(join(tmpdir(), 'moescope-own-'))
  const { executablePath = chromium.executablePath(), args } = chromiumOptions
  const program = spawn(executablePath, [...args, `--user-data-dir=${home}`, '--remote-debugging-port=0'])
  const ended = once(program, 'exit')
  const kill = async () => {
    program.kill('SIGKILL')
    await ended
  }
  try {
    const browser = await chromium.connectOverCDP(await addressOf(program.stderr))
    const [context] = browser.contexts()
    if (!context) throw new Error('the browser opened without a context')
    const found = await act({ page: await context.newPage(), kill })
    await browser.close()
    return found
  } finally {
    await kill()
    if (folder === undefined) rmSync(home, { recursive: true, force: true, maxRetries: 10 })
  }
}

/** The address by which a browser that starts can be driven. */
async function addressOf(said: Readable): Promise<string> {
  for await (const line of createInterface(said)) {
    const [, address] = /^DevTools listening on (ws:\S+)/.exec(line) ?? []
    if (address === undefined) continue
    // Output that nobody reads would hold it up once the pipe is full.
    said.resume()
    return address
  }
  throw new Error('the browser ended before it could be driven')
}

/** Names of all files of the models that were trained here. */
function filesOf(page: Page): Promise<string[]> {
  return page.evaluate(
    () =>
      new Promise<string[]>((resolve, reject) => {
        const opening = indexedDB.open('moescope')
        opening.onerror = () => reject(opening.error)
        opening.onsuccess = () => {
          const asking = opening.result.transaction('models').objectStore('models').getAllKeys()
          asking.onsuccess = () => {
            opening.result.close()
            resolve(asking.result as string[])
          }
        }
      })
  )
}

/** SHA-256 of all weights of the models that were trained here, by their names. */
function weightsOf(page: Page): Promise<Record<string, string>> {
  return page.evaluate(async () => {
    const database = await new Promise<IDBDatabase>((resolve) => {
      const opening = indexedDB.open('moescope')
      opening.onsuccess = () => resolve(opening.result)
    })
    const store = database.transaction('models').objectStore('models')
    const entries = await new Promise<[string, Uint8Array<ArrayBuffer>][]>((resolve) => {
      const found: [string, Uint8Array<ArrayBuffer>][] = []
      const asking = store.openCursor()
      asking.onsuccess = () => {
        const cursor = asking.result
        if (!cursor) return resolve(found)
        found.push([cursor.key as string, cursor.value])
        cursor.continue()
      }
    })
    database.close()
    const weights = entries.filter(([name]) => name.endsWith('/model.safetensors'))
    const hashed = weights.map(async ([name, content]) => {
      const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', content))
      return [name, [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('')] as const
    })
    return Object.fromEntries(await Promise.all(hashed))
  })
}
