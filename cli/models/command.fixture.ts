import { join } from 'node:path'
import type { Architecture } from '@core/arch/architecture'
import { trainFlopsPerToken } from '@core/arch/count/count'
import { denseArchitecture, moeArchitecture } from '@core/arch/presets'
import { corpusFloor, createWorld, domainIds, tokenizer } from '@core/corpus'
import { jsonText } from '@core/formats/json'
import { corpusSpecSchema, recipeSchema, type TrainingReport } from '@core/formats/training-report'
import { initialWeights } from '@core/model/initial-weights'
import { writeWhole } from '../terminal/files'
import { writeModelFolder } from '../terminal/model-folder.fixture'

const vocabularySize = tokenizer.size

export const smallDense = denseArchitecture({ width: 16, vocabularySize })
export const smallMoe = moeArchitecture({ width: 16, experts: 6, vocabularySize })

/** Weights larger than those of a start of training, so that routers and heads differ clearly from token to token. */
export function randomWeights(architecture: Architecture): Float32Array {
  return initialWeights(architecture, 3).map((each) => 3 * each)
}

const shipped: readonly [id: string, architecture: Architecture, losses: readonly number[]][] = [
  ['dense-64', smallDense, [1.2, 1.21, 1.19]],
  ['moe-64', smallMoe, [1.1, 1.11, 1.09]],
  ['dense-96', denseArchitecture({ width: 24, vocabularySize }), [1.0, 1.01, 0.99]]
]

/** Writes a folder of untrained models with made-up reports of three seeds each. */
export async function writeModels(folder: string): Promise<void> {
  const models: { id: string; reports: string[] }[] = []
  for (const [id, architecture, losses] of shipped) {
    const [first, ...others] = losses.map((loss, i) => reportOf(architecture, i + 1, loss))
    await writeModelFolder(join(folder, id), architecture, randomWeights(architecture), first)
    const seeds = others.map((report) => ({ path: `${id}/seeds/${report.recipe.seed}.json`, report }))
    for (const { path, report } of seeds) await writeWhole(join(folder, path), jsonText(report))
    models.push({ id, reports: [`${id}/training.json`, ...seeds.map(({ path }) => path)] })
  }
  await writeWhole(join(folder, 'index.json'), jsonText({ models }))
}

/** A made-up report, in which every loss is the same. */
export function reportOf(architecture: Architecture, seed: number, loss: number, characters = 8000): TrainingReport {
  const domains = Object.fromEntries(domainIds.map((id) => [id, loss]))
  const result = { step: 10, characters, loss, memory: loss, computation: loss, domains }
  return {
    format: 'moescope.training/1',
    corpus: corpusSpecSchema.parse({}),
    recipe: recipeSchema.parse({ learning_rate: 0.01, seed, characters }),
    steps: 10,
    characters,
    flops: trainFlopsPerToken(architecture) * characters,
    backend: 'native',
    threads: 1,
    seconds: 1,
    machine: 'none',
    versions: {},
    training_loss: [],
    curve: [result],
    result,
    floor: corpusFloor(createWorld()),
    assignments: []
  }
}
