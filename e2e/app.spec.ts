import { writeFile } from 'node:fs/promises'
import type { Page } from '@playwright/test'
import { openCompare, unlimited } from './compare-page'
import { openHome } from './home-page'
import { chooserOf, withoutPickers, withPickedFile } from './pickers'
import { expect, test } from './profile'
import { storeDocument, storedDocument } from './stored-documents'

test('the front page answers first, its figures tell their digits, and its first button shows both models writing', async ({
  page
}) => {
  const problems = await openHome(page)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('What are experts worth?')
  await expect(page.getByLabel('The main answer')).toContainText(/Effective parameters of the MoE:\s*\d\.\d×/)
  const figures = page.getByLabel('The main answer').getByRole('button')
  await figures.filter({ hasText: '579 k total' }).hover()
  await expect(page.getByText('579,328 total parameters')).toBeVisible()
  await page.keyboard.press('Escape')
  await figures.filter({ hasText: '106 k active' }).focus()
  await expect(page.getByText('106,240 active parameters')).toBeVisible()
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'See the two models write' }).click()
  await expect(page.getByRole('button', { name: 'Run again' })).toBeVisible()
  await expect(page.getByTestId('text-1')).toContainText('lucia lives in')
  expect(problems).toEqual([])
})

test('choices and what is typed are undone and done again; a long prompt is cut, what is outside its limits is said', async ({
  page
}) => {
  await openCompare(page, { inspection: '{"page":"attention"}' })
  await expect(page.getByLabel('Warning')).toContainText('cannot be read: inspection.page')
  const seed = page.getByLabel('Seed')
  await page.keyboard.press('n')
  await expect(seed).toHaveValue('8')
  await page.keyboard.press('t')
  const html = page.locator('html')
  await expect(html).toHaveAttribute('data-theme', 'dark')
  await page.keyboard.press('Control+z')
  await expect(html).toHaveAttribute('data-theme', 'light')
  await page.keyboard.press('Control+z')
  await expect(seed).toHaveValue('7')
  await expect(page.getByRole('button', { name: 'Undo' })).toBeDisabled()
  await page.keyboard.press('Control+Shift+Z')
  await page.keyboard.press('Control+y')
  await expect(seed).toHaveValue('8')
  await expect(html).toHaveAttribute('data-theme', 'dark')

  const prompt = page.getByLabel('Prompt', { exact: true })
  await prompt.fill('n6x:')
  await prompt.press('Control+z')
  await expect(prompt).toHaveValue('lucia lives in ')

  await seed.fill('12345678')
  await seed.press('Enter')
  await expect(page.getByText('Seed goes from 0 to 999,999: 999,999 instead of 12,345,678.')).toBeVisible()
  await expect(seed).toHaveValue('999999')
  await prompt.fill('lucia '.repeat(200_000))
  await expect(page.getByText('The prompt was cut to 4,000 characters.')).toBeVisible()
  await expect(page).toHaveURL(/prompt=lucia/)
  expect(page.url().length).toBeLessThan(17_000)
  await page.goto('./#view=moon&seed=3')
  await expect(page.getByLabel('Warning').filter({ hasText: 'cannot be read: view.' })).toBeVisible()
})

