/** Sweeps of what is done to a model: the rows say what the commands of one model say. */
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { runCommand } from '../../command.fixture'
import { writeModels } from '../../models/command.fixture'
import { sweepSetUp } from '../sweep.fixture'

const lineSchema = z.object({
  varied: z.record(z.string(), z.unknown()),
  figures: z.looseObject({ loss: z.number().optional(), delta: z.number().optional(), bytes: z.number().optional() })
})

async function linesOf(content: unknown) {
  const { folder, sweep } = await sweepSetUp(content)
  const modelsFolder = join(folder, 'models')
  await writeModels(modelsFolder)
  const { status, output, errors } = await sweep(['--workers', '1'], { modelsFolder })
  expect({ status, errors }).toEqual({ status: 0, errors: '' })
  const lines = output
    .trimEnd()
    .split('\n')
    .map((line) => lineSchema.parse(JSON.parse(line)))
  return { lines, alone: (args: readonly string[]) => runCommand(args, { modelsFolder }) }
}

test('a sweep of compressions', async () => {
  const { lines, alone } = await linesOf({
    kind: 'compress',
    base: { model: 'moe-64', with: ['rtn:bits=8'], tokens: 900, calibration: 500 },
    grid: { with: [['rtn:bits=8'], ['rtn:bits=2']] }
  })
  expect(lines.map(({ varied }) => varied)).toEqual([{ with: ['rtn:bits=8'] }, { with: ['rtn:bits=2'] }])
  const args = ['--with', 'rtn:bits=2', '--tokens', '900', '--calibration', '500', '--threads', '1', '--json']
  const { output } = await alone(['compress', 'moe-64', ...args])
  const single = JSON.parse(output) as { bytes: { after: number }; loss: { after: number; delta: number } }
  const { loss, delta, bytes } = lines[1]?.figures ?? {}
  expect({ loss, delta, bytes }).toEqual({
    loss: single.loss.after,
    delta: single.loss.delta,
    bytes: single.bytes.after
  })
})

test('a sweep of ablations', async () => {
  const { lines, alone } = await linesOf({
    kind: 'ablate',
    base: { model: 'moe-64', intervention: { kind: 'top-k', topK: 1 }, tokens: 900 }
  })
  const { output } = await alone(['ablate', 'moe-64', '--top-k', '1', '--tokens', '900', '--threads', '1', '--json'])
  const { rows } = JSON.parse(output) as { rows: { loss: number; delta: number }[] }
  const [row] = rows
  expect(lines.map(({ figures: { loss, delta } }) => ({ loss, delta }))).toEqual([
    { loss: row?.loss, delta: row?.delta }
  ])
})

test('a sweep of evaluations', async () => {
  const { lines, alone } = await linesOf({ kind: 'evaluate', base: { model: 'moe-64', tokens: 900, questions: 0 } })
  const { output } = await alone(['eval', 'moe-64', '--tokens', '900', '--threads', '1', '--json'])
  const { loss, tokens, floor } = JSON.parse(output) as Record<string, number>
  expect(lines.map(({ figures }) => ({ tokens: figures.tokens, floor: figures.floor }))).toEqual([{ tokens, floor }])
  expect(lines[0]?.figures.loss).toBeCloseTo(loss ?? Number.NaN, 5)
})

test('a sweep of speeds, of shapes that nobody trained', async () => {
  const { lines } = await linesOf({
    kind: 'bench',
    base: { architecture: { kind: 'moe', width: 16, experts: 4 }, seconds: 0.01 },
    grid: { 'architecture.top_k': [2, 4] }
  })
  expect(lines.map(({ varied }) => varied)).toEqual([{ 'architecture.top_k': 2 }, { 'architecture.top_k': 4 }])
  const speed = z.number().positive()
  const figures = z.looseObject({ total: z.int(), decode_tokens_per_s: speed, prefill_tokens_per_s: speed })
  for (const line of lines) figures.parse(line.figures)
})
