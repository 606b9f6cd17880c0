/** Nothing that was computed is lost: runs wait for each other, survive reloads and kills, and are computed once. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { setTimeout as wait } from 'node:timers/promises'
import { chromium, type Page } from '@playwright/test'
import { readSafetensors } from '../core/formats/safetensors'
import { createRandom } from '../core/random'
import { chromiumOptions } from '../scripts/chromium-options.mjs'
import { expect, test } from './profile'
import { openRecorded } from './trace-page'

/** A training of about ten seconds, which is saved on its way. */
const training = { width: 24, layers: 1, experts: 4, characters: 500_000, checkpoints: 8 }
/** Times that a training is killed, the page's own process and the browser in turns; more of them on demand. */
const kills = Number(process.env.MOESCOPE_KILLS ?? 2)
const maxMilliseconds = 300
/** One that is ended before it comes to its end. */
const endless = { ...training, characters: 8_000_000 }
/** One of some seconds. */
const short = { ...training, characters: 60_000, checkpoints: 4 }

test('every expert is ablated while another model is recorded, and both end whole', async ({ page }) => {
  const { ask, problems } = await openRecorded(page)
  await ask('Ablation')
  await page.getByRole('button', { name: 'Ablate every expert' }).click()
  await expect(page.getByRole('main').getByRole('progressbar')).toBeVisible()
  await ask('Two traces')
  await page.getByRole('button', { name: 'moe-64', exact: false }).first().click()
  await expect(page.getByText('Of each token’s experts')).toBeVisible()
  await page.getByLabel('Open traces').getByRole('button', { name: 'moe-32' }).click()
  await ask('Ablation')
  // Both layers' 16 experts, the two interventions on all routing and the two other top-k.
  await expect(page.getByRole('table').getByRole('row')).toHaveCount(1 + 1 + 4 + 32)
  await expect(page.getByRole('button', { name: 'Ablate every expert again' })).toBeVisible()
  expect(problems).toEqual([])
})

test('a recording and an ablation are there again after a reload', async ({ page }) => {
  const { ask } = await openRecorded(page)
  await ask('Ablation')
  await page.getByRole('button', { name: 'Measure this intervention' }).click()
  const row = page.getByRole('rowheader', { name: 'layer 0: without expert 0' })
  await expect(row).toBeVisible()
  await expect(page.getByRole('button', { name: 'Measure this intervention' })).toBeEnabled()
  await page.reload()
  const recorded = page.getByRole('region', { name: 'Recorded here' })
  await expect(recorded).toContainText('moe-32')
  await recorded.getByRole('button', { name: 'Open' }).click()
  await ask('Ablation')
  await expect(row).toBeVisible()
  await page.getByRole('button', { name: 'Close', exact: true }).click()
  await recorded.getByRole('button', { name: 'Remove' }).click()
  await expect(recorded).toHaveCount(0)
})

test(`a training that is killed ${kills} times and reloaded in its midst is offered again, and ends with the same weights`, async ({
  page
}) => {
  test.setTimeout(600_000 + 60_000 * kills)
  const long = { ...training, width: 16, characters: 40_000 * (kills + 1), checkpoints: 2 }
  await begin(page, long)
  await reachEnd(page, kills)
  const whole = await weightsOf(page)
  const folder = test.info().outputPath('killed')
  const random = createRandom(1, 'kills')
  /** The step that each life but the first went on from. */
  const saved: number[] = []
  const goOn = async (page: Page) => {
    await openTrain(page, long)
    saved.push(await savedStep(page))
    await resume(page)
  }
  const untilKilled = async (page: Page, life: number, kill: (page: Page) => Promise<void>) => {
    await (life === 0 ? begin(page, long) : goOn(page))
    await expect.poll(() => savedStep(page), { intervals: [50] }).toBeGreaterThan(saved.at(-1) ?? 0)
    await wait(random.integer(maxMilliseconds))
    await kill(page)
  }
  for (let life = 0; life < kills; life += 2) {
    await withBrowser(async ({ runAhead, openPage, killPage, killBrowser }) => {
      await runAhead()
      await untilKilled(await openPage(), life, killPage)
      if (life + 1 < kills) await untilKilled(await openPage(), life + 1, killBrowser)
    }, folder)
  }
  const resumed = await withBrowser(async ({ openPage }) => {
    const page = await openPage()
    await goOn(page)
    await expect(page.getByText(/^step \d+ of/)).toBeVisible()
    page.on('dialog', (dialog) => void dialog.accept())
    await page.reload()
    await page.getByRole('region', { name: 'Trained here' }).getByRole('button', { name: 'Resume' }).click()
    await reachEnd(page, kills)
    return weightsOf(page)
  }, folder)
  test.info().annotations.push({ type: 'went on from step', description: saved.join(', ') })
  // Every life has taken it further.
  expect(saved).toEqual([...new Set(saved)].sort((a, b) => a - b))
  expect(Object.keys(whole)).toHaveLength(1 + long.checkpoints)
  expect(resumed).toEqual(whole)
})

test('two windows do not train the same, and other trainings of one shape have other names', async ({
  page,
  context
}) => {
  await begin(page, endless)
  await expect(page.getByText(/^step \d+ of/)).toBeVisible()
  const other = await context.newPage()
  await begin(other, endless)
  const refusal = 'is being computed in another window or program'
  await expect(other.getByText('That did not work:')).toContainText(refusal)
  await expect(other.getByRole('region', { name: 'Architecture and length' }).getByRole('alert')).toContainText(refusal)
  await page.getByRole('button', { name: 'Stop and keep the model' }).click()
  await expect(page.getByText('Stopped. The model is kept, and the training can be resumed.')).toBeVisible()
  await begin(other, { ...short, seed: 2 })
  await reachEnd(other)
  await other.reload()
  await expect(other.locator('main li').filter({ hasText: /^my-moe-/ })).toHaveCount(2)
})

