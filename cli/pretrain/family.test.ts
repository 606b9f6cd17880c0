/** The sweep of the shipped family asks for what the shipped reports say. */
import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { countParameters, flopsPerToken, trainFlopsPerToken } from '@core/arch/count/count'
import { type CorpusSpec, readTrainingReport } from '@core/formats/training-report'
import { trainingPlan } from '@core/lab/kinds/train'
import { fingerprintOf } from '@core/train/fingerprint'
import { stepsOf } from '@core/train/recipe'
import { expect, test } from 'vitest'
import { planRuns, readSweep } from '../sweep/plan'
import { openModelStore } from '../terminal/model-store'
import { indexOf, named } from './ship-sweep'

const shipped = 'assets/models'

async function runsOf(file: string) {
  const path = join('cli/pretrain', file)
  const planned = await planRuns(await readSweep(path), { path, models: await openModelStore(shipped), threads: 1 })
  return planned.map((each) => {
    const run = named(each)
    const { architecture, recipe, corpus } = trainingPlan(run.spec)
    return { ...run, architecture, recipe, corpus: corpus as CorpusSpec }
  })
}

const [first, runs] = await Promise.all([runsOf('family-edition-1.yaml'), runsOf('family.yaml')])

test('every shipped report is that of a run, with its architecture, corpus and recipe', async () => {
  const files = (await readdir(shipped, { recursive: true })).filter((file) => /(training|seeds.\d+)\.json$/.test(file))
  const studies = (await readdir(join(shipped, 'studies'), { recursive: true })).filter((file) =>
    file.endsWith('.json')
  )
  const found = [...files, ...studies.map((file) => join('studies', file))].map((file) => file.replaceAll('\\', '/'))
  expect(runs.map(({ report }) => report).sort()).toEqual(found.sort())
  for (const { report, spec, model } of runs) {
    const { config: told, corpus, recipe } = readTrainingReport(await readFile(join(shipped, report)), report)
    // That of a model lies beside its weights.
    const config = model ? JSON.parse(await readFile(join(shipped, dirname(report), 'config.json'), 'utf8')) : told
    expect({ report, config, corpus, recipe }).toEqual({
      report,
      config: spec.architecture,
      corpus: spec.corpus,
      recipe: spec.recipe
    })
  }
})

test('the shipped list of models and studies is that of the sweep', async () => {
  expect(await indexOf(runs, shipped)).toEqual(JSON.parse(await readFile(join(shipped, 'index.json'), 'utf8')))
})

/** Hashes of the fingerprints of the models of seed 1, by name. */
function fingerprints(all: typeof runs) {
  const hashOf = (each: (typeof runs)[number]) =>
    createHash('sha256').update(fingerprintOf(each)).digest('hex').slice(0, 16)
  return Object.fromEntries(all.filter(({ model }) => model).map((each) => [each.name, hashOf(each)]))
}

test('the models of the second edition have the fingerprints under which their runs were saved', () => {
  expect(fingerprints(runs)).toEqual({
    'dense-128': 'd590c1c7ed4ce00e',
    'dense-152': '0cce976c8bcc62ad',
    'dense-192': '100506154cd4b45e',
    'dense-24': '1a662cc2e4c73c0c',
    'dense-32': 'b43a0556338aac5d',
    'dense-48': '9b076cc7ddb1ade0',
    'dense-64': '06111e414ad29f3b',
    'dense-64-deep': '625c74442fd1d436',
    'dense-64-deep-shared': 'd3cf7262f54ea6d1',
    'dense-96': 'f605cd40ce5a8e42',
    'moe-128': '597aa18176bba9d3',
    'moe-32': 'd6d0b809309628b7',
    'moe-64': '37a67cfc180f0ae8',
    'moe-64-deep': '5b4da3e9fac8ba0e',
    'moe-64-expert-choice': '37a287d23b742056',
    'moe-64-fine': 'b591a3aef3ab8a00',
    'moe-64-loss-free': '1fb83a24334b3923',
    'moe-64-shared': 'f9d3ccc5397f79f0',
    'moe-64-sigmoid': 'dffb77668a31313d',
    'moe-64-top1': '23265fb102d24a62',
    'moe-64-unbalanced': '2aab64c26f0d1c70'
  })
})

test('the models of the first edition have the fingerprints under which their runs were saved', () => {
  expect(fingerprints(first)).toEqual({
    'dense-128': '3a75e09ee5fd4e78',
    'dense-152': 'f52d6c20ec904bb9',
    'dense-192': '7b5129c4a6439767',
    'dense-24': 'bf10eafacbd7c804',
    'dense-32': '1f835b4f3a2a0cc5',
    'dense-48': '303303f70fa714f0',
    'dense-64': '5bbebffb4157dcf7',
    'dense-96': '95481926e00a9dbe',
    'moe-128': '29bb4ba1790ca745',
    'moe-32': '71c2f59204d6dec1',
    'moe-64': '52248c7190087cf5',
    'moe-64-shared': '17e279c05a4cff6c',
    'moe-64-top1': 'd806c1d21e609d3f',
    'moe-64-unbalanced': '822b8f7f47012a8a'
  })
  // Three seeds of the six that the main comparison needs.
  expect(first.map(({ report }) => report).filter((report) => report.includes('/seeds/'))).toHaveLength(12)
})

const context = 64

function architecture(id: string) {
  const found = runs.find(({ name }) => name === id)?.architecture
  if (!found) throw new Error(`expected a run '${id}'`)
  return found
}

test('eight layers cost a token as much as two of twice the width, within 2 %', () => {
  const deep = countParameters(architecture('dense-64-deep')).active.no_embedding
  const wide = countParameters(architecture('dense-128')).active.no_embedding
  expect(Math.abs(deep / wide - 1)).toBeLessThan(0.02)
})

test('layers that share their weights cost a token the same, and have an eighth of them', () => {
  const [deep, shared] = [architecture('dense-64-deep'), architecture('dense-64-deep-shared')]
  expect(flopsPerToken(shared, context)).toBe(flopsPerToken(deep, context))
  const layers = (each: typeof deep) => countParameters(each).active.no_embedding - each.width
  expect(layers(shared)).toBe(layers(deep) / 8)
})

test('finer experts weigh and cost the same, but for the larger router', () => {
  const [coarse, fine] = [countParameters(architecture('moe-64')), countParameters(architecture('moe-64-fine'))]
  expect(fine.components.experts).toBe(coarse.components.experts)
  expect(fine.active.all - fine.components.router).toBe(coarse.active.all - coarse.components.router)
})

test('the runs of a budget cost the same, to the step', () => {
  const study = runs.filter(({ name }) => name.startsWith('studies/iso-flop/'))
  expect(study).toHaveLength(15)
  for (const { name, architecture, recipe } of study) {
    const budget = Number(name.split('/')[2]?.replace(/-.*/, ''))
    const step = recipe.batch * architecture.context * trainFlopsPerToken(architecture)
    const spent = stepsOf(recipe, architecture.context) * step
    expect(spent).toBeLessThanOrEqual(budget * 1.001)
    expect(spent).toBeGreaterThan(budget - step * 1.001)
  }
})

test('a repeated text is read more than thirty times', () => {
  const study = runs.filter(({ name }) => name.startsWith('studies/repeated-text/'))
  expect(study).toHaveLength(6)
  for (const { corpus, recipe } of study) expect(recipe.characters / corpus.characters).toBeGreaterThan(30)
})
