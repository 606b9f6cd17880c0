import { copyFile } from 'node:fs/promises'
import { join } from 'node:path'
import { domainIds } from '@core/corpus'
import { everyExpert } from '@core/model/intervention'
import { beforeEach, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { runCommand, temporaryFolder } from '../command.fixture'
import { randomWeights, smallMoe, writeModels } from '../models/command.fixture'
import { writeModelFolder } from '../terminal/model-folder.fixture'
import type { Terminal } from '../terminal/terminal'

let modelsFolder = ''
beforeEach(async () => {
  modelsFolder = await temporaryFolder()
  await writeModels(modelsFolder)
})

const ablate = (args: readonly string[], terminal: Partial<Terminal> = {}) =>
  runCommand(['ablate', 'moe-64', '--tokens', '3000', '--threads', '1', ...args], { modelsFolder, ...terminal })

const change = {
  loss: z.number(),
  delta: z.number(),
  standard_error: z.number().nonnegative(),
  tokens: z.int().positive()
}
const loads = z.array(z.strictObject({ layer: z.int(), experts: z.array(z.int()).length(6) })).length(2)
const schema = z.strictObject({
  model: z.literal('moe-64'),
  seed: z.int(),
  windows: z.int().positive(),
  baseline: z.strictObject({
    loss: z.number(),
    tokens: z.int().positive(),
    domains: z.record(z.enum(domainIds), z.strictObject({ loss: z.number(), tokens: z.int().positive() })),
    loads
  }),
  rows: z.array(
    z.strictObject({
      name: z.string(),
      intervention: z.looseObject({ kind: z.string() }),
      ...change,
      domains: z.record(z.enum(domainIds), z.strictObject(change)),
      loads
    })
  ),
  interrupted: z.literal(false),
  popularity_and_damage: z.array(
    z.strictObject({ layer: z.int().nullable(), experts: z.int(), correlation: z.number().min(-1).max(1) })
  ),
  loss_over_seeds: z.strictObject({ mean: z.number(), deviation: z.number(), seeds: z.int() })
})

const measured = async (...args: string[]) => {
  const { status, output, errors } = await ablate([...args, '--json'])
  expect({ status, errors }).toEqual({ status: 0, errors: '' })
  return schema.parse(JSON.parse(output))
}

test('every option is an intervention, on the text and with the baseline of `eval`', async () => {
  const options = '--mask 0:3,5 --mask all:1 --force 1:2 --drop-top --random --top-k 1 --seed 7'
  const report = await measured(...options.split(' '))
  expect(report.rows.map(({ intervention }) => intervention)).toEqual([
    { kind: 'mask', layer: 0, experts: [3, 5] },
    { kind: 'mask', experts: [1] },
    { kind: 'force', layer: 1, expert: 2 },
    { kind: 'drop-best', replace: true },
    { kind: 'drop-best', replace: false },
    { kind: 'random', gates: 'uniform' },
    { kind: 'random', gates: 'trained' },
    { kind: 'top-k', topK: 1 }
  ])
  expect(report.seed).toBe(7)
  const evaluated = await runCommand(['eval', 'moe-64', '--tokens', '3000', '--json'], { modelsFolder })
  const { loss, tokens } = JSON.parse(evaluated.output)
  expect(report.baseline.loss).toBeCloseTo(loss, 5)
  expect(report.baseline.tokens).toBe(tokens)
  for (const row of report.rows) {
    expect(row.tokens).toBe(tokens)
    expect(row.delta).toBeCloseTo(row.loss - report.baseline.loss, 9)
  }
  expect(report.rows[2]?.loads[1]?.experts).toEqual([0, 0, tokens, 0, 0, 0])
  // The reports of three seeds say 1.1, 1.11 and 1.09.
  expect(report.loss_over_seeds.deviation).toBeCloseTo(0.01, 9)
})

test('every expert is ablated alone, and its load correlated with the loss increase', async () => {
  const { rows, popularity_and_damage } = await measured('--every-expert')
  expect(rows.map(({ intervention }) => intervention)).toEqual(everyExpert(smallMoe))
  expect(popularity_and_damage.map(({ layer, experts }) => [layer, experts])).toEqual([
    [0, 6],
    [1, 6],
    [null, 12]
  ])
})

test('without options it takes what needs no expert named', async () => {
  const { rows } = await measured()
  expect(rows.map(({ name }) => name)).toEqual([
    'drop top-1 expert',
    'drop top-1 expert, k - 1',
    'random experts, uniform gates',
    'random experts, trained gates',
    'top-1',
    'top-3'
  ])
})

test('as text it is a table whose figures are those of the JSON, with the experts that matter most last', async () => {
  const { output } = await ablate(['--every-expert', '--random'])
  const { rows, baseline } = await measured('--every-expert', '--random')
  const lines = output.trimEnd().split('\n')
  expect(lines[0]).toMatch(/^nats per character +load +loss +change +fact +dict/)
  expect(lines[1]).toMatch(new RegExp(`^moe-64 +${baseline.loss.toFixed(4)} `))
  const alone = rows.slice(2).toSorted((a, b) => a.delta - b.delta)
  for (const [i, { name, loss, intervention, standard_error }] of [...rows.slice(0, 2), ...alone].entries()) {
    const line = lines[2 + i] ?? ''
    expect(line.trimStart().startsWith(name)).toBe(true)
    expect(line).toContain(` ${loss.toFixed(4)} `)
    expect(line).toContain(` ± ${standard_error.toFixed(4)} `)
    if (intervention.kind !== 'mask') continue
    const [layer, expert] = [intervention.layer as number, (intervention.experts as number[])[0] ?? -1]
    const load = (baseline.loads[layer]?.experts[expert] ?? Number.NaN) / (2 * baseline.tokens)
    expect(line).toContain(` ${(100 * load).toFixed(1)} % `)
  }
  expect(output).toContain(`\n${baseline.tokens} characters, the same for all`)
  expect(output).toContain('\nbetween 3 training seeds the loss of moe-64 differs by ± 0.0100\n')
  expect(output).toMatch(
    /\nload vs\. loss increase of all 12 experts: rank correlation [+-]?0\.\d\d, by chance 0 ± 0\.30\n$/
  )
})

test('a model without reports, and one of one seed, say that their noise is not known', async () => {
  const folder = await temporaryFolder()
  await writeModelFolder(folder, smallMoe, randomWeights(smallMoe))
  const { status, output } = await runCommand(['ablate', folder, '--tokens', '900', '--top-k', '3'], { modelsFolder })
  expect(status).toBe(0)
  expect(output).toMatch(/\n {2}top-3 /)
  expect(output).toContain('differs between training seeds is not known: it has no report\n')

  await copyFile(join(modelsFolder, 'moe-64', 'training.json'), join(folder, 'training.json'))
  const trained = await runCommand(['ablate', folder, '--tokens', '900', '--top-k', '3'], { modelsFolder })
  expect(trained.output).toContain('differs between training seeds is not known: it was trained with one\n')
})

test('an interruption leaves the rows that were finished', async () => {
  const whole = await measured('--every-expert')
  const batches = Math.ceil(whole.windows / 16)
  expect(batches).toBeGreaterThan(1)
  // The bar is drawn after each batch of 16 windows while no time passes unseen: this one is in the midst of the third row.
  let now = 0
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => (now += 1000))
  const controller = new AbortController()
  let draws = 0
  let written = ''
  const { status, output, errors } = await ablate(['--every-expert', '--json'], {
    interruption: () => controller.signal,
    progressIsRead: true,
    tell: (text) => {
      if (text.includes('━') || text.includes('┈')) draws++
      else written += text
      if (draws === 3 * batches + 1) controller.abort()
    }
  })
  clock.mockRestore()
  expect(status).toBe(130)
  expect(written).toContain('moescope: interrupted after 2 of 12 changes\n')
  expect(errors).toBe('')
  const report = JSON.parse(output)
  expect(report.interrupted).toBe(true)
  expect(report.baseline).toEqual(whole.baseline)
  expect(report.rows).toEqual(whole.rows.slice(0, 2))

  const early = new AbortController()
  early.abort()
  expect(await ablate(['--random'], { interruption: () => early.signal })).toEqual({
    status: 130,
    output: '',
    errors: 'moescope: interrupted before anything was known\n'
  })
})

test('what cannot be done is told with layer and expert', async () => {
  const dense = await runCommand(['ablate', 'dense-64', '--random'], { modelsFolder })
  expect(dense).toMatchObject({ status: 1, output: '' })
  expect(dense.errors).toBe("moescope: model 'dense-64' is dense: it has no router to change\n")
  expect(await ablate(['--mask', '1:6'])).toEqual({
    status: 1,
    output: '',
    errors: 'moescope: layer 1: expected an expert from 0 to 5, found 6\n'
  })
  expect((await ablate(['--mask', '0:0,1,2,3,4'])).errors).toBe(
    'moescope: layer 0: without experts 0, 1, 2, 3, 4 only 1 of 6 is left, but each token needs 2\n'
  )
  expect((await ablate(['--force', '2:0'])).errors).toBe(
    'moescope: layer 2 has no router: the model has experts in layers 0, 1\n'
  )
})
