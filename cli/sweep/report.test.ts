import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { z } from 'zod'
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
  const content = tinySweep(3, [1, 2])
  const { out, sweep } = await sweepSetUp({ ...content, grid: { 'architecture.experts': [2, 4], ...content.grid } })
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
  expect((await runCommand(['sweep', 'report', out])).output).toMatch(/^4 of 4 runs are whole; losses in nats/)
})
