import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { modelsMarkdown } from './models/command'
import { openModelStore } from './terminal/model-store'

test('the README shows the figures of the models that are shipped', async () => {
  const store = await openModelStore(resolve('assets/models'))
  const figures = await Promise.all(store.ids.map((id) => store.figures(id)))
  figures.sort((a, b) => a.role.localeCompare(b.role) || a.total - b.total)
  expect(figures.length).toBeGreaterThan(10)
  expect(readFileSync('README.md', 'utf8')).toContain(modelsMarkdown(figures))
})

test('no shipped model is below the floor, in any domain', async () => {
  const store = await openModelStore(resolve('assets/models'))
  for (const id of store.ids) {
    const { loss, floor } = await store.figures(id)
    expect(loss).toBeGreaterThan(floor ?? Number.POSITIVE_INFINITY)
    const report = JSON.parse(readFileSync(`assets/models/${id}/training.json`, 'utf8'))
    for (const [domain, lowest] of Object.entries<number>(report.floor.domains)) {
      // The validation text is a sample: its own entropy lies near the floor, to its sampling error.
      expect(report.result.domains[domain], `${id} ${domain}`).toBeGreaterThan(lowest - 0.01)
    }
  }
})

test('the MoE beats the dense model of equal active size by several times the spread of seeds', async () => {
  const store = await openModelStore(resolve('assets/models'))
  const [dense, moe] = [await store.figures('dense-64'), await store.figures('moe-64')]
  expect(Math.abs(moe.active.all / dense.active.all - 1)).toBeLessThan(0.1)
  const [a, b] = [dense.loss_over_seeds, moe.loss_over_seeds]
  if (!a || !b) throw new Error('both models need reports of their seeds')
  expect(Math.min(a.seeds, b.seeds)).toBeGreaterThan(1)
  expect(a.mean - b.mean).toBeGreaterThan(5 * Math.max(a.deviation ?? 1, b.deviation ?? 1))
})
