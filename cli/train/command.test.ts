import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readConfig } from '@core/arch/runnable'
import { trainingReportSchema, validationPointSchema } from '@core/formats/training-report'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { runCommand, temporaryFolder } from '../command.fixture'
import { randomWeights, smallMoe } from '../models/command.fixture'
import { writeModelFolder } from '../terminal/model-folder.fixture'

const steps = 6
const spec = {
  architecture: { kind: 'moe', width: 8, layers: 1, experts: 4, context: 32 },
  corpus: { characters: 4000, validation_characters: 900, world: { names: 50, pairs: 50, keys: 50 } },
  recipe: { learning_rate: 0.01, batch: 4, characters: 4 * 32 * steps, warmup_steps: 2 }
}

async function setUp(content: unknown = spec) {
  const folder = await temporaryFolder()
  const specPath = join(folder, 'spec.json')
  await writeFile(specPath, typeof content === 'string' ? content : JSON.stringify(content))
  const train = (out: string, more: readonly string[] = [], terminal: Parameters<typeof runCommand>[1] = {}) =>
    runCommand(['train', specPath, '--out', join(folder, out), '--threads', '1', ...more], terminal)
  const file = (out: string, name: string) => readFile(join(folder, out, name))
  return { folder, train, file }
}

const stepSchema = z.strictObject({
  step: z.int().positive(),
  steps: z.literal(steps),
  loss: z.number().positive(),
  learning_rate: z.number().positive(),
  gradient_norm: z.number().positive(),
  balance_loss: z.number().positive(),
  z_loss: z.number().positive(),
  load: z.array(z.array(z.number()).length(4)).length(1)
})
const lineSchema = z.union([z.strictObject({ validation: validationPointSchema }), stepSchema])

function linesOf(output: string) {
  const lines = output
    .trimEnd()
    .split('\n')
    .map((line) => lineSchema.parse(JSON.parse(line)))
  return {
    records: lines.filter((line) => 'step' in line),
    points: lines.flatMap((line) => ('validation' in line ? [line.validation] : []))
  }
}

test('a run stopped and one interrupted come to the weights of one that was not, bit for bit', async () => {
  const { folder, train, file } = await setUp()
  const whole = await train('whole')
  const { records, points } = linesOf(whole.output)
  expect(whole).toMatchObject({ status: 0, errors: '' })
  expect(records.map(({ step }) => step)).toEqual(Array.from({ length: steps }, (_, i) => i + 1))
  for (const { load } of records) for (const layer of load) expect(layer.reduce((a, b) => a + b)).toBe(4 * 32 * 2)
  const report = trainingReportSchema.parse(JSON.parse((await file('whole', 'training.json')).toString()))
  expect(points.at(-1)).toEqual(report.result)

  const stopped = await train('stopped', ['--steps', '4'])
  expect(linesOf(stopped.output).records).toEqual(records.slice(0, 4))
  expect(await readdir(join(folder, 'stopped'))).not.toContain('training.json')
  // The weights so far are a model already.
  expect((await runCommand(['eval', join(folder, 'stopped'), '--tokens', '900'])).status).toBe(0)

  const controller = new AbortController()
  let written = ''
  const interrupted = await train('interrupted', [], {
    interruption: () => controller.signal,
    write: (text) => {
      written += text
      if (written.includes('"step":3,"steps"')) controller.abort()
    }
  })
  expect(interrupted.status).toBe(130)
  expect(interrupted.errors).toMatch(/^moescope: interrupted after step 3 of 6; the same command goes on\n$/)
  for (const out of ['stopped', 'interrupted']) {
    expect((await train(out)).status).toBe(0)
    expect(await file(out, 'model.safetensors')).toEqual(await file('whole', 'model.safetensors'))
    const { curve } = trainingReportSchema.parse(JSON.parse((await file(out, 'training.json')).toString()))
    expect(curve).toEqual(report.curve)
  }

  // `eval` reads the same validation text as the training did.
  const evaluated = await runCommand(['eval', join(folder, 'whole'), '--tokens', '900', '--json'])
  const schema = z.strictObject({
    model: z.string(),
    tokens: z.int().positive(),
    loss: z.number(),
    floor: z.number(),
    perplexity: z.number(),
    domains: z.record(z.string(), z.strictObject({ loss: z.number(), floor: z.number(), tokens: z.int().positive() }))
  })
  const measured = schema.parse(JSON.parse(evaluated.output))
  expect(measured.loss).toBeCloseTo(report.result.loss, 5)
  expect(measured.floor).toBe(report.floor?.total)
  expect(measured.perplexity).toBeCloseTo(Math.exp(report.result.loss), 3)
  expect(Object.values(measured.domains).reduce((sum, { tokens }) => sum + tokens, 0)).toBe(measured.tokens)
  for (const [id, { loss }] of Object.entries(measured.domains)) {
    expect(loss).toBeCloseTo(report.result.domains[id as keyof typeof report.result.domains] ?? Number.NaN, 4)
  }
}, 30_000)

