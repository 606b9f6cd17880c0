/** Facts of all models, read before any of them runs. */

import type { Architecture } from '@core/arch/architecture'
import { countParameters } from '@core/arch/count/count'
import { readConfig } from '@core/arch/runnable'
import { jsonOf } from '@core/formats/json'
import { readTrainingReport, type TrainingCorpus, type TrainingReport } from '@core/formats/training-report'
import type { ModelFiles } from '@core/model/runnable-model'
import { messageOf } from '@core/reason'
import { type DenseFamily, denseFamily, isFamilySize } from '@core/scaling/dense-family'
import { type ModelFacts, modelFacts } from '@core/scaling/facts'
import { spreadOf } from '@core/scaling/spread'
import { hasWeights, wholeWeightsName } from '@core/tensors/weight-files'
import { fitTokenizer } from '@core/tokenizers/ids'
import { openTokenizer } from '@core/tokenizers/open'
import type { Tokenizer } from '@core/tokenizers/tokenizer'
import type { ModelSource } from '../engine/protocol'
import type { Host } from '../host/host'
import type { StoppedTraining } from './stopped-training'

/** A model that is here: its shape, and the figures that travel with it. */
export interface LibraryModel extends ModelFacts {
  readonly architecture: Architecture
  readonly tokenizer: Tokenizer
  /** Assignments to every expert on the validation text, `[MoE layers][experts]`; empty where not known. */
  readonly loads: readonly (readonly number[])[]
  /** Largest share of a layer's assignments that one expert got on the validation text; undefined where not known. */
  readonly largestLoad: number | undefined
  /** The corpus that it was trained on; undefined where no report says it. */
  readonly corpus: TrainingCorpus | undefined
  /** Validation losses on the way of its first seed: `[characters, nats per character]`. */
  readonly curve: readonly (readonly [characters: number, loss: number])[]
  /** True of a model that was trained here. */
  readonly own: boolean
  /** Of a model whose training was stopped: the step of its last validation, which `loss` is of. */
  readonly stopped: StoppedTraining | undefined
}

/** A model folder that could not be read, and why. */
export interface DamagedModel {
  readonly id: string
  readonly reason: string
}

export interface Library {
  /** Dense models first, each kind by size. */
  readonly models: readonly LibraryModel[]
  readonly damaged: readonly DamagedModel[]
  /** The measure of effective parameters; undefined without shipped models. */
  readonly family?: DenseFamily
}

/**
 * Reads the facts of all models, those that are shipped and those that were trained here. A folder that cannot be read
 * does not hide the others.
 */
export async function readLibrary(host: Host): Promise<Library> {
  const [shipped, own] = await Promise.all([shippedFolders(host), ownFolders(host).catch(() => [])])
  const read = await Promise.all(
    [...shipped, ...own].map((place) =>
      readFolder(place).catch((error: unknown): DamagedModel => ({ id: place.id, reason: messageOf(error) }))
    )
  )
  const folders = read.filter((each) => 'architecture' in each)
  const damaged = read.filter((each) => 'reason' in each)
  // Only shipped models are the measure: they saw the same text.
  const dense = folders.filter(({ own, architecture }) => !own && isFamilySize(architecture))
  if (dense.length === 0) return { models: [], damaged }
  const family = denseFamily(
    dense.map(({ id, architecture, reports }) => ({ id, reports, parameters: countParameters(architecture).total }))
  )
  const models = folders.map(({ id, own, architecture, tokenizer, reports, stopped }): LibraryModel => {
    const loads = loadsOf(reports[0])
    return {
      ...modelFacts(id, architecture, reports, family),
      ...(stopped ? { loss: spreadOf([stopped.loss]), floor: stopped.floor } : {}),
      stopped,
      architecture,
      tokenizer,
      own,
      corpus: reports[0]?.corpus,
      loads,
      largestLoad: largestLoad(loads),
      curve: (reports[0]?.curve ?? []).map(({ characters, loss }) => [characters, loss])
    }
  })
  return {
    models: models.sort((a, b) => a.role.localeCompare(b.role) || a.total - b.total || a.id.localeCompare(b.id)),
    damaged,
    family
  }
}

/** A model that is not here, or one of whose files cannot be read. The message names the model and the file. */
export class AbsentModelError extends Error {
  override readonly name = 'AbsentModelError'
}

