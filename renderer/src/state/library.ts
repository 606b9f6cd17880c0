/** What is known of the shipped models before any of them runs. */
import { type Architecture, moeLayers } from '@core/arch/architecture'
import { readConfig } from '@core/arch/config'
import { countParameters } from '@core/arch/count'
import { type CharacterTokenizer, tokenizerFromJson } from '@core/corpus'
import { type TrainingReport, trainingReportSchema } from '@core/formats/training-report'
import type { ModelFiles } from '@core/run/model'
import { denseFamily } from '@core/scaling/dense-family'
import { type ModelFacts, modelFacts } from '@core/scaling/facts'
import type { ModelSource } from '../engine/protocol'
import type { Host, ModelIndex } from '../host/host'

/** A shipped model: its shape, and the figures that travel with it. */
export interface ShippedModel extends ModelFacts {
  readonly architecture: Architecture
  readonly tokenizer: CharacterTokenizer
  /** Largest share of a layer's assignments that one expert got on the validation text; undefined where not known. */
  readonly largestLoad: number | undefined
}

/** A model folder that could not be read, and why. */
export interface DamagedModel {
  readonly id: string
  readonly reason: string
}

export interface Library {
  /** Dense models first, each kind by size. */
  readonly models: readonly ShippedModel[]
  readonly damaged: readonly DamagedModel[]
}

/** Reads the facts of all shipped models. A folder that cannot be read does not hide the others. */
export async function readLibrary(host: Host): Promise<Library> {
  const { models } = await host.modelIndex()
  const read = await Promise.all(
    models.map((entry) =>
      readFolder(host, entry).catch((error: unknown): DamagedModel => ({ id: entry.id, reason: messageOf(error) }))
    )
  )
  const folders = read.filter((each) => 'architecture' in each)
  const dense = folders.filter(({ architecture }) => moeLayers(architecture).length === 0)
  if (dense.length === 0) return { models: [], damaged: read.filter((each) => 'reason' in each) }
  const family = denseFamily(
    dense.map(({ id, architecture, reports }) => ({ id, reports, parameters: countParameters(architecture).total }))
  )
  const found = folders.map(({ id, architecture, tokenizer, reports }): ShippedModel => {
    const facts = modelFacts(id, architecture, reports, family)
    return { ...facts, architecture, tokenizer, largestLoad: largestLoad(reports[0]) }
  })
  return {
    models: found.sort((a, b) => a.role.localeCompare(b.role) || a.total - b.total || a.id.localeCompare(b.id)),
    damaged: read.filter((each) => 'reason' in each)
  }
}

/** Models as the engine opens them. Throws an error that names the model that is not shipped, or the missing file. */
export async function readModels(host: Host, ids: readonly string[]): Promise<ModelSource[]> {
  const shipped = (await host.modelIndex()).models.map(({ id }) => id)
  const missing = ids.find((id) => !shipped.includes(id))
  if (missing !== undefined) {
    throw new Error(`model '${missing}' is not shipped with this build; there are ${shipped.join(', ') || 'none'}`)
  }
  return Promise.all(ids.map(async (id) => ({ id, files: await readModelFiles(host, id) })))
}

async function readModelFiles(host: Host, id: string): Promise<ModelFiles> {
  const read = (name: string) => host.readShippedFile(`${id}/${name}`)
  const [config, weights, tokenizer] = await Promise.all([
    read('config.json'),
    read('model.safetensors'),
    read('tokenizer.json')
  ])
  return { config, weights, tokenizer }
}

/** The largest share of any layer in a report's `[MoE layer][expert][domain]` assignments. */
function largestLoad(report: TrainingReport | undefined): number | undefined {
  const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0)
  const shares = (report?.assignments ?? []).flatMap((experts) => {
    const loads = experts.map(sum)
    return loads.map((load) => load / sum(loads))
  })
  return shares.length > 0 ? Math.max(...shares) : undefined
}

/** What an error says. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

interface ModelFolder {
  readonly id: string
  readonly architecture: Architecture
  readonly tokenizer: CharacterTokenizer
  readonly reports: readonly TrainingReport[]
}

async function readFolder(host: Host, { id, reports }: ModelIndex['models'][number]): Promise<ModelFolder> {
  const json = async (path: string): Promise<unknown> =>
    JSON.parse(new TextDecoder().decode(await host.readShippedFile(path)))
  const [config, tokenizer, ...read] = await Promise.all([
    json(`${id}/config.json`),
    json(`${id}/tokenizer.json`),
    ...reports.map(json)
  ])
  return {
    id,
    architecture: readConfig(config),
    tokenizer: tokenizerFromJson(tokenizer),
    reports: read.map((each) => trainingReportSchema.parse(each))
  }
}
