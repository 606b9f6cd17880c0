/** Damaged files of every kind that core reads give a value or a `FormatError`, and no other error. */
import { describe, expect, test } from 'vitest'
import { readDescription } from './arch/describe/read'
import { readGallery } from './arch/gallery'
import { moeArchitecture } from './arch/presets'
import { llama3, mixtral8x7b, qwen15Moe } from './arch/published.fixture'
import { readConfig } from './arch/runnable'
import { writeConfig } from './arch/write-config'
import { readOwnText, tokenizer } from './corpus'
import { byteSource } from './formats/byte-source'
import { openCsv } from './formats/csv'
import { damaged } from './formats/damage.fixture'
import { FormatError } from './formats/format-error'
import { jsonOf, jsonText } from './formats/json'
import { readModelIndex } from './formats/model-index'
import { readSafetensors } from './formats/safetensors'
import { corpusSpecSchema, readTrainingReport, recipeSchema, type TrainingReport } from './formats/training-report'
import { type RunRecord, readRunRecord } from './generate/run-record'
import { readAblation } from './lab/kinds/ablate'
import { readCompression } from './lab/kinds/compress'
import { readFinding } from './lab/kinds/findings'
import { readSweepList } from './lab/sweep/folder'
import { readSweepTable } from './lab/sweep/table'
import { ModelError } from './model/model-error'
import { clearWeights } from './model/models.fixture'
import { openModel } from './model/runnable-model'
import { createRandom, type Random } from './random'
import { readStory, writeStory } from './stories/story'
import { everyKind } from './stories/story.fixture'
import { openTokenizer } from './tokenizers/open'
import { readCheckpoints } from './train/checkpoints'
import { writeCheckpoints } from './train/checkpoints.fixture'
import { fingerprintOf, planOf } from './train/fingerprint'
import { modelFiles } from './train/model-files'
import { readSavedRun, writeSavedRun } from './train/saved-run'

const runs = 250

const architecture = moeArchitecture({ width: 8, experts: 2, layers: 1, vocabularySize: tokenizer.size })
const corpus = corpusSpecSchema.parse({})
const recipe = recipeSchema.parse({ learning_rate: 0.01 })
const plan = { architecture, corpus, recipe }
const fingerprint = fingerprintOf(plan)
const point = { step: 1, characters: 64, loss: 2, memory: 2, computation: 2, domains: { fact: 1 } }
const report: TrainingReport = {
  format: 'moescope.training/1',
  corpus,
  recipe,
  steps: 1,
  characters: 64,
  flops: 1,
  seconds: 1,
  backend: 'native',
  threads: 1,
  machine: 'm',
  versions: {},
  training_loss: [[1, 2]],
  curve: [point],
  result: point,
  floor: { total: 1, domains: {} },
  assignments: [[[1]]]
}
const parameters = clearWeights(architecture)
const savedRun = {
  state: { step: 1, parameters, optimiser: { first_moment: parameters, second_moment: parameters } },
  seconds: 1,
  trainingLoss: [[1, 2]],
  openStretch: { sum: 1, count: 1 },
  curve: [point]
} as const
const record: RunRecord = {
  format: 'moescope.run/1',
  settings: { prompt: 'a', tokens: 1, seed: 1, temperature: 1, topP: 1 },
  backend: 'wasm',
  threads: 1,
  models: [
    {
      id: 'm',
      steps: [
        {
          position: 0,
          token: 1,
          text: 'a',
          source: 'prompt',
          routing: [],
          next: { token: 1, text: 'a', logprob: -1, candidates: [{ token: 1, text: 'a', probability: 0.5 }] }
        }
      ]
    }
  ]
}
const ablation = {
  format: 'moescope.ablation/1',
  model: 'm',
  windows: 1,
  baseline: { loss: 1, tokens: 1, domains: {}, loads: [] },
  rows: [],
  whole: true
}
const change = { loss: 1, tokens: 2, delta: 0.1, standardError: null }
const size = { bytes: 4, total: 1, active: 1 }
const chain = [{ id: 'rtn', bits: 4 }]
const compression = {
  format: 'moescope.compression/1',
  model: 'm',
  before: { ...size, loss: 1, tokens: 2, domains: {} },
  points: [
    { chain, seed: 1, ...size, ...change, domains: { fact: change } },
    { chain, refused: 'no' }
  ],
  whole: true
}
const sensitivity = {
  format: 'moescope.sensitivity/1',
  before: { loss: 1, tokens: 2 },
  parts: [{ layer: 0, expert: 1, ...change }],
  whole: false
}
const gallery = {
  format: 'moescope.architectures/1',
  models: [
    {
      id: 'm',
      name: 'M',
      family: 'f',
      year: 2024,
      config: mixtral8x7b,
      config_source: 's',
      published: { total: 1, active: null, convention: null, source: 's' },
      notes: ''
    }
  ]
}

