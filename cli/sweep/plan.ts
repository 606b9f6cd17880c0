/** The runs that a file of a sweep asks for. */
import { hash } from 'node:crypto'
import { canonicalJson } from '@core/canonical-json'
import { FormatError } from '@core/formats/format-error'
import { parseJson } from '@core/formats/json'
import { parsedBy } from '@core/formats/problems'
import { runId } from '@core/lab/run-id'
import type { NamedContent } from '@core/lab/store'
import { onceForPart } from '@core/lab/sweep/parts'
import { type Sweep, sweepPoints, sweepSchema, sweepSize } from '@core/lab/sweep/points'
import { reasonOf } from '../../node/reason'
import { FailureError, UsageError } from '../terminal/errors'
import { readExisting } from '../terminal/files'
import type { ModelStore } from '../terminal/model-store'
import { nativeBackend } from '../terminal/native'
import type { ListedRun } from './folder'
import { sweepKind } from './kinds'
import type { RunReader } from './kinds/kind'

/** 64 bits: of a million runs two have the same with a chance of 3 in 100 million. */
const digitsOfHash = 16

/** A run that a sweep asks for, and what it needs before it begins. */
export interface PlannedRun extends ListedRun {
  readonly files: readonly NamedContent[]
  readonly models: readonly { readonly name: string; readonly weights: string }[]
}

/** Reads the file of a sweep, JSON or YAML. Throws a `FailureError` or a `FormatError` that names it. */
export async function readSweep(path: string): Promise<Sweep> {
  const text = new TextDecoder().decode(await readExisting(path))
  const value = /\.ya?ml$/i.test(path) ? await yamlOf(text, path) : parseJson(text, path)
  return parsedBy(sweepSchema, value, `${path}: `)
}

async function yamlOf(text: string, path: string): Promise<unknown> {
  const { parseDocument } = await import('yaml')
  const document = parseDocument(text, { prettyErrors: true })
  const [error] = document.errors
  if (error) throw new FormatError(`${path} is not YAML: ${reasonOf(error).replace(/:;.*$/, '')}`)
  try {
    // By default no more than 100 aliases are followed, and one that contains itself is refused.
    return document.toJS()
  } catch (error) {
    throw new FormatError(`${path}: ${reasonOf(error)}`, { cause: error })
  }
}

/** More of them are asked for explicitly. */
export const mostRuns = 10_000

/** Throws a `UsageError` for more runs than anybody asks for by mistake, unless they are wanted. */
export function refuseMany(sweep: Sweep, path: string, areWanted: boolean): void {
  const size = sweepSize(sweep)
  if (areWanted || size <= mostRuns) return
  throw new UsageError(
    `${path} asks for ${size.toLocaleString('en')} runs, more than ${mostRuns.toLocaleString('en')}: add --yes if you want them all`
  )
}

/**
 * The runs of a sweep in their order, each once. Throws a `FailureError` that names the run, its settings and what is
 * wrong, before anything is computed.
 *
 * @param threads of every run
 */
export async function planRuns(
  sweep: Sweep,
  { path, models, threads }: { readonly path: string; readonly models: ModelStore; readonly threads: number }
): Promise<PlannedRun[]> {
  const kind = sweepKind(sweep.kind)
  const reader: RunReader = { path, models: remembering(models), backend: nativeBackend(threads), once: remember() }
  const addressing = { digits: digitsOfHash, hash: sha256, textOf: onceForPart((part) => canonicalJson(part)) }
  const runs = new Map<string, PlannedRun>()
  let place = 0
  for (const { spec, varied } of sweepPoints(sweep)) {
    try {
      const { run, stem, ...planned } = await kind.read(spec, reader)
      const id = await runId(stem, run, addressing)
      if (!runs.has(id)) runs.set(id, { id, ...run, ...planned, varied, threads })
    } catch (error) {
      const isExpected = [FailureError, UsageError, FormatError, RangeError].some((each) => error instanceof each)
      if (!isExpected) throw error
      const settings = variedText(varied)
      throw new FailureError(`${path}: run ${place}${settings && ` (${settings})`}: ${reasonOf(error)}`, {
        cause: error
      })
    }
    place++
  }
  return [...runs.values()]
}

/** Settings that a sweep varies, in a line: `recipe.seed=1, architecture.width=16`. */
export function variedText(varied: Readonly<Record<string, unknown>>): string {
  return Object.entries(varied)
    .map(([path, value]) => `${path}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ')
}

/** Synchronous: a promise of WebCrypto costs many times what the hash of a spec does. */
function sha256(text: string): string {
  return hash('sha256', text)
}

/** A store that opens each model once: every run of a sweep may name the same. */
function remembering(models: ModelStore): Pick<ModelStore, 'ids' | 'refer' | 'files'> {
  const once = remember()
  return { ids: models.ids, files: (name) => models.files(name), refer: (name) => once(name, () => models.refer(name)) }
}

/** As `RunReader.once`; each of them has keys of its own. */
function remember(): RunReader['once'] {
  const known = new Map<string, unknown>()
  return <T>(key: string, make: () => T) => {
    if (!known.has(key)) known.set(key, make())
    return known.get(key) as T
  }
}