test('Back and Forward go from view to view and leave what was chosen; Home and Page Down scroll', async ({ page }) => {
  await openHome(page)
  const title = page.getByRole('heading', { level: 1 })
  await page.keyboard.press('c')
  await expect(title).toHaveText(/at equal active parameters/)
  // Before any entry is gone back to, after which the browser scrolls by itself.
  await expect(page.getByText('Experts of each token')).toBeVisible()
  await page.keyboard.press('PageDown')
  await expect.poll(() => page.evaluate(() => scrollY)).toBeGreaterThan(0)
  await page.keyboard.press('Home')
  await expect.poll(() => page.evaluate(() => scrollY)).toBe(0)
  await expect(title).toHaveText(/at equal active parameters/)
  await page.keyboard.press('n')
  await page.keyboard.press('g')
  await expect(page).toHaveURL(/view=scaling/)
  await page.goBack()
  await expect(title).toHaveText(/at equal active parameters/)
  await expect(page.getByLabel('Seed')).toHaveValue('8')
  await page.keyboard.press('n')
  await page.goBack()
  await expect(title).toHaveText('What are experts worth?')
  await page.keyboard.press('Control+z')
  await expect(page.getByText('Undone in Compare: seed.')).toBeVisible()
  await page.keyboard.press('Alt+ArrowRight')
  await expect(title).toHaveText(/at equal active parameters/)
  await expect(page.getByLabel('Seed')).toHaveValue('8')
  await page.goForward()
  await expect(page).toHaveURL(/view=scaling.*seed=8/)
  // A link that is pasted is an entry, too.
  await page.goto('./#view=compare&edition=2&seed=99')
  await expect(page.getByLabel('Seed')).toHaveValue('99')
  await page.goBack()
  await expect(page).toHaveURL(/view=scaling/)
})

test('the palette finds commands, settings, models and prompts, by keyboard alone; in full screen a clicker goes from view to view', async ({
  page
}) => {
  await openHome(page)
  // The palette lists the models that are there when it opens.
  await expect(page.getByLabel('The main answer')).toContainText('Effective parameters of the MoE:')
  await runFromPalette(page, 'text size 150', /^Text size: 150 %/)
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await expect(page.locator('html')).toHaveCSS('font-size', '21px')
  await runFromPalette(page, 'moe-32 right', /^MoE 159 k on the right/)
  await expect(page).toHaveURL(/right=moe-32/)
  await type(page, 'xyzzy')
  await expect(page.getByText('Nothing is called that')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toHaveCount(0)

  await page.keyboard.press('Control+0')
  await page.keyboard.press('h')
  await page.keyboard.press('f')
  await expect.poll(() => page.evaluate(() => document.fullscreenElement !== null)).toBe(true)
  await page.keyboard.press('PageDown')
  await expect(page).toHaveURL(/view=compare/)
  await page.getByLabel('Prompt', { exact: true }).focus()
  await page.keyboard.press('PageDown')
  await expect(page).toHaveURL(/view=trace/)
  await page.keyboard.press('PageUp')
  await expect(page).toHaveURL(/view=compare/)
})

test('settings act at once, are kept, and a damaged document is set aside with a warning', async ({ page }) => {
  await openHome(page)
  await page.keyboard.press('Control+,')
  await page.getByRole('radio', { name: 'dark' }).click()
  await page.getByRole('combobox', { name: 'Text size' }).click()
  await page.getByRole('option', { name: '125 %' }).click()
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
  await page.keyboard.press('Escape')
  await expect
    .poll(() => storedDocument(page, 'settings'))
    .toMatchObject({ settings: { theme: 'dark', textSize: 125 } })
  await page.reload()
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
  await expect(page.locator('html')).toHaveCSS('font-size', '17.5px')
  await storeDocument(page, 'settings', { format: 'moescope.settings/1', settings: { theme: 7 } })
  await page.reload()
  await expect(page.getByLabel('Warning')).toContainText('stored settings could not be read')
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'light')
  await page.getByRole('button', { name: 'Dismiss' }).click()
  await expect(page.getByLabel('Warning')).toHaveCount(0)
})

test('a state is saved, found among the recent files, and chosen again', async ({ page }) => {
  await withPickedFile(page, 'talk.moescope')
  await openCompare(page, { prompt: 'rev abdc>', seed: '5' })
  await page.keyboard.press('Control+Shift+S')
  await expect(page.getByText('talk.moescope is saved')).toBeVisible()
  await page.getByLabel('Prompt', { exact: true }).fill('n6x:')
  await page.getByRole('heading', { level: 1 }).click()
  await page.keyboard.press('h')
  await page.getByRole('list', { name: 'Recent files' }).getByRole('button', { name: /talk/ }).click()
  await expect(page.getByLabel('Prompt', { exact: true })).toHaveValue('rev abdc>')
  await expect(page.getByLabel('Seed')).toHaveValue('5')
})