const listed = JSON.stringify({
  id: 'my-moe-2k-1',
  kind: 'train',
  spec: { recipe },
  asked: { recipe },
  varied: { 'recipe.seed': 1 },
  threads: 1,
  size: { total: 1, active: 1, flops: null }
})

const utf8 = (value: unknown) => new TextEncoder().encode(typeof value === 'string' ? value : jsonText(value))
const files = Object.fromEntries(
  modelFiles(architecture, parameters, report).map(({ name, content }) => [name, content])
)
const opened = (name: string, bytes: Uint8Array) => {
  const file = (each: string) => (each === name ? bytes : (files[each] ?? new Uint8Array()))
  const [config, weights] = [file('config.json'), file('model.safetensors')]
  return openModel('m', { config, weights, tokenizer: file('tokenizer.json'), training: file('training.json') })
}

/** Each kind of file, whole, and its reader. */
const readers: Readonly<Record<string, readonly [whole: Uint8Array, read: (bytes: Uint8Array) => unknown]>> = {
  'config.json of llama': [utf8(llama3), (bytes) => readConfig(jsonOf(bytes, 'config.json'))],
  'config.json of mixtral': [utf8(mixtral8x7b), (bytes) => readConfig(jsonOf(bytes, 'config.json'))],
  'config.json of qwen2_moe': [utf8(qwen15Moe), (bytes) => readDescription(jsonOf(bytes, 'config.json'))],
  'a gallery': [utf8(gallery), (bytes) => readGallery(jsonOf(bytes, 'architectures.json'))],
  'tokenizer.json': [
    utf8(tokenizer.files()['tokenizer.json']),
    (bytes) => openTokenizer(jsonOf(bytes, 'tokenizer.json'))
  ],
  'a text': [
    new TextEncoder().encode('Caf\u00e9 one,\n\ntwo and\n\nthree!'),
    (bytes) => readOwnText(bytes, 'text.txt')
  ],
  'training.json': [utf8(report), (bytes) => readTrainingReport(bytes)],
  'index.json': [utf8({ models: [{ id: 'm', reports: ['r'] }] }), (bytes) => readModelIndex(bytes)],
  'a run record': [utf8(record), (bytes) => readRunRecord(new TextDecoder().decode(bytes))],
  'a fingerprint': [utf8(fingerprint), (bytes) => planOf(new TextDecoder().decode(bytes))],
  'a saved run': [writeSavedRun(savedRun, 'f'), (bytes) => readSavedRun(bytes, 'f')],
  checkpoints: [
    writeCheckpoints({ fingerprint, planned: [1], kept: [{ step: 1, parameters }] }),
    (bytes) => readCheckpoints(bytes)
  ],
  weights: [files['model.safetensors'] ?? new Uint8Array(), (bytes) => readSafetensors(bytes)],
  'a compression': [utf8(compression), (bytes) => readCompression(bytes)],
  'a finding': [utf8(sensitivity), (bytes) => readFinding(bytes)],
  'a story': [utf8(writeStory(everyKind)), (bytes) => readStory(new TextDecoder().decode(bytes), 'a.moescope-story')],
  'the list of a sweep': [utf8(`${listed}\n${listed}\n`), (bytes) => readSweepList(bytes)],
  'the table of a sweep': [
    utf8('run,kind,recipe.seed,loss\na-1,train,1,2.5\n"b,2",train,2,\n'),
    async (bytes) => readSweepTable(await openCsv(byteSource('results.csv', bytes)))
  ],
  'an ablation': [utf8(ablation), (bytes) => readAblation(bytes)],
  ...Object.fromEntries(
    Object.entries(files)
      .filter(([name]) => ['config.json', 'model.safetensors', 'tokenizer.json', 'training.json'].includes(name))
      .map(([name, whole]) => [`${name} of a model`, [whole, (bytes: Uint8Array) => opened(name, bytes)] as const])
  )
}

