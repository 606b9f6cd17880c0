import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { domainIds } from '@core/corpus'
import { readSafetensors } from '@core/formats/safetensors'
import { readTrainingReport } from '@core/formats/training-report'
import { beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import { runCommand, temporaryFolder } from '../command.fixture'
import { writeModels } from '../models/command.fixture'

let modelsFolder = ''
beforeEach(async () => {
  modelsFolder = await temporaryFolder()
  await writeModels(modelsFolder)
})

const compress = (...args: string[]) =>
  runCommand(['compress', ...args, '--tokens', '3000', '--threads', '1'], { modelsFolder })

const loss = {
  before: z.number(),
  after: z.number(),
  delta: z.number(),
  standard_error: z.number().nonnegative(),
  low: z.number(),
  high: z.number(),
  tokens: z.int().positive()
}
const sizes = z.strictObject({ before: z.int().positive(), after: z.int().positive() })
const schema = z.strictObject({
  model: z.string(),
  transform: z.array(z.looseObject({ id: z.string() })),
  bytes: sizes,
  total: sizes,
  loss: z.strictObject({ ...loss, domains: z.partialRecord(z.enum(domainIds), z.strictObject(loss)) }),
  tokens_per_s: z.strictObject({ before: z.number().positive(), after: z.number().positive() }),
  effective: z.looseObject({ estimate: z.number().nullable(), basis: z.looseObject({ method: z.string() }) }),
  out: z.string().exactOptional(),
  out_bytes: z.int().positive().exactOptional()
})

const measured = async (...args: string[]) => {
  const { status, output, errors } = await compress(...args, '--json')
  expect({ status, errors }).toEqual({ status: 0, errors: '' })
  return schema.parse(JSON.parse(output))
}

test('the loss before is that of `eval`, the loss after is that of `eval` on the saved model', async () => {
  const out = join(await temporaryFolder(), 'small')
  const found = await measured('moe-64', '--with', 'rtn:bits=3,block=16', '--out', out)
  expect(found.transform).toEqual([{ id: 'rtn', bits: 3, block: 16, symmetric: false, routers: true }])
  const evaluated = async (model: string) => {
    const { output } = await runCommand(['eval', model, '--tokens', '3000', '--threads', '1', '--json'], {
      modelsFolder
    })
    return z.object({ loss: z.number(), tokens: z.int() }).parse(JSON.parse(output))
  }
  const before = await evaluated('moe-64')
  expect(found.loss.before).toBeCloseTo(before.loss, 5)
  expect(found.loss.tokens).toBe(before.tokens)
  expect(found.loss.after).toBeCloseTo((await evaluated(out)).loss, 5)
  expect(found.loss.low).toBeLessThan(found.loss.delta)
  expect(found.loss.high).toBeGreaterThan(found.loss.delta)
  expect(found.bytes.before).toBe(4 * found.total.before)
  expect(found.bytes.after).toBeLessThan(found.bytes.before / 4)
  // Packed codes on the disk.
  const weights = await readFile(join(out, 'model.safetensors'))
  expect(found.out_bytes).toBe(weights.length)
  expect(readSafetensors(weights).tensors.get('model.layers.0.self_attn.q_proj.weight_packed')?.dtype).toBe('I32')
  // Its record says what was done, and the loss that came out, on all of the text.
  const { compression, result } = readTrainingReport(await readFile(join(out, 'training.json')))
  expect(compression).toEqual(found.transform)
  expect(result.loss).not.toBe(1.1)
  expect(Math.abs(result.loss - found.loss.after)).toBeLessThan(0.3)
  const again = await compress(out, '--with', 'rtn:bits=8')
  expect(again.status).toBe(1)
  expect(again.errors).toContain('is quantised already (rtn:bits=3,block=16,symmetric=false,routers=true)')
})

test('text: one line for each domain, and what the model weighs', async () => {
  const { status, output } = await compress('dense-64', '--with', 'rtn:bits=8')
  expect(status).toBe(0)
  expect(output).toContain('rtn:bits=8,block=32')
  expect(output).toMatch(/^bytes \d+ -> \d+ \([\d.]+ % of them\)$/m)
  for (const id of domainIds) expect(output).toMatch(new RegExp(`^ {2}${id} +[\\d.]+ +[\\d.]+ +[+-][\\d.]+`, 'm'))
})

test.each([
  [['dense-64'], '--with is missing'],
  [['dense-64', '--with', 'squeeze'], "transform 'squeeze': expected one of rtn"],
  [['dense-64', '--with', 'rtn:bits=5'], '--with: rtn: bits: expected 8, 4, 3 or 2'],
  [
    ['dense-64', '--with', 'rtn:bits'],
    "--with: expected name:key=value,... such as rtn:bits=4,block=32, found 'rtn:bits'"
  ],
  [['dense-64', '--with', 'rtn:depth=2'], '--with: rtn: '],
  [['dense-64', '--with', 'rtn', '--seed', 'x'], '--seed: expected a whole number']
])('wrong usage: %j', async (args, message) => {
  const { status, errors } = await compress(...args)
  expect(errors).toContain(message)
  expect(status).toBe(2)
})

test.each([
  [['moe-64', '--with', 'experts:keep=1'], 'each token needs 2 experts: keep=1 is less'],
  [['moe-64', '--with', 'experts:keep=9,by=random'], 'layer 0 has 6 experts: keep=9 is more'],
  [['dense-64', '--with', 'experts:keep=2'], 'the model is dense: it has no experts'],
  [['dense-64', '--with', 'layers:drop=2'], 'no layer would be left'],
  [['dense-64', '--with', 'wanda', '--calibration', '20'], 'too short for windows of 64 characters'],
  [['dense-64', '--with', 'rtn', '--with', 'gptq'], 'is quantised to 4 bits already: quantise a model once']
])('what a model does not admit: %j', async (args, message) => {
  const { status, errors } = await compress(...args)
  expect(errors).toContain(message)
  expect(errors.trimEnd().split('\n')).toHaveLength(1)
  expect(status).toBe(1)
})

test('a chain: experts and weights go, what is left is rounded, and the model is one like any other', async () => {
  const out = join(await temporaryFolder(), 'small')
  const chain = ['experts:keep=4,by=frequency', 'layers:drop=1,by=last', 'wanda:share=0.5', 'gptq:bits=4,block=16']
  const found = await measured('moe-64', ...chain.flatMap((each) => ['--with', each]), '--out', out)
  expect(found.transform.map(({ id }) => id)).toEqual(['experts', 'layers', 'wanda', 'gptq'])
  expect(found.total.after).toBeLessThan(found.total.before / 2)
  expect(found.bytes.after).toBeLessThan(found.total.after * 3)
  const { output } = await runCommand(['params', join(out, 'config.json'), '--json'], { modelsFolder })
  expect(JSON.parse(output)).toMatchObject({ models: [{ total: found.total.after }] })
})

test('help tells every transform with its settings', async () => {
  const { output } = await runCommand(['compress', '--help'], { modelsFolder })
  expect(output).toMatch(/^ {2}rtn +round to nearest \(arXiv 2210\.17323\)\n +saves bytes/m)
  expect(output).toMatch(/^ +bits=4 +bits of a weight: 8, 4, 3 or 2$/m)
})