test('checkpoints on the way are models like any other, and the last one is that of a run stopped there', async () => {
  const { folder, train, file } = await setUp()
  expect((await train('whole', ['--checkpoints', '2'])).status).toBe(0)
  expect((await readdir(join(folder, 'whole', 'checkpoints'))).sort()).toEqual(['step-2', 'step-4', 'step-6'])
  await train('stopped', ['--steps', '4'])
  const weights = (out: string) => file(out, 'model.safetensors')
  expect(await weights('whole/checkpoints/step-4')).toEqual(await weights('stopped'))
  expect(await weights('whole/checkpoints/step-6')).toEqual(await weights('whole'))
  const textPath = join(folder, 'text.txt')
  await writeFile(textPath, 'gemo=bebu guse=zobu\n')
  const record = (step: number) => {
    const model = join(folder, 'whole', 'checkpoints', `step-${step}`)
    return runCommand(['trace', 'record', model, '--text', textPath, '--out', join(folder, `${step}.safetensors`)])
  }
  expect([(await record(2)).status, (await record(6)).status]).toEqual([0, 0])
  const compared = await runCommand([
    'trace',
    'compare',
    join(folder, '2.safetensors'),
    join(folder, '6.safetensors'),
    '--json'
  ])
  expect(JSON.parse(compared.output)).toMatchObject({ tokens: 20, layers: [{ layer: 0 }] })
})

test('an architecture as config.json', async () => {
  const config = { model_type: 'llama', vocab_size: 55, hidden_size: 16, intermediate_size: 24, num_hidden_layers: 1 }
  const shape = { ...config, num_attention_heads: 2, max_position_embeddings: 32, tie_word_embeddings: true }
  const { train, file } = await setUp({ ...spec, architecture: { config: shape } })
  const { status, output } = await train('out', ['--steps', '1'])
  expect(status).toBe(0)
  expect(JSON.parse(output.trimEnd().split('\n').at(-1) ?? '')).toEqual({
    step: 1,
    steps,
    loss: expect.any(Number),
    learning_rate: expect.any(Number),
    gradient_norm: expect.any(Number)
  })
  expect(readConfig(JSON.parse((await file('out', 'config.json')).toString()))).toEqual(readConfig(shape))
})

const otherVocabulary = {
  model_type: 'llama',
  vocab_size: 32_000,
  hidden_size: 16,
  intermediate_size: 32,
  num_hidden_layers: 1,
  num_attention_heads: 2
}