test('a file is opened by dropping it, and what it is not is said; a trace shows how evenly the router works', async ({
  page
}, testInfo) => {
  await withoutPickers(page)
  await openHome(page)
  const drop = (name: string, text: string) =>
    page.evaluate(
      ([file, content]) => {
        const dataTransfer = new DataTransfer()
        dataTransfer.items.add(new File([content ?? ''], file ?? ''))
        window.dispatchEvent(new DragEvent('dragover', { dataTransfer, cancelable: true }))
        window.dispatchEvent(new DragEvent('drop', { dataTransfer, cancelable: true }))
      },
      [name, text]
    )
  await drop('notes.txt', 'hello')
  await expect(page.getByText('notes.txt cannot be opened: expected a Moescope state or run')).toBeVisible()
  await drop('s.moescope', JSON.stringify({ format: 'moescope.state/2', choices: { view: 'compare', prompt: 'n6x:' } }))
  await expect(page.getByLabel('Prompt', { exact: true })).toHaveValue('n6x:')

  const path = testInfo.outputPath('t.safetensors')
  await writeFile(path, traceOfTwoLayers())
  await (await chooserOf(page, () => page.keyboard.press('Control+o'))).setFiles(path)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Does the router use all of its experts?')
  // Expert 0 takes 3 of 4 tokens in one layer: of four experts that is three times its share.
  await expect(page.getByText(/The busiest expert takes\s*3\.0×\s*its even share/)).toBeVisible()
  await expect(page.getByRole('region', { name: 'Load of every expert' }).locator('canvas')).toBeVisible()
})

test('jobs are listed with their progress, can be cancelled, leave the header after half a minute, and are asked about before the page goes', async ({
  page
}) => {
  await page.clock.install()
  await openCompare(page, unlimited)
  await page.getByRole('button', { name: 'Measure on this machine' }).click()
  const chip = page.getByTitle('Jobs')
  await expect(chip).toContainText(/Speed against size · (1 job · )?\d+/)
  // One line of the header at any width: a button of 2 rem, and its padding.
  for (const width of [1280, 1200, 1100, 1000]) {
    await page.setViewportSize({ width, height: 800 })
    const header = await page.getByRole('banner').first().boundingBox()
    expect(header?.height, `${width} pixels`).toBeLessThan(50)
  }
  await runFromPalette(page, 'cancel all', /^Cancel all jobs/)
  await expect(chip).toContainText('cancelled')
  await chip.click()
  await expect(page.getByText(/cancelled at/)).toBeVisible()
  await page.keyboard.press('Escape')
  await page.clock.fastForward(30_000)
  await expect(chip).toHaveCount(0)

  await page.getByRole('button', { name: 'Measure on this machine' }).click()
  await expect(chip).toBeVisible()
  const asked = new Promise<string>((resolve) => {
    page.on('dialog', (dialog) => {
      resolve(dialog.type())
      void dialog.accept()
    })
  })
  await page.close({ runBeforeUnload: true })
  expect(await asked).toBe('beforeunload')
})

