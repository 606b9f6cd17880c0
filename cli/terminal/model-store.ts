/** Finds models: the shipped ones by id, any other by its folder. */
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Architecture } from '@core/arch/architecture'
import { countParameters } from '@core/arch/count/count'
import { readConfig } from '@core/arch/runnable'
import { canonicalJson } from '@core/canonical-json'
import { FormatError } from '@core/formats/format-error'
import { jsonOf } from '@core/formats/json'
import { type ModelIndex, readModelIndex } from '@core/formats/model-index'
import { readTrainingReport, type TrainingReport } from '@core/formats/training-report'
import { type ModelReference, referenceTo } from '@core/lab/model-reference'
import { sha256 } from '@core/lab/run-id'
import { ModelError } from '@core/model/model-error'
import { type ModelFiles, openModel, type RunnableModel } from '@core/model/runnable-model'
import { type DenseFamily, type DenseMember, denseFamily, isFamilySize } from '@core/scaling/dense-family'
import { modelFacts } from '@core/scaling/facts'
import { type FiledModel, openFiledModel } from '@core/stream/filed-model'
import { checkpointWeights, weightFileNames } from '@core/tensors/join-shards'
import { hasWeights } from '@core/tensors/weight-files'
import { FailureError, UsageError } from './errors'
import { type FileSource, openFileSource } from './file-source'
import { readExisting, readIfThere } from './files'
import { fits, type MemoryNeed, memoryToOpen, needText } from './memory'
import { type ModelFigures, modelFigures } from './model-figures'

export interface ModelStore {
  /** Ids of the shipped models, in the order of the family. */
  readonly ids: readonly string[]
  /**
   * Opens a model by its id or its folder. Throws a `UsageError` that lists the known ids for a name that is neither,
   * and an error that names file and reason when the folder holds no model that can be run.
   */
  open(name: string): Promise<RunnableModel>
  /** The same, as a run names and opens it. Throws as `open`. */
  refer(name: string): Promise<{ readonly model: RunnableModel; readonly reference: ModelReference }>
  /**
   * A model whose weights stay in their files, until it is closed, and as a run names it: by the headers, sizes and times
   * of its files. Throws as `open`.
   */
  file(name: string): Promise<OpenFiled>
  /** The memory that `open` would take, and that there is, in bytes; undefined for a folder without such files. */
  memory(name: string): Promise<MemoryNeed | undefined>
  /** The files of a model, as they are opened. Throws as `open`. */
  files(name: string): Promise<ModelFiles>
  /** The figures of a model; its effective parameters are measured on the shipped dense models. Throws as `open`. */
  figures(name: string): Promise<ModelFigures>
  /** The shipped dense models, on which effective parameters are measured. Throws a `RangeError` where there are none. */
  denseFamily(): Promise<DenseFamily>
}

/** A model that is read from its files. */
export interface OpenFiled {
  readonly model: FiledModel
  readonly reference: ModelReference
  close(): Promise<void>
}

/** The models that are shipped in a folder, as its `index.json` lists them; none where there is no such list. */
export async function openModelStore(modelsFolder: string): Promise<ModelStore> {
  const indexPath = join(modelsFolder, 'index.json')
  const index = await readIfThere(indexPath)
  const { models } = index ? readModelIndex(index, indexPath) : { models: [] }
  const ids = models.map(({ id }) => id)
  const folderOf = async (name: string): Promise<string> => {
    if (ids.includes(name)) return join(modelsFolder, name)
    if (await isFolder(name)) return name
    if (/[/\\]/.test(name)) throw new FailureError(`the model folder ${name} does not exist`)
    if (ids.length === 0)
      throw new FailureError(`there are no models in ${modelsFolder}: 'moescope pretrain' trains them`)
    throw new UsageError(`unknown model '${name}': choose one of ${ids.join(', ')}, or the folder of a model`)
  }
  const filesOf = async (name: string): Promise<ModelFiles> => {
    const folder = await folderOf(name)
    await refuseTooLarge(name, folder)
    return readModelFiles(folder)
  }
  let measure: Promise<DenseFamily> | undefined
  const family = () => {
    measure ??= readDenseFamily(modelsFolder, models)
    return measure
  }
  return {
    ids,
    denseFamily: family,
    open: async (name) => openModel(name, await filesOf(name)),
    memory: async (name) => memoryNeed(name, await folderOf(name)),
    file: async (name) => openFiled(name, await folderOf(name)),
    files: filesOf,
    refer: async (name) => {
      const files = await filesOf(name)
      return { model: await openModel(name, files), reference: await referenceTo(name, files) }
    },
    figures: async (name) => {
      const folder = await folderOf(name)
      const shipped = models.find(({ id }) => id === name)
      const reports = shipped ? await readReports(modelsFolder, shipped.reports) : await readReports(folder)
      return modelFigures(modelFacts(name, await readArchitecture(folder), reports, await family()), reports[0])
    }
  }
}