describe.each(Object.entries(readers))('%s', (name, [whole, read]) => {
  const random = createRandom(1, `damaged/${name}`)

  test('damaged bytes give a value or a FormatError', async () => {
    let failed = 0
    for (let run = 0; run < runs; run++) failed += (await fails(read, damaged(whole, random))) ? 1 : 0
    expect(failed).toBeGreaterThan(0)
  })

  if (!isJson(whole)) return
  test('JSON with other values in it, or of any depth, gives a value or a FormatError', async () => {
    for (let run = 0; run < runs; run++) await fails(read, changedJson(whole, random))
    for (const text of [`${'[{"a":'.repeat(100_000)}1${'}]'.repeat(100_000)}`, 'null', '']) {
      expect(await fails(read, utf8(text))).toBe(true)
    }
  })
})

test('what is damaged of a model is told with the model and the file', async () => {
  const broken = opened('tokenizer.json', utf8('{'))
  await expect(broken).rejects.toThrow(ModelError)
  await expect(broken).rejects.toThrow(/^model 'm': tokenizer\.json is not JSON: /)
  const foreign = opened('config.json', utf8({ ...writeConfig(architecture), hidden_act: 'gelu' }))
  await expect(foreign).rejects.toMatchObject({ name: 'ModelError', model: 'm', file: 'config.json' })
})

test('what is whole is read', async () => {
  for (const [whole, read] of Object.values(readers)) expect(await fails(read, whole)).toBe(false)
  expect(readSavedRun(writeSavedRun(savedRun, 'f'), 'f')).toEqual(savedRun)
  expect(planOf(fingerprint)).toEqual(plan)
  expect((await opened('', new Uint8Array())).parameters).toEqual(parameters)
})

async function fails(read: (bytes: Uint8Array) => unknown, bytes: Uint8Array): Promise<boolean> {
  try {
    await read(bytes)
    return false
  } catch (error) {
    if (!(error instanceof FormatError)) throw error
    expect(error.message).toMatch(/\S \S/)
    return true
  }
}

function isJson(whole: Uint8Array): boolean {
  return whole[0] === '{'.charCodeAt(0)
}

/** JSON in which a value is another one; of a file with a value a line, in one of its lines. */
function changedJson(whole: Uint8Array, random: Random): Uint8Array {
  const text = new TextDecoder().decode(whole)
  const lines = isByLines(text) ? text.trimEnd().split('\n') : [text]
  const at = random.integer(lines.length)
  return utf8(lines.map((line, i) => (i === at ? JSON.stringify(changed(JSON.parse(line), random)) : line)).join('\n'))
}

/** JSON that is written in full goes on after its first line. */
function isByLines(text: string): boolean {
  return text.split('\n')[0]?.endsWith('}') === true
}

const strangers = [null, true, -1, 0, 1.5, 1e308, '', 'x', [], {}, [[]], { __proto__: null }, [null], 2 ** 40, 'silu']

/** A value with one of those within it exchanged for a stranger, taken out, or repeated. */
function changed(value: unknown, random: Random): unknown {
  if (typeof value !== 'object' || value === null || random.integer(4) === 0) return stranger(random)
  const entries = Object.entries(value)
  const at = random.integer(Math.max(1, entries.length))
  const [key = 'key', inner] = entries[at] ?? []
  const next = random.integer(4) === 0 ? undefined : changed(inner, random)
  if (Array.isArray(value))
    return value.flatMap((each: unknown, i) => (i === at ? (next === undefined ? [each, each] : [next]) : [each]))
  return { ...value, [key]: next }
}

function stranger(random: Random): unknown {
  return strangers[random.integer(strangers.length)]
}