/** Models as the engine opens them. Throws an `AbsentModelError`. */
export async function readModels(host: Host, ids: readonly string[]): Promise<ModelSource[]> {
  const shipped = await shippedFolders(host).catch((error: unknown) => {
    throw new AbsentModelError(`the list of shipped models: ${messageOf(error)}`, { cause: error })
  })
  return Promise.all(
    ids.map(async (id) => {
      const place = shipped.find((each) => each.id === id) ?? (await ownFolders(host)).find((each) => each.id === id)
      if (!place) {
        const known = shipped.map((each) => each.id).join(', ') || 'none'
        throw new AbsentModelError(
          `model '${id}' is neither shipped with this build nor trained here; there are ${known}`
        )
      }
      const files = await readModelFiles(place).catch((error: unknown) => {
        throw new AbsentModelError(`model '${id}': ${messageOf(error)}`, { cause: error })
      })
      return { id, files }
    })
  )
}

/** Location of a model's files. */
interface ModelPlace {
  readonly id: string
  readonly own: boolean
  /** The files of the folder. */
  readonly names: readonly string[]
  readonly read: (name: string) => Promise<Uint8Array<ArrayBuffer>>
  /** The records of its training, one for each seed. */
  readonly readReports: () => Promise<Uint8Array<ArrayBuffer>[]>
  /** A training that was stopped, as it was saved last. */
  readonly readSaved: () => Promise<Uint8Array<ArrayBuffer> | undefined>
}

async function shippedFolders(host: Host): Promise<ModelPlace[]> {
  const { models } = await host.modelIndex()
  return models.map(({ id, reports }) => ({
    id,
    own: false,
    names: [...needed, wholeWeightsName],
    read: (name) => host.readShippedFile(`${id}/${name}`),
    readReports: () => Promise.all(reports.map((path) => host.readShippedFile(path))),
    readSaved: async () => undefined
  }))
}

/** Models that were trained here, also those whose training has not come to its end. */
async function ownFolders({ models }: Host): Promise<ModelPlace[]> {
  const places = (await models.ids()).map(async (id): Promise<ModelPlace[]> => {
    const files = models.files(id)
    const names = await files.names()
    const read = async (name: string) => {
      const content = await files.read(name)
      if (!content) throw new Error(`${id}/${name}: expected a file, found none`)
      return content
    }
    const isWhole = names.includes('training.json')
    const readReports = async () => (isWhole ? [await read('training.json')] : [])
    const readSaved = async () => (isWhole ? undefined : files.read('run.safetensors'))
    const isHere = needed.every((name) => names.includes(name)) && hasWeights(names)
    return isHere ? [{ id, own: true, names, read, readReports, readSaved }] : []
  })
  return (await Promise.all(places)).flat()
}

/** Files without which a model cannot run, besides its weights. */
const needed = ['config.json', 'tokenizer.json']

/** The files with which a model runs, each of these names read from the model's folder. */
export async function readModelFiles({ names, read }: Pick<ModelPlace, 'names' | 'read'>): Promise<ModelFiles> {
  const [config, weights, tokenizer] = await Promise.all([
    read('config.json'),
    // Weights in several files are seldom, and what joins them is loaded with the first.
    names.includes(wholeWeightsName)
      ? read(wholeWeightsName)
      : import('@core/tensors/join-shards').then(({ checkpointWeights }) => checkpointWeights(names, read)),
    read('tokenizer.json')
  ])
  return { config, weights, tokenizer }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0)
}

/** A report's `[MoE layer][expert][domain]` assignments over all domains. */
function loadsOf(report: TrainingReport | undefined): number[][] {
  return (report?.assignments ?? []).map((experts) => experts.map(sum))
}

/** The largest share of any layer. */
function largestLoad(loads: readonly (readonly number[])[]): number | undefined {
  const shares = loads.flatMap((experts) => experts.map((load) => load / sum(experts)))
  return shares.length > 0 ? Math.max(...shares) : undefined
}

interface ModelFolder {
  readonly id: string
  readonly own: boolean
  readonly architecture: Architecture
  readonly tokenizer: Tokenizer
  readonly reports: readonly TrainingReport[]
  readonly stopped: StoppedTraining | undefined
}

async function readFolder({ id, own, read, readReports, readSaved }: ModelPlace): Promise<ModelFolder> {
  const [config, tokenizer, reports, saved] = await Promise.all([
    read('config.json').then((bytes) => jsonOf(bytes, 'config.json')),
    read('tokenizer.json').then((bytes) => openTokenizer(jsonOf(bytes, 'tokenizer.json'))),
    readReports(),
    readSaved()
  ])
  const architecture = readConfig(config)
  return {
    id,
    own,
    architecture,
    tokenizer: fitTokenizer(tokenizer, architecture.vocabularySize),
    reports: reports.map((each) => readTrainingReport(each)),
    // Loaded when there is one.
    stopped: saved && (await import('./stopped-training')).stoppedTraining(saved)
  }
}
