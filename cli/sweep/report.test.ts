import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { byteSource } from '@core/formats/byte-source'
import { openCsv } from '@core/formats/csv'
import { listName, readSweepList } from '@core/lab/sweep/folder'
import { planTrainings } from '@core/lab/sweep/plan-trainings'
import { sweepSchema } from '@core/lab/sweep/points'
import { readSweepRun } from '@core/lab/sweep/read-run'
import { readSweepTable } from '@core/lab/sweep/table'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { folderStore } from '../../node/folder-store'
import { runCommand } from '../command.fixture'
import { sweepSetUp, tinySweep } from './sweep.fixture'

const reportSchema = z.object({
  runs: z.number(),
  whole: z.number(),
  groups: z.array(
    z.object({
      varied: z.record(z.string(), z.unknown()),
      total: z.number(),
      loss: z.object({ mean: z.number(), deviation: z.number(), seeds: z.number() })
    })
  ),
  files: z.array(z.string())
})

test('a report averages over seeds what the lines of the sweep tell, and draws it', async () => {
  const { grid, ...alike } = tinySweep(3, [1, 2])
  const content = { ...alike, grid: { 'architecture.experts': [2, 4], ...grid } }
  const { out, sweep } = await sweepSetUp(content)
  const { output } = await sweep(['--workers', '2'])
  const losses = output
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { varied: Record<string, number>; figures: { loss: number } })
  const { groups, files, ...counts } = reportSchema.parse(
    JSON.parse((await runCommand(['sweep', 'report', out, '--json'])).output)
  )
  expect(counts).toEqual({ runs: 4, whole: 4 })
  expect(groups.map(({ loss }) => loss.mean)).toEqual(groups.map(({ loss }) => loss.mean).sort((a, b) => a - b))
  for (const { varied, loss } of groups) {
    const [a = Number.NaN, b = Number.NaN] = losses
      .filter((each) => each.varied['architecture.experts'] === varied['architecture.experts'])
      .map(({ figures }) => figures.loss)
    expect(loss.mean).toBeCloseTo((a + b) / 2, 12)
    // Of two values.
    expect(loss.deviation).toBeCloseTo(Math.abs(a - b) / Math.SQRT2, 12)
  }
  expect(files.map((file) => file.slice(out.length + 1))).toEqual(
    ['total', 'active', 'flops', 'by-architecture.experts'].map((name) => join('report', `loss-${name}.svg`))
  )
  for (const file of files) {
    const svg = await readFile(file, 'utf8')
    // One mark for each of the two groups.
    expect(svg.match(/<rect [^>]*fill="#D55E00"/g)).toHaveLength(2)
    expect(svg).not.toMatch(/NaN|undefined/)
  }
  await asTheAppReadsIt(out, content, output)
  expect((await runCommand(['sweep', 'report', out])).output).toMatch(/^4 of 4 runs are whole; losses in nats/)
})

/** The app plans, reads and counts the same runs from the same files. */
async function asTheAppReadsIt(out: string, content: unknown, output: string): Promise<void> {
  const lines = output
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { run: string; settings: object; figures: object })
  const list = readSweepList(await readFile(join(out, listName)))
  const planned = await planTrainings(sweepSchema.parse(content))
  // Ids of the page have fewer digits of the same hash.
  expect(planned).toEqual(list.map(({ id, ...run }) => ({ ...run, id: id.slice(0, -8) })))
  const store = folderStore(join(out, 'runs'))
  const table = await readSweepTable(await openCsv(byteSource('results.csv', await readFile(join(out, 'results.csv')))))
  for (const listed of list) {
    const { state, settings, figures, varied } = await readSweepRun(listed, store.files(listed.id))
    const line = lines.find(({ run }) => run === listed.id)
    expect({ state, settings, figures }).toEqual({
      state: { kind: 'whole' },
      settings: line?.settings,
      figures: line?.figures
    })
    expect(table.find(({ id }) => id === listed.id)).toMatchObject({ figures, varied })
  }
}
