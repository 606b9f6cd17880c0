import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { readTrainingReport } from '@core/formats/training-report'
import { widestFactor } from '@core/scaling/effective'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { runCommand } from './command.fixture'
import { modelsMarkdown } from './models/command'
import { effectiveText, lossText, sizeText } from './terminal/model-figures'
import { openModelStore } from './terminal/model-store'

test('the README shows the figures of the models that are shipped', async () => {
  const store = await openModelStore(resolve('assets/models'))
  const figures = await Promise.all(store.ids.map((id) => store.figures(id)))
  figures.sort((a, b) => a.role.localeCompare(b.role) || a.total - b.total)
  expect(figures.length).toBeGreaterThan(10)
  expect(readFileSync('README.md', 'utf8')).toContain(modelsMarkdown(figures))
})

test('the README says of the main comparison what the reports say', async () => {
  const store = await openModelStore(resolve('assets/models'))
  const [dense, moe] = [await store.figures('dense-64'), await store.figures('moe-64')]
  const [a, b] = [dense.loss_over_seeds, moe.loss_over_seeds]
  if (!a || !b) throw new Error('both models need reports of their seeds')
  const effective = `has **${sizeText(moe.total)} total**, **${sizeText(moe.active.all)} active** and **${effectiveText(moe.effective)} effective** parameters`
  const times = ((moe.effective.estimate ?? Number.NaN) / moe.active.all).toFixed(1)
  const sentences = [
    `The MoE beside a dense model of equal active size (\`moe-64\` and \`dense-64\`) ${effective}: it is worth a dense model of ${times} times what a token costs.`,
    `Its loss is ${lossText(b)} nats per character against ${lossText(a)} (mean and standard deviation over ${b.seeds} seeds); the floor is ${moe.floor?.toFixed(3)}.`,
    `On memory it has ${effectiveText(moe.effective_memory)} effective parameters, on computation ${effectiveText(moe.effective_computation)}`,
    `With this spread it takes about ${moe.effective_computation.runs_needed} runs of each size to tell within a factor of ${widestFactor}.`
  ]
  const readme = readFileSync('README.md', 'utf8').replaceAll(/\s+/g, ' ')
  for (const sentence of sentences) expect(readme).toContain(sentence)
})

test('the README says of depth what the reports say', async () => {
  const store = await openModelStore(resolve('assets/models'))
  const [deep, wide] = [await store.figures('dense-64-deep'), await store.figures('moe-128')]
  const reportOf = (id: string) => readTrainingReport(readFileSync(`assets/models/${id}/training.json`), id)
  const lossOf = (id: string) => reportOf(id).result.domains.seq?.toFixed(3)
  const sentence =
    `on reversing and sorting the eight layers of \`dense-64-deep\` (${sizeText(deep.total)} total) come to ` +
    `${lossOf('dense-64-deep')} nats per character, where the floor is ${reportOf('moe-128').floor?.domains.seq?.toFixed(3)}, ` +
    `and the two layers of \`moe-128\` (${sizeText(wide.total)} total, ${sizeText(wide.active.all)} active) to ${lossOf('moe-128')}.`
  expect(readFileSync('README.md', 'utf8').replaceAll(/\s+/g, ' ')).toContain(sentence)
})

test('the README gives the scores of the main comparison as they are', async () => {
  const scoreOn = async (language: string) => {
    const args = ['compare', '--score', language, '--tokens', '1', '--threads', '1', '--json']
    const { output } = await runCommand(args, { modelsFolder: 'assets/models' })
    return scoreSchema.parse(JSON.parse(output)).score
  }
  const percent = (share: number) => (100 * share).toFixed(1).replace('-', '−')
  const range = ({ low, high }: { low: number; high: number }) => `${percent(low)} to ${percent(high)}`
  const { models, difference: facts } = await scoreOn('fact')
  const [dense, moe] = models
  const sequences = (await scoreOn('seq')).difference
  const variables = (await scoreOn('var')).difference
  const sentence =
    `On facts \`dense-64\` answers ${percent(dense.share)} % (${range(dense)}) and \`moe-64\` ${percent(moe.share)} % ` +
    `(${range(moe)}), +${percent(facts.difference)} points (${range(facts)}). On reversing and sorting the difference is ` +
    `+${percent(sequences.difference)} points (${range(sequences)}), on variables +${percent(variables.difference)} (${range(variables)}).`
  expect(readFileSync('README.md', 'utf8').replaceAll(/\s+/g, ' ')).toContain(sentence)
}, 60_000)

const interval = { low: z.number(), high: z.number() }
const shareSchema = z.looseObject({ share: z.number(), ...interval })
const scoreSchema = z.looseObject({
  score: z.looseObject({
    models: z.tuple([shareSchema, shareSchema]),
    difference: z.looseObject({ difference: z.number(), ...interval })
  })
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

test('the MoE beats the dense model of equal active size by several standard errors', async () => {
  const store = await openModelStore(resolve('assets/models'))
  const [dense, moe] = [await store.figures('dense-64'), await store.figures('moe-64')]
  expect(Math.abs(moe.active.all / dense.active.all - 1)).toBeLessThan(0.1)
  const [a, b] = [dense.loss_over_seeds, moe.loss_over_seeds]
  if (!a || !b) throw new Error('both models need reports of their seeds')
  expect(Math.min(a.seeds, b.seeds)).toBeGreaterThan(1)
  const standardError = Math.hypot(...[a, b].map(({ deviation, seeds }) => (deviation ?? 1) / Math.sqrt(seeds)))
  expect(a.mean - b.mean).toBeGreaterThan(5 * standardError)
})
