import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { countParameters } from '@core/arch/count/count'
import { tokenizer } from '@core/corpus'
import { askingDomains } from '@core/evaluate/score'
import { createDecoder } from '@core/generate/decoder'
import { prunedModel, silencedModel } from '@core/model/pruned.fixture'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { runCommand } from '../command.fixture'
import { reportOf, smallDense, smallMoe, writeModels } from '../models/command.fixture'
import { writeModelFolder } from '../terminal/model-folder.fixture'
import { openModelStore } from '../terminal/model-store'
import { nativeBackend } from '../terminal/native'
import type { Comparison } from './command'

let modelsFolder = ''
beforeAll(async () => {
  modelsFolder = await mkdtemp(join(tmpdir(), 'moescope-'))
  await writeModels(modelsFolder)
})
afterAll(() => rm(modelsFolder, { recursive: true }))

const size = z.int().positive()
const effectiveSchema = z.object({
  estimate: z.number().positive().nullable(),
  low: z.number().positive().nullable(),
  high: z.number().positive().nullable(),
  basis: z.object({ method: z.enum(['itself', 'interpolated']), quantity: z.string() })
})
const figures = {
  id: z.string(),
  role: z.enum(['dense', 'moe']),
  total: size,
  active: z.strictObject({ all: size, no_input_embedding: size, no_embedding: size }),
  effective: effectiveSchema,
  effective_memory: effectiveSchema,
  effective_computation: effectiveSchema,
  loss: z.number().positive(),
  loss_over_seeds: z.object({ mean: z.number(), deviation: z.number().nullable(), seeds: size }),
  floor: z.number().positive()
}
const comparedSchema = z.strictObject({
  ...figures,
  text: z.string(),
  tokens: z.array(
    z.strictObject({
      id: z.int().nonnegative(),
      text: z.string(),
      logprob: z.number().max(0),
      experts: z.array(z.array(z.int()))
    })
  ),
  routing: z.object({ layers: z.array(z.int()), experts: size, top_k: size }).nullable(),
  decode_tokens_per_s: z.object({ median: z.number(), low: z.number(), high: z.number() }),
  prefill_tokens_per_s: z.number().positive(),
  prefill: z.object({
    tokens: z.literal(64),
    median: z.number(),
    low: z.number(),
    high: z.number(),
    steps: z.literal(15)
  })
})
const ratio = z.number().positive()
const sharedSchema = z.strictObject({
  id: z.string(),
  right: z.int(),
  total: size,
  share: z.number(),
  low: z.number(),
  high: z.number()
})
const comparisonSchema = z.strictObject({
  prompt: z.string(),
  seed: z.int(),
  temperature: z.number(),
  backend: z.literal('native'),
  threads: size,
  models: z.tuple([comparedSchema, comparedSchema]),
  score: z.strictObject({
    language: z.enum(askingDomains),
    questions: size,
    chance: z.number(),
    models: z.tuple([sharedSchema, sharedSchema]),
    difference: z.strictObject({
      both: z.int(),
      onlyFirst: z.int(),
      onlySecond: z.int(),
      neither: z.int(),
      difference: z.number(),
      low: z.number(),
      high: z.number()
    })
  }),
  ratios: z.strictObject({
    total: ratio,
    active: ratio,
    effective: ratio.nullable(),
    decode_tokens_per_s: ratio,
    prefill_tokens_per_s: ratio
  })
})

async function compare(...args: string[]): Promise<z.infer<typeof comparisonSchema>> {
  const { status, output, errors } = await runCommand(['compare', '--threads', '1', ...args, '--json'], {
    modelsFolder
  })
  expect({ status, errors }).toEqual({ status: 0, errors: '' })
  return comparisonSchema.parse(JSON.parse(output))
}