type Listed = ModelIndex['models'][number]

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false
  )
}

async function readModelFiles(folder: string): Promise<ModelFiles> {
  const [config, weights, tokenizer] = [
    await readExisting(join(folder, 'config.json')),
    await readModelWeights(folder),
    await readIfThere(join(folder, 'tokenizer.json'))
  ]
  const training = await readIfThere(join(folder, 'training.json'))
  return { config, weights, ...(tokenizer ? { tokenizer } : {}), ...(training ? { training } : {}) }
}

/** Throws a `FailureError` for a model that does not fit into memory, before its weights are read. */
async function refuseTooLarge(name: string, folder: string): Promise<void> {
  const need = await memoryNeed(name, folder)
  if (!need || fits(need)) return
  throw new FailureError(
    `${name} does not fit: ${needText(need)}; 'moescope trace record ${folder} --stream' reads it layer by layer in far less`
  )
}

async function memoryNeed(name: string, folder: string): Promise<MemoryNeed | undefined> {
  const names = await readdir(folder)
  if (!hasWeights(names)) return undefined
  const read = (file: string) => readExisting(join(folder, file))
  const files = await within(folder, weightFileNames(names, read))
  const sizes = await Promise.all(files.map(async (file) => (await stat(join(folder, file))).size))
  const architecture = await readArchitecture(folder).catch((error: unknown) => {
    throw error instanceof FormatError ? new ModelError(name, 'config.json', error.message, error) : error
  })
  return memoryToOpen(architecture, sizes)
}

async function openFiled(name: string, folder: string): Promise<OpenFiled> {
  const names = await readdir(folder)
  if (!hasWeights(names)) await readModelWeights(folder)
  const files = await within(
    folder,
    weightFileNames(names, (file) => readExisting(join(folder, file)))
  )
  const weights: FileSource[] = []
  const close = async () => {
    for (const each of weights) await each.close()
  }
  try {
    for (const file of files) weights.push(await openFileSource(join(folder, file)))
    const config = await readExisting(join(folder, 'config.json'))
    const tokenizer = await readIfThere(join(folder, 'tokenizer.json'))
    const model = await openFiledModel(name, { config, tokenizer, weights })
    const facts = await Promise.all(
      files.map(async (file) => {
        const { size, mtimeMs } = await stat(join(folder, file))
        return { file, size, mtimeMs }
      })
    )
    const hash = await sha256(canonicalJson({ config: new TextDecoder().decode(config), facts }))
    return { model, reference: { id: name, weights: hash }, close }
  } catch (error) {
    await close()
    throw error
  }
}

/** A failure of reading the files of a folder, as one that names it. */
async function within<T>(folder: string, work: Promise<T>): Promise<T> {
  return work.catch((error: unknown) => {
    throw error instanceof FormatError ? new FailureError(`${folder}: ${error.message}`, { cause: error }) : error
  })
}

/** In one file or in shards. Rejects with a `FailureError` for weights in a format that is not read. */
async function readModelWeights(folder: string): Promise<Uint8Array> {
  const names = await readdir(folder)
  if (hasWeights(names)) {
    return within(
      folder,
      checkpointWeights(names, (name) => readExisting(join(folder, name)))
    )
  }
  const other = names.find((name) => /^pytorch_model.*\.(bin|json)$|\.(pt|pth|gguf)$/.test(name))
  if (other === undefined) return readExisting(join(folder, 'model.safetensors'))
  const save = 'AutoModelForCausalLM.from_pretrained(FOLDER).save_pretrained(FOLDER)'
  throw new FailureError(
    `${folder} has its weights as ${other}, ${other.endsWith('.gguf') ? 'the format of llama.cpp' : "a pickle of torch's"}, ` +
      `and safetensors are read: save it again in Python with ${save}`
  )
}

async function readArchitecture(folder: string): Promise<Architecture> {
  const path = join(folder, 'config.json')
  return readConfig(jsonOf(await readExisting(path), path))
}

/** Reports in their order; those that are missing are left out. */
async function readReports(folder: string, paths: readonly string[] = ['training.json']): Promise<TrainingReport[]> {
  const reports: TrainingReport[] = []
  for (const path of paths.map((each) => join(folder, each))) {
    const bytes = await readIfThere(path)
    if (bytes) reports.push(readTrainingReport(bytes, path))
  }
  return reports
}

async function readDenseFamily(modelsFolder: string, models: readonly Listed[]): Promise<DenseFamily> {
  const members: DenseMember[] = []
  for (const { id, reports } of models) {
    const architecture = await readArchitecture(join(modelsFolder, id))
    if (!isFamilySize(architecture)) continue
    const parameters = countParameters(architecture).total
    members.push({ id, parameters, reports: await readReports(modelsFolder, reports) })
  }
  return denseFamily(members)
}
