/** Sweeps of what is done to a model: the rows say what the commands of one model say. */
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { runCommand } from '../../command.fixture'
import { writeModels } from '../../models/command.fixture'
import { sweepSetUp } from '../sweep.fixture'

const lineSchema = z.object({
  varied: z.record(z.string(), z.unknown()),
  figures: z.looseObject({ loss: z.number(), delta: z.number(), bytes: z.number().optional() })
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