test('the figures are those of the two models', async () => {
  const { prompt, models, ratios } = await compare('--tokens', '3')
  const [dense, moe] = models
  const [denseCount, moeCount] = [countParameters(smallDense), countParameters(smallMoe)]
  expect([dense, moe]).toMatchObject([
    { id: 'dense-64', role: 'dense', total: denseCount.total, active: denseCount.active, loss: 1.2, routing: null },
    { id: 'moe-64', role: 'moe', total: moeCount.total, active: moeCount.active, loss: 1.1 }
  ])
  expect(moe.routing).toEqual({ layers: [0, 1], experts: 6, top_k: 2 })
  expect(dense.effective).toMatchObject({ estimate: denseCount.total, basis: { method: 'itself' } })
  // Half way between the losses of the two dense models is half way between the logarithms of their sizes.
  const { total: larger } = (await list())[1] ?? { total: 0 }
  expect(moe.effective.estimate).toBeCloseTo(Math.sqrt(denseCount.total * larger), 0)
  expect(ratios.total).toBe(moeCount.total / denseCount.total)
  expect(ratios.active).toBe(moeCount.active.all / denseCount.active.all)
  expect(ratios.effective).toBe((moe.effective.estimate ?? 0) / denseCount.total)
  expect(ratios.decode_tokens_per_s).toBe(moe.decode_tokens_per_s.median / dense.decode_tokens_per_s.median)
  expect(prompt).toMatch(/^\w+ lives in $/)
})

test('text, probabilities and experts are those of reading the whole text at once', async () => {
  const { models, prompt } = await compare('--tokens', '20', '--prompt', 'geba lives in ', '--seed', '5')
  const store = await openModelStore(modelsFolder)
  for (const { id, text, tokens } of models) {
    const decoder = await createDecoder(nativeBackend(1), await store.open(id))
    const read = [...tokenizer.encode(`\n${prompt}${text}`)]
    const reading = await decoder.prefill(read)
    await decoder.release()
    const first = read.length - tokens.length
    expect(tokens.map((token) => token.id)).toEqual(read.slice(first))
    expect(tokens.map((token) => token.text).join('')).toBe(text)
    tokens.forEach(({ id, logprob, experts }, i) => {
      const logits = reading.logits[first + i - 1] ?? new Float32Array()
      const total = logits.reduce((sum, each) => sum + Math.exp(each), 0)
      expect(logprob).toBeCloseTo((logits[id] ?? 0) - Math.log(total), 3)
      expect(experts).toEqual(reading.routing()[first + i]?.map((decision) => decision.experts))
    })
  }
})

test('a seed gives the same text again, another seed another, and temperature 0 needs none', async () => {
  const texts = async (...args: string[]) => (await compare('--tokens', '24', ...args)).models.map(({ text }) => text)
  expect(await texts('--seed', '3')).toEqual(await texts('--seed', '3'))
  expect(await texts('--seed', '3')).not.toEqual(await texts('--seed', '4'))
  const greedy = ['--temperature', '0']
  expect(await texts('--seed', '3', ...greedy)).toEqual(await texts('--seed', '4', ...greedy))
}, 30_000)

test('the score is that of both models on the same questions', async () => {
  const { score } = await compare('--tokens', '1', '--score', 'var')
  const [dense, moe] = score.models
  const { both, onlyFirst, onlySecond, neither, difference } = score.difference
  expect(score).toMatchObject({ language: 'var', questions: 400, chance: expect.closeTo(0.1, 12) })
  expect([dense.id, moe.id]).toEqual(['dense-64', 'moe-64'])
  expect(both + onlyFirst + onlySecond + neither).toBe(400)
  expect([dense.right, moe.right]).toEqual([both + onlyFirst, both + onlySecond])
  expect(difference).toBeCloseTo(moe.share - dense.share, 12)
  const none = await runCommand(['compare', '--threads', '1', '--tokens', '1', '--score', 'none', '--json'], {
    modelsFolder
  })
  expect(JSON.parse(none.output)).toMatchObject({ score: null })
  const wrong = await runCommand(['compare', '--score', 'engl'], { modelsFolder })
  expect(wrong).toMatchObject({ status: 2, output: '' })
  expect(wrong.errors).toMatch(/--score: expected fact, dict, .* or none, found 'engl'/)
})

/** The comparison as JSON, with what only some of them have. */
async function compareOff(...args: string[]): Promise<Comparison> {
  const { output, errors } = await runCommand(['compare', '--threads', '1', ...args, '--json'], { modelsFolder })
  expect(errors).toBe('')
  return JSON.parse(output) as Comparison
}

