import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { countParameters } from '@core/arch/count/count'
import { denseArchitecture, moeArchitecture } from '@core/arch/presets'
import { writeConfig } from '@core/arch/write-config'
import { corpusFloor, createWorld, tokenizer } from '@core/corpus'
import { corpusOf } from '@core/evaluate/validation-text'
import { chinchillaLoss } from '@core/scaling/laws/chinchilla'
import { expect, test } from 'vitest'
import { runCommand, temporaryFolder } from '../command.fixture'
import { reportOf } from '../models/command.fixture'

const vocabularySize = tokenizer.size
const floor = corpusFloor(createWorld()).total
const law = { E: floor, A: 40, B: 900, alpha: 0.4, beta: 0.5 }

/** A folder with reports of trainings that follow the law, and two that do not belong to it. */
async function trainings(widths: readonly number[], lengths: readonly number[]): Promise<string> {
  const folder = await temporaryFolder()
  const write = (name: string, report: unknown) => writeFile(join(folder, name), JSON.stringify(report))
  for (const width of widths) {
    for (const tokens of lengths) {
      const architecture = denseArchitecture({ width, vocabularySize })
      const { total: parameters } = countParameters(architecture)
      const report = reportOf(architecture, 1, chinchillaLoss(law, { parameters, tokens }), tokens)
      await write(`${width}-${tokens}.json`, { ...report, config: writeConfig(architecture) })
    }
  }
  const moe = moeArchitecture({ width: 32, vocabularySize })
  await write('moe.json', { ...reportOf(moe, 1, 1), config: writeConfig(moe) })
  await write('unknown.json', reportOf(moe, 1, 1))
  await write('config.backup.json', { model_type: 'llama' })
  return folder
}

const fitted = (folder: string) => runCommand(['laws', 'fit', folder, '--json'])

test('the law that made the losses of dense models, whatever else lies in the folder', async () => {
  const { output } = await fitted(await trainings([24, 48, 96, 192], [1e5, 1e6, 8e6]))
  const found = JSON.parse(output)
  expect(found).toMatchObject({ trainings: 12, left_out: { experts: 1, repeated: 0, unknown: 1 }, budgets: [] })
  expect(found.law.E).toBe(floor)
  for (const name of ['A', 'B', 'alpha', 'beta'] as const) expect(found.law[name] / law[name]).toBeCloseTo(1, 2)
  expect(found.law.size_exponent).toBeCloseTo(5 / 9, 3)
  expect(found.fitted_floor.E).toBeCloseTo(floor, 2)
})

test('what cannot be fitted, or is no report, is refused in a sentence', async () => {
  const { status, errors } = await fitted(await trainings([24, 48], [1e6]))
  expect([status, errors]).toEqual([1, expect.stringMatching(/at least 6 trainings.*found 2, of 2 and 1/)])
  const empty = await fitted(await temporaryFolder())
  expect([empty.status, empty.errors]).toEqual([1, expect.stringContaining('there are no reports of trainings')])
  const missing = await fitted('no-such-folder')
  expect([missing.status, missing.errors]).toEqual([1, expect.stringContaining('no-such-folder does not exist')])
})

test('reports of two corpora have no common law', async () => {
  const folder = await trainings([24, 48, 96], [1e5, 1e6, 8e6])
  const architecture = denseArchitecture({ width: 24, vocabularySize })
  const report = reportOf(architecture, 1, 1)
  const other = { ...report, corpus: { ...report.corpus, world: { ...corpusOf(report).world, names: 7 } } }
  await writeFile(join(folder, 'other.json'), JSON.stringify(other))
  const { status, errors } = await fitted(folder)
  expect([status, errors]).toEqual([1, expect.stringContaining('a law holds for one corpus')])
})
