import { openCompare, unlimited } from './compare-page'
import { expect, test } from './profile'

// Recording a trace copies the whole page at every action, which would be the longest task of all.
test.use({ trace: 'off' })

test('the screen stays quick while both models run', async ({ page }) => {
  const { runToEnd } = await openCompare(page, { ...unlimited, tokens: '300' })
  // The engine warms up by itself in a second or two; a run makes sure of it, and V8 compiles for a while after it.
  await runToEnd()
  await page.waitForTimeout(2000)
  await page.evaluate(() => {
    const tasks: number[] = []
    Object.assign(window, { longTasks: tasks })
    new PerformanceObserver((list) => tasks.push(...list.getEntries().map(({ duration }) => duration))).observe({
      type: 'longtask'
    })
  })
  // By text and not by role: looking for roles among hundreds of tokens would be a long task of its own.
  await page.getByText('Run again').click()
  await expect(page.getByText('Pause')).toBeVisible()
  await expect(page.getByText('Run again')).toBeVisible()
  const longest = await page.evaluate(() => Math.max(0, ...(window as unknown as { longTasks: number[] }).longTasks))
  test.info().annotations.push({ type: 'longest task, ms', description: String(longest) })
  // Above the aim of 50 ms, which is met where nothing else runs: machines that run tests are slow and shared.
  expect(longest).toBeLessThan(150)
})