test('experts that are off are the model from which they were cut; text, loss and score stand beside the whole', async () => {
  const store = await openModelStore(modelsFolder)
  const { architecture, parameters } = await store.open('moe-64')
  const cut = prunedModel(architecture, parameters, [0, 2, 3, 5])
  const silent = silencedModel(architecture, parameters, 1)
  const others = await mkdtemp(join(tmpdir(), 'moescope-'))
  await writeModelFolder(join(others, 'cut'), cut.architecture, cut.flat, reportOf(cut.architecture, 1, 1))
  await writeModelFolder(join(others, 'silent'), architecture, silent, reportOf(architecture, 1, 1))
  const rest = ['--tokens', '24', '--score', 'dict', '--temperature', '0']
  const whole = await compare(...rest)
  for (const [folder, ...off] of [
    ['cut', '--off', '0:1,4', '--off', '1:1,4'],
    ['silent', '--off', '1:all']
  ]) {
    const expected = await compareOff(...rest, '--moe', join(others, folder ?? ''))
    const { models, score, experts_off } = await compareOff(...rest, ...off)
    expect(models[1]?.text).toBe(expected.models[1]?.text)
    expect(score?.models[1]?.right).toBe(expected.score?.models[1]?.right)
    expect(experts_off?.all_experts.text).toBe(whole.models[1].text)
    expect(score?.all_experts).toMatchObject({ right: whole.score.models[1].right })
    const loss = experts_off?.loss
    expect(Math.abs(loss?.delta ?? 0)).toBeGreaterThan(1e-4)
    expect(loss?.tokens).toBeGreaterThan(5000)
  }
  const said = await runCommand(['compare', '--threads', '1', '--off', '0:1,4', '--off', '1:all'], { modelsFolder })
  expect(said.output).toContain('8 of 12 experts off  moe-64, layer 0: without experts 1, 4; layer 1: MoE skipped')
  expect(said.output).toMatch(/layer 1 +no token: MoE skipped/)
  expect(said.output).not.toContain('NaN')
  expect(said.output).toMatch(/loss \d+\.\d{3}, [+-]\d+\.\d{3} ± \d+\.\d{3}/)
  await rm(others, { recursive: true })
}, 60_000)

test.each([
  ['0', /--off: expected L:E\[,E...\] or L:all, such as 0:3 or 1:all, found '0'/],
  ['0:6', /--off: layer 0: expected an expert from 0 to 5, found 6/],
  ['7:all', /--off: layer 7 has no router/],
  ['0:1,2,3,4,5', /--off: layer 0: without experts .* only 1 of 6 is left, but each token needs 2/]
])('experts that cannot be switched off are refused: %s', async (off, message) => {
  const refused = await runCommand(['compare', '--off', off], { modelsFolder })
  expect(refused).toMatchObject({ status: 2, output: '' })
  expect(refused.errors).toMatch(message)
})

test.each([80, 100, 160])('for a person, within %i columns', async (columns) => {
  const { output } = await runCommand(['compare', '--threads', '1', '--tokens', '40'], { modelsFolder, columns })
  for (const part of ['total', 'active', 'effective', 'decode', 'prefill', 'loss', 'layer 0', 'expert']) {
    expect(output).toContain(`\n${part} `)
  }
  const widest = Math.max(...output.split('\n').map((line) => line.length))
  expect(widest).toBeLessThanOrEqual(columns)
})

test('wrong roles, unknown characters and too long a line are told', async () => {
  const role = await runCommand(['compare', '--dense', 'moe-64'], { modelsFolder })
  expect(role).toMatchObject({ status: 2, output: '' })
  expect(role.errors).toMatch(/--dense: expected a dense model, but 'moe-64' is an MoE model/)
  const unknown = await runCommand(['compare', '--prompt', 'Hé'], { modelsFolder })
  expect(unknown).toMatchObject({ status: 1, output: '' })
  expect(unknown.errors).toMatch(/do not know: "H", "é"/)
  const long = await runCommand(['compare', '--prompt', 'a'.repeat(64)], { modelsFolder })
  expect(long.errors).toMatch(/the last line of the prompt has 64 characters/)
})

async function list() {
  const { output } = await runCommand(['models', '--json'], { modelsFolder })
  return z.strictObject({ models: z.array(z.strictObject(figures)) }).parse(JSON.parse(output)).models
}

test('models lists the same figures, dense models first, each kind by size', async () => {
  const { models } = await compare('--tokens', '1')
  const listed = await list()
  expect(listed.map(({ id }) => id)).toEqual(['dense-64', 'dense-96', 'moe-64'])
  for (const model of models) expect(model).toMatchObject(listed.find(({ id }) => id === model.id) ?? {})
  const moe = listed.find(({ id }) => id === 'moe-64')
  expect(moe?.loss_over_seeds.mean).toBeCloseTo(1.1, 12)
  expect(moe?.loss_over_seeds.deviation).toBeCloseTo(0.01, 12)
  const { output } = await runCommand(['models'], { modelsFolder })
  expect(output).toContain('1.100 ± 0.010')
})