test('a setting of a router that is refused says why; a model is trained, stopped, continued, compared, its routing followed', async ({
  page
}) => {
  await page.goto(
    `./#${new URLSearchParams({ view: 'train', edition: '2', training: JSON.stringify({ router: { kind: 'top-p' } }) })}`
  )
  const p = page.getByLabel('threshold', { exact: true })
  const before = await p.inputValue()
  await p.fill('7')
  await p.press('Enter')
  await expect(page.getByText(new RegExp(`^threshold stays ${before}: .*1`))).toBeVisible()
  await expect(p).toHaveValue(before)

  const training = { width: 24, layers: 1, experts: 4, characters: 120_000, checkpoints: 4 }
  await page.goto(`./#${new URLSearchParams({ view: 'train', edition: '2', training: JSON.stringify(training) })}`)
  await stopAtFirstStep(page)
  await page.getByRole('main').getByRole('button', { name: 'Train', exact: true }).click()
  await expect(page.getByText('Stopped. The model is kept, and the training can be resumed.')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Resume' })).toBeVisible()
  for (const width of [1280, 1920]) {
    await page.setViewportSize({ width, height: 800 })
    expect(await widerThanTheirColumn(page)).toEqual([])
  }
  await page.setViewportSize({ width: 1280, height: 800 })
  await page.reload()
  await page.getByRole('button', { name: 'Resume' }).click()
  await expect(page.getByText('Finished. The model can be compared like any other.')).toBeVisible({ timeout: 300_000 })
  // It has learnt something: a uniform guess of 55 characters costs ln 55 = 4.007 nats, and none is below the floor.
  const loss = Number(await page.locator('main strong').innerText())
  expect(loss).toBeGreaterThan(0.712)
  expect(loss).toBeLessThan(3.7)
  await page.getByRole('main').getByRole('button', { name: 'Compare', exact: true }).click()
  await expect(page).toHaveURL(/right=my-moe-/)
  await page.getByRole('button', { name: 'Run', exact: true }).click()
  await expect(page.getByRole('button', { name: 'Run again' })).toBeVisible()
  await page.keyboard.press('m')
  await page.getByRole('button', { name: 'Routing over training' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('How did the routing come about?')
  await expect(page.getByText('of its final choices')).toBeVisible()
  await page.keyboard.press('m')
  await page.getByRole('button', { name: 'Remove' }).click()
  await expect(page.getByRole('dialog')).toContainText(/Remove my-moe-/)
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click()
  await expect(page.getByRole('button', { name: 'Remove' })).toHaveCount(0)
  await page.keyboard.press('Control+z')
  await expect(page.getByText(/^Undone removal of my-moe-/)).toBeVisible()
  await expect(page.getByRole('button', { name: 'Routing over training' })).toBeVisible()
})

/** Panels that reach out of the column that they stand in, or over the panel beside them. */
function widerThanTheirColumn(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const panels = [...document.querySelectorAll('main section')]
    return panels
      .filter((panel) => {
        const { right } = panel.getBoundingClientRect()
        const column = panel.parentElement?.getBoundingClientRect()
        return panel.scrollWidth > panel.clientWidth || right > (column?.right ?? 0) + 1 || right > innerWidth
      })
      .map((panel) => panel.getAttribute('aria-label') ?? '')
  })
}

/** Clicks Stop as soon as the page shows a step, in the page: a fast machine is done before a test would have looked. */
async function stopAtFirstStep(page: Page): Promise<void> {
  await page.evaluate(() => {
    const observer = new MutationObserver(() => {
      if (!/step \d+ of 58, loss \d/.test(document.body.textContent ?? '')) return
      const stop = [...document.querySelectorAll('button')].find((each) =>
        each.textContent?.startsWith('Stop and keep')
      )
      if (!stop) return
      observer.disconnect()
      stop.click()
    })
    observer.observe(document.body, { childList: true, subtree: true, characterData: true })
  })
}

test('a page that was killed opens where it was, with a report to copy', async ({ page }) => {
  await openCompare(page, { prompt: 'n6x:' })
  await page.getByLabel('Seed').fill('12')
  await page.getByLabel('Seed').press('Enter')
  await expect.poll(() => storedDocument(page, 'state')).toMatchObject({ choices: { seed: 12 } })
  // A killed page leaves a mark without a lock.
  await page.evaluate(() =>
    localStorage.setItem('moescope.session.gone', '[{"where":"page","message":"out of memory"}]')
  )
  await page.goto('about:blank')
  await page.goto('./')
  await expect(page.getByLabel('The last session')).toContainText('did not end by itself')
  await expect(page.getByLabel('Prompt', { exact: true })).toHaveValue('n6x:')
  await page.getByRole('button', { name: 'Dismiss' }).click()
  await page.reload()
  await expect(page.getByLabel('The last session')).toHaveCount(0)
})

test('a second window follows the first, until something is done in it, and keeps nothing', async ({
  page,
  context
}) => {
  await openCompare(page, { prompt: 'n6x:', seed: '31' })
  const opening = context.waitForEvent('page')
  await page.keyboard.press('Control+Shift+N')
  const second = await opening
  await expect(second.getByLabel('Seed')).toHaveValue('31')
  await expect(second.getByText('follows the first window')).toBeVisible()
  await page.getByLabel('Length').fill('12')
  await page.getByRole('button', { name: 'Run', exact: true }).click()
  await expect(page.getByRole('button', { name: 'Run again' })).toBeVisible()
  await expect(second.getByRole('button', { name: 'Run again' })).toBeVisible()
  const texts = [page, second].map((each) => each.getByTestId('text-1').innerText())
  expect(await texts[1]).toBe(await texts[0])
  await page.getByTestId('text-1').locator('[data-position="8"]').hover()
  await expect(second.getByTestId('text-1').locator('[data-position="8"]')).toHaveAttribute('aria-selected', 'true')
  await page.keyboard.press('g')
  await expect(second).toHaveTitle(await page.title())
  await expect(second.getByRole('heading', { level: 1 })).toHaveText(
    await page.getByRole('heading', { level: 1 }).innerText()
  )
  await page.keyboard.press('c')
  await second.getByLabel('Prompt', { exact: true }).fill('rev ab>')
  await expect(second.getByRole('button', { name: 'Follow the first window' })).toBeVisible()
  // A page keeps its documents before it goes.
  await second.reload()
  await expect(second.getByLabel('Prompt', { exact: true })).toHaveValue('n6x:')
  await second.close()
  await expect.poll(() => storedDocument(page, 'state')).toMatchObject({ choices: { prompt: 'n6x:' } })
  await page.goto('about:blank')
  await page.goto('./')
  await expect(page.getByRole('button', { name: /^Continue/ })).toContainText('n6x:')
})

/** Types into the palette, and runs what it finds first, which has this name. */
async function runFromPalette(page: Page, text: string, name: RegExp): Promise<void> {
  await type(page, text)
  await expect(page.getByRole('option', { name }).first()).toHaveAttribute('data-highlighted')
  await page.keyboard.press('Enter')
}

/** Opens the palette and types into it. */
async function type(page: Page, text: string): Promise<void> {
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await page.keyboard.press('Control+k')
  await expect(page.getByRole('combobox', { name: 'Find a command' })).toBeFocused()
  await page.keyboard.type(text)
}

/** Bytes of a trace of four tokens, two layers and four experts. */
function traceOfTwoLayers(): Buffer {
  const tokenIds = Buffer.from(Int32Array.of(0, 1, 2, 3).buffer)
  const expertIds = Buffer.from(Uint16Array.of(0, 1, 0, 2, 0, 3, 1, 0).buffer)
  const metadata = {
    format: 'moescope.trace/1',
    model: 'm',
    layers: '[0,1]',
    experts: '4',
    top_k: '1',
    tokens: '["a","b","c","d"]'
  }
  const header = Buffer.from(
    JSON.stringify({
      __metadata__: metadata,
      token_ids: { dtype: 'I32', shape: [4], data_offsets: [0, 16] },
      expert_ids: { dtype: 'U16', shape: [4, 2, 1], data_offsets: [16, 32] }
    })
  )
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(header.length))
  return Buffer.concat([length, header, tokenIds, expertIds])
}
