/** When the engine cannot start, or stops, the screen says so, and the way on leads on. */
import type { Page } from '@playwright/test'
import { type ComparePage, openCompare, short } from './compare-page'
import { expect, test } from './profile'

test('an engine that dies in the midst of a run says why, and a fresh one runs again', async ({ page }) => {
  const die = await mortalEngine(page)
  const compare = await openCompare(page, { pace: '20' })
  await page.getByRole('button', { name: 'Run', exact: true }).click()
  await expect.poll(() => generated(compare)).toBeGreaterThan(20)
  await die('memory access out of bounds')
  const failure = page.getByRole('alert')
  await expect(failure.getByRole('heading')).toHaveText('The engine stopped')
  await expect(failure).toContainText('memory access out of bounds')
  // The generated text can still be read, and grows no more.
  const left = await compare.text(1)
  expect(left.length).toBeGreaterThan(20)
  await expect(page.getByRole('button', { name: 'Run', exact: true })).toBeDisabled()
  await expect(page.getByRole('button', { name: 'Pause' })).toHaveCount(0)
  expect(await compare.text(1)).toBe(left)

  await startAgain(page)
  // The fresh engine has written again what the first one had.
  await expect.poll(() => compare.text(1)).toContain(left.slice(0, -1))
  await compare.runToEnd()
  expect(await generated(compare)).toBeGreaterThan(90)
  expect(compare.problems).toEqual([])
})

test('without WebAssembly the screen says what is missing, and the rest can be read', async ({ page }) => {
  await page.addInitScript(() => Reflect.deleteProperty(globalThis, 'WebAssembly'))
  const compare = await openCompare(page)
  await cannotRun(compare, 'This browser has no WebAssembly', 'missing or switched off')
})

test('an engine whose program cannot be loaded says so, and starts once it can', async ({ page }) => {
  await page.route('**/*.wasm', (route) => route.abort())
  const compare = await openCompare(page, short)
  const failure = page.getByRole('alert')
  await expect(failure.getByRole('heading')).toHaveText('The engine could not be started')
  await expect(failure).toContainText(/ort-wasm\S*\.wasm/)
  // ONNX Runtime and the browser say it too, and nothing else is said.
  expect(compare.problems.filter((each) => !/wasm|falling back to ArrayBuffer|ERR_FAILED/.test(each))).toEqual([])
  await page.unroute('**/*.wasm')
  await startAgain(page)
  await compare.runToEnd()
})

/** Makes the engine one that can be made to throw an error that nothing catches. */
async function mortalEngine(page: Page): Promise<(message: string) => Promise<void>> {
  await page.route('**/worker-*.js', async (route) => {
    const response = await route.fetch()
    const body = `${await response.text()}
      addEventListener('message', ({ data }) => {
        if (data.die) setTimeout(() => { throw new Error(data.die) })
      })`
    await route.fulfill({ response, body })
  })
  await page.addInitScript(() => {
    const { Worker } = window
    window.Worker = class extends Worker {
      constructor(...given: ConstructorParameters<typeof Worker>) {
        super(...given)
        Object.assign(window, { latestWorker: this })
      }
    }
  })
  return (message) =>
    page.evaluate((die) => (window as unknown as { latestWorker: Worker }).latestWorker.postMessage({ die }), message)
}

/** Takes the way on, and waits until the models are there. */
async function startAgain(page: Page): Promise<void> {
  await page.getByRole('alert').getByRole('button', { name: 'Start the engine again' }).click()
  await expect(page.getByRole('alert')).toHaveCount(0)
  await expect(page.getByRole('button', { name: 'Step' })).toBeEnabled()
}

/** Characters that the right model has read and written. */
function generated({ page }: ComparePage): Promise<number> {
  return page.getByTestId('text-1').locator('[data-position]').count()
}

/** Nothing can be computed: the reason and the advice are shown, and so is all that needs no engine. */
async function cannotRun({ page, problems }: ComparePage, title: string, advice: string): Promise<void> {
  const failure = page.getByRole('alert')
  await expect(failure.getByRole('heading')).toHaveText(title)
  await expect(failure).toContainText(advice)
  await expect(page.getByRole('button', { name: 'Run', exact: true })).toBeDisabled()
  await expect(page.getByRole('button', { name: 'Step' })).toBeDisabled()
  await expect(page.getByText('engine not running')).toBeVisible()
  // The answer, and the meters of the two models.
  await expect(page.getByRole('region', { name: 'Answer', exact: true })).toContainText(/\d/)
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  expect(problems).toEqual([])
}