test.each([
  ['not JSON', '{', /spec\.json is not JSON/],
  ['an unknown key', { ...spec, optimiser: 'sgd' }, /Unrecognized key: "optimiser"/],
  ['no learning rate', { ...spec, recipe: {} }, /recipe\.learning_rate/],
  [
    'an unknown architecture',
    { ...spec, architecture: { kind: 'rnn' } },
    /architecture\.kind: expected 'dense' or 'moe'/
  ],
  ['a wrong size', { ...spec, architecture: { kind: 'moe', width: 'wide' } }, /architecture\.width: .*expected number/],
  [
    'an impossible width',
    { ...spec, architecture: { kind: 'dense', width: 18 } },
    /architecture: width: expected a mult/
  ],
  [
    'a starved router',
    { ...spec, architecture: { kind: 'moe', width: 16, top_k: 1 } },
    /architecture: top_k 1 needs normalise_gates: false/
  ],
  [
    'another vocabulary',
    { ...spec, architecture: { config: otherVocabulary } },
    /vocab_size is 32000, but the generated corpus has 55 characters/
  ]
])('a description with %s is refused before anything is written', async (_, content, message) => {
  const { folder, train } = await setUp(content)
  const { status, output, errors } = await train('out')
  expect({ status, output }).toEqual({ status: 1, output: '' })
  expect(errors).toMatch(message)
  expect(await readdir(folder)).toEqual(['spec.json'])
})

test('a folder that cannot be written is told before any step', async () => {
  const { folder, train } = await setUp()
  await writeFile(join(folder, 'taken'), '')
  const { status, output, errors } = await train('taken/out')
  expect({ status, output }).toEqual({ status: 1, output: '' })
  expect(errors).toMatch(/^moescope: cannot write .*taken.*: a part of its path is a file, not a folder\n$/)
})

test('another recipe does not go on with what was saved, and leaves it as it was', async () => {
  const { folder, train, file } = await setUp()
  await train('out', ['--steps', '3'])
  const saved = [await file('out', 'run.safetensors'), await file('out', 'config.json')]
  await writeFile(join(folder, 'spec.json'), JSON.stringify({ ...spec, recipe: { ...spec.recipe, seed: 2 } }))
  const { status, errors } = await train('out')
  expect(status).toBe(1)
  expect(errors).toMatch(/out holds another training, of another architecture, corpus or recipe: choose another folder/)
  expect([await file('out', 'run.safetensors'), await file('out', 'config.json')]).toEqual(saved)
})

test('a model that was trained elsewhere is not overwritten', async () => {
  const { folder, train, file } = await setUp()
  await mkdir(join(folder, 'other'))
  await writeModelFolder(join(folder, 'other'), smallMoe, randomWeights(smallMoe))
  const weights = await file('other', 'model.safetensors')
  const { status, errors } = await train('other')
  expect(status).toBe(1)
  expect(errors).toMatch(/other holds a model that no training can go on from: choose another folder/)
  expect(await file('other', 'model.safetensors')).toEqual(weights)
})

test('a group of domains without a whole document has no loss, and the training is told again and goes on', async () => {
  const { train } = await setUp({
    architecture: { ...spec.architecture, context: 24 },
    // Lines of the second edition are longer than the context.
    corpus: { ...spec.corpus, validation_characters: 60, world: { ...spec.corpus.world, edition: 1 } },
    recipe: spec.recipe
  })
  const lastOf = ({ output }: { output: string }) => output.trimEnd().split('\n').at(-1) ?? ''
  await train('out', ['--steps', '2'])
  const whole = await train('out')
  expect(whole).toMatchObject({ status: 0, errors: '' })
  const { validation } = JSON.parse(lastOf(whole)) as { validation: { memory: null; computation: number } }
  expect([validation.memory, typeof validation.computation]).toEqual([null, 'number'])
  expect(await train('out')).toEqual({ status: 0, output: `${lastOf(whole)}\n`, errors: '' })
})

test('validation text without a whole document is refused before a step', async () => {
  const { train } = await setUp({
    architecture: { ...spec.architecture, context: 2 },
    corpus: { ...spec.corpus, validation_characters: 60 },
    recipe: spec.recipe
  })
  const ran = await train('out')
  expect(ran).toMatchObject({ status: 1, output: '' })
  expect(ran.errors).toMatch(/^moescope: Corpus of \d+ characters holds no whole document of up to 2 characters/)
})