test('a training stands still while the two models race, and goes on by itself', async ({ page }) => {
  // The race lasts until it is paused, however slow the machine is.
  await begin(page, endless, { tokens: '300', pace: '5' })
  await expect(page.getByText(/^step \d+ of/)).toBeVisible()
  await page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: 'Compare' }).click()
  await page.getByRole('button', { name: 'Run', exact: true }).click()
  const chip = page.getByTitle('Jobs')
  await chip.click()
  const status = page.getByRole('dialog', { name: 'Jobs' }).getByRole('listitem').locator('small')
  await expect(status).toContainText('paused while a speed is measured')
  const at = await status.textContent()
  await expect(page.getByTestId('text-1').locator('[data-position="30"]')).toBeVisible()
  expect(await status.textContent()).toBe(at)
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Pause' }).click()
  await chip.click()
  await expect(status).toContainText(/step \d+ of/)
  await expect(page.getByTestId('speed-0')).toContainText('its own clock')
})

async function openTrain(page: Page, chosen: object, others: Readonly<Record<string, string>> = {}): Promise<void> {
  await page.goto('about:blank')
  const link = new URLSearchParams({ view: 'train', edition: '2', training: JSON.stringify(chosen), ...others })
  await page.goto(`${test.info().project.use.baseURL}#${link}`)
}

async function begin(page: Page, chosen: object, others: Readonly<Record<string, string>> = {}): Promise<void> {
  await openTrain(page, chosen, others)
  await page.getByRole('main').getByRole('button', { name: 'Train', exact: true }).click()
}

/** @param patience in units of two minutes */
async function reachEnd(page: Page, patience = 1): Promise<void> {
  await expect(page.getByText('Finished. The model can be compared like any other.')).toBeVisible({
    timeout: 120_000 * Math.max(1, patience)
  })
}

/** Goes on with a training that was under way when the app died, from the list of jobs. */
async function resume(page: Page): Promise<void> {
  const chip = page.getByTitle('Jobs')
  await expect(chip).toHaveText('job interrupted')
  await chip.click()
  await expect(page.getByText(/^interrupted/).first()).toBeVisible()
  await page.getByRole('dialog').getByRole('button', { name: 'Resume' }).click()
}

interface OwnBrowser {
  openPage(): Promise<Page>
  /** Has the clock of workers run ahead at every look, so that a training saves after every few steps. */
  runAhead(): Promise<void>
  /** Kills the browser as a system does that runs out of memory. */
  killBrowser(): Promise<void>
  /** Kills the process of the page, as a fault of the browser does; the browser stays. */
  killPage(page: Page): Promise<void>
}

/**
 * Starts a browser of its own on a folder of what it keeps, among the test's results, which the next run removes: when a
 * browser is killed, its processes still write for a moment.
 */
async function withBrowser<T>(act: (browser: OwnBrowser) => Promise<T>, folder: string): Promise<T> {
  const { executablePath = chromium.executablePath(), args } = chromiumOptions
  const program = spawn(executablePath, [...args, `--user-data-dir=${folder}`, '--remote-debugging-port=0'])
  const ended = once(program, 'exit')
  const kill = async () => {
    program.kill('SIGKILL')
    await ended
  }
  try {
    const browser = await chromium.connectOverCDP(await addressOf(program.stderr))
    const [context] = browser.contexts()
    if (!context) throw new Error('the browser opened without a context')
    const runAhead = async () => {
      await context.route(/\/assets\/worker-[^/]*\.js$/, async (route) => {
        const response = await route.fetch()
        const clock = '{ let now = 0; performance.now = () => (now += 1000) }\n'
        await route.fulfill({ response, body: clock + (await response.text()) })
      })
    }
    const killPage = async (page: Page) => {
      const devtools = await context.newCDPSession(page)
      const crashed = page.waitForEvent('crash')
      // It is not answered: who would answer is gone.
      void devtools.send('Page.crash').catch(() => undefined)
      await crashed
    }
    const found = await act({ openPage: () => context.newPage(), runAhead, killBrowser: kill, killPage })
    await browser.close()
    return found
  } finally {
    await kill()
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

/** The step after which what continues a training was saved last; 0 before that. */
async function savedStep(page: Page): Promise<number> {
  const content = await page.evaluate(async () => {
    const database = await new Promise<IDBDatabase>((resolve, reject) => {
      const opening = indexedDB.open('moescope')
      opening.onerror = () => reject(opening.error)
      opening.onsuccess = () => resolve(opening.result)
    })
    const store = database.transaction('models').objectStore('models')
    const found = await new Promise<Uint8Array | undefined>((resolve) => {
      const asking = store.getAllKeys()
      asking.onsuccess = () => {
        const name = (asking.result as string[]).find((each) => each.endsWith('/run.safetensors'))
        if (name === undefined) return resolve(undefined)
        const reading = store.get(name)
        reading.onsuccess = () => resolve(reading.result as Uint8Array)
      }
    })
    database.close()
    return found
  })
  if (!content) return 0
  return (JSON.parse(readSafetensors(content).metadata.progress ?? '') as { step: number }).step
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