describe('with other models', () => {
  const models = async (content: unknown) => {
    const made = await setUp(content)
    const folder = join(made.folder, 'small')
    await mkdir(folder)
    await writeModelFolder(folder, smallMoe, randomWeights(smallMoe))
    return made
  }
  const { architecture: _, ...rest } = { ...spec, recipe: { ...spec.recipe, batch: 2, characters: 2 * 64 * steps } }
  const taught = { ...spec, teacher: { model: 'small', share: 0.25 } }

  test('a student is taught by a model in a folder, and goes on with it alone', async () => {
    const { folder, train, file } = await models(taught)
    expect((await train('whole')).status).toBe(0)
    const report = trainingReportSchema.parse(JSON.parse((await file('whole', 'training.json')).toString()))
    const weights = createHash('sha256')
      .update(await file('small', 'model.safetensors'))
      .digest('hex')
    expect(report.teacher).toEqual({ model: { id: 'small', weights }, share: 0.25, temperature: 2 })
    const { output } = await train('stopped', ['--steps', '3'])
    const line = JSON.parse(output.trimEnd().split('\n').at(-1) ?? '') as Record<string, number>
    expect(line.distillation_loss).toBeGreaterThan(0)
    await writeFile(join(folder, 'spec.json'), JSON.stringify(spec))
    expect((await train('stopped')).errors).toMatch(/another training, with another teacher or another model/)
    await writeFile(join(folder, 'spec.json'), JSON.stringify(taught))
    expect((await train('stopped')).status).toBe(0)
    expect(await file('stopped', 'model.safetensors')).toEqual(await file('whole', 'model.safetensors'))
  })

  test('a pruned model is trained on, of the architecture that is left of it', async () => {
    const from = { model: 'small', transforms: ['experts:keep=4,by=random', 'magnitude:share=0.5'] }
    const { train, file } = await models({ ...rest, from })
    const { status, errors } = await train('out')
    expect({ status, errors }).toEqual({ status: 0, errors: '' })
    const report = trainingReportSchema.parse(JSON.parse((await file('out', 'training.json')).toString()))
    expect(report.from).toMatchObject({
      id: 'small',
      transforms: [
        { id: 'experts', keep: 4, by: 'random' },
        { id: 'magnitude', share: 0.5, pattern: 'free' }
      ]
    })
    expect(readConfig(JSON.parse((await file('out', 'config.json')).toString())).layers[0]?.feedForward).toMatchObject({
      experts: 4
    })
    expect(report.curve[0]?.step).toBe(0)
  })

  test.each([
    ['no such folder', { ...spec, teacher: { model: 'nowhere' } }, /^moescope: teacher: .*nowhere does not exist\n$/],
    [
      'a teacher of a shorter context',
      { ...spec, architecture: { ...spec.architecture, context: 128 }, teacher: { model: 'small' } },
      /^moescope: teacher: small has learnt windows of 64 tokens, and its student reads 128/
    ],
    ['no architecture', rest, /^moescope: architecture: expected one, or a model in from/],
    [
      'too much pruned',
      { ...rest, from: { model: 'small', transforms: ['layers:drop=2'] } },
      /^moescope: from: layers: /
    ],
    [
      'a transform that quantises',
      { ...rest, from: { model: 'small', transforms: ['rtn'] } },
      /^moescope: from: rtn rounds/
    ],
    [
      'an unknown transform',
      { ...rest, from: { model: 'small', transforms: ['squeeze'] } },
      /^moescope: from: .*squeeze/
    ],
    ['a share of 0', { ...spec, teacher: { model: 'small', share: 0 } }, /teacher\.share/]
  ])('%s is refused before anything is written', async (_, content, message) => {
    const { folder, train } = await models(content)
    const { status, output, errors } = await train('out')
    expect({ status, output }).toEqual({ status: 1, output: '' })
    expect(errors).toMatch(message)
    expect(await readdir(folder)).not.toContain('out')
  })
})

describe("a user's text", () => {
  const prose = Array.from(
    { length: 20 },
    (_, i) => `Paragraph ${i} of notes\nthat are mine, \u201cquoted\u201d.`
  ).join('\n\n')
  const ownSpec = { ...spec, corpus: { kind: 'text', file: 'notes.txt' } }
  const reportOf = async (file: (out: string, name: string) => Promise<Buffer>, out: string) =>
    trainingReportSchema.parse(JSON.parse((await file(out, 'training.json')).toString()))

  test('is trained on alone, by a path from the spec, and kept with the model', async () => {
    const { folder, train, file } = await setUp(ownSpec)
    await writeFile(join(folder, 'notes.txt'), prose)
    const { status, errors } = await train('out')
    expect(status).toBe(0)
    const lengths = Array.from({ length: 20 }, (_, i) => `paragraph ${i} of notes that are mine, quoted.\n`.length)
    const total = lengths.reduce((sum, length) => sum + length)
    const kept = (lengths[9] ?? 0) + (lengths[19] ?? 0)
    expect(errors).toBe(
      `20 documents: ${total - kept} characters to train on, ${kept} for validation; 20 characters are read as others: capitals as small letters, accents are left off; left out, as no model here knows them: "\u201c" 20, "\u201d" 20\n`
    )
    const text = (await file('out', 'text.txt')).toString()
    expect(text.split('\n')[10]).toBe('paragraph 10 of notes that are mine, quoted.')
    const report = await reportOf(file, 'out')
    expect(report.corpus).toEqual({ kind: 'text', sha256: createHash('sha256').update(text).digest('hex') })
    expect([report.floor, Object.keys(report.result.domains)]).toEqual([undefined, ['own']])
    // It is whole: nothing is computed again.
    expect((await train('out')).output.trimEnd().split('\n')).toHaveLength(1)
    const measured = await runCommand(['eval', join(folder, 'out')])
    expect([measured.status, measured.errors]).toEqual([1, expect.stringContaining("has learnt a user's text alone")])
  })

  test('is trained on among generated text', async () => {
    const mixed = { ...ownSpec, corpus: { ...ownSpec.corpus, share: 0.5, generated: spec.corpus } }
    const { folder, train, file } = await setUp(mixed)
    await writeFile(join(folder, 'notes.txt'), prose)
    expect((await train('out')).status).toBe(0)
    const { corpus, result } = await reportOf(file, 'out')
    expect(corpus).toMatchObject({ beside: { share: 0.5, corpus: { characters: 4000, world: { names: 50 } } } })
    expect(Object.keys(result.domains)).toEqual(expect.arrayContaining(['dict', 'own']))
    expect((await runCommand(['eval', join(folder, 'out'), '--tokens', '900'])).status).toBe(0)
  })

  test.each([
    ['missing', undefined, /notes\.txt does not exist/],
    [
      'short',
      'a few words.\n\nand a few.',
      /the text has 13 characters to train on and 11 for validation, and a window has 32/
    ],
    ['binary', 'PK\0\0', /notes\.txt is no text: it holds the byte 0/]
  ])('that is %s is refused', async (_, text, reason) => {
    const { folder, train } = await setUp(ownSpec)
    if (text !== undefined) await writeFile(join(folder, 'notes.txt'), text)
    const { status, errors } = await train('out')
    expect([status, errors]).toEqual([1, expect.stringMatching(reason)])
    expect(await readdir(folder)).not.toContain('out')
  })

  test('of an unknown kind is refused', async () => {
    const { train } = await setUp({ ...spec, corpus: { kind: 'book' } })
    expect((await train('out')).errors).toContain("corpus.kind: expected 'text', or no kind for generated text")
  })
})
