/** Opening routing of any format: what a file is, is told by its content; what it lacks is asked, never guessed. */
import type { ByteSource } from '../../formats/byte-source'
import { FormatError } from '../../formats/format-error'
import { countArrays } from './count-arrays'
import { countRecords } from './count-records'
import { csvCounts, csvTable } from './csv-table'
import {
  AnswerError,
  type Answers,
  type Importer,
  type Likeness,
  type Question,
  type Readable,
  type ReadOptions,
  type Routing,
  type Sniffed
} from './importer'
import { llamaCpp } from './llama-cpp'
import { moescope } from './moescope'
import { olmoe } from './olmoe'
import { otherFile, unknownText } from './other-file'
import { parquetTable } from './parquet-table'
import { recordLines } from './record-lines'
import { rollouts } from './rollouts'
import { routerLogits } from './router-logits'
import { sglangRecorder } from './sglang-recorder'
import { sglangResponses } from './sglang-responses'
import { knownContainers, sniff } from './sniff'
import { vllmArrays } from './vllm-arrays'
import { vllmResponses } from './vllm-responses'

/** All formats, in the order in which they are proposed. */
export const importers: readonly Importer[] = [
  moescope,
  vllmArrays,
  vllmResponses,
  sglangResponses,
  sglangRecorder,
  rollouts,
  routerLogits,
  countArrays,
  olmoe,
  recordLines,
  countRecords,
  csvTable,
  parquetTable,
  csvCounts,
  llamaCpp
]

/** A format that a file may have. */
export interface Candidate {
  readonly format: string
  readonly label: string
  /** True where the file can be nothing else that Moescope knows. */
  readonly certain: boolean
  /** Questions whose answers it needs, or takes. */
  readonly questions: readonly Question[]
  /** The first rows as text. */
  readonly preview: string
}

export interface Inspection {
  /** Which formats the file may have, the likely ones first; none for a file that is no trace. */
  readonly candidates: readonly Candidate[]
  /** The reason where there is none: the end of a sentence about the file, such as `is no trace of ...`. */
  readonly noTrace: string | undefined
}

/** Which formats a file may have. Rejects with a `FormatError` when it has one and is damaged. */
export async function inspect(source: ByteSource, options: ReadOptions = {}): Promise<Inspection> {
  const { found, noTrace } = await readAll(source, options)
  const candidates = found.map(({ importer: { format, label }, likeness, read: { questions, preview } }) => ({
    format,
    label,
    certain: likeness === 'certain' && found.length === 1,
    questions,
    preview
  }))
  return { candidates, noTrace }
}

export interface OpenOptions extends ReadOptions {
  /** Of `importers`; by default what the file is. */
  readonly format?: string | undefined
  readonly answers?: Answers | undefined
}

/**
 * Opens a file. Rejects with a `FormatError` when it is damaged or of no known format, with an `AnswerError` when
 * something must be asked or answered otherwise, and with a `FormatChoiceError` when it may be of several formats.
 */
export async function openRouting(source: ByteSource, options: OpenOptions = {}): Promise<Routing> {
  const { format, answers = {} } = options
  const { found, noTrace } =
    format === undefined ? await readAll(source, options) : { found: [await readAs(source, format, options)] }
  const [only, ...others] = found
  if (!only) throw new FormatError(`${source.name} ${noTrace}`)
  if (others.length > 0) {
    throw new FormatChoiceError(
      source.name,
      found.map(({ importer }) => importer)
    )
  }
  const { importer, read } = only
  const asked = new Set<string>(read.questions.map(({ id }) => id))
  const unknown = Object.keys(answers).find((id) => !asked.has(id) && answers[id as keyof Answers] !== undefined)
  if (unknown !== undefined) {
    throw new AnswerError(
      `${unknown} is nothing to answer for ${importer.label}: ${[...asked].join(', ') || 'nothing'} is`,
      read
    )
  }
  return inFile(source, () => read.open(answers))
}

/** A file may be of several formats. */
export class FormatChoiceError extends Error {
  override readonly name = 'FormatChoiceError'
  readonly formats: readonly Pick<Importer, 'format' | 'label'>[]

  constructor(file: string, formats: readonly Pick<Importer, 'format' | 'label'>[]) {
    super(`${file} may be ${formats.map(({ format, label }) => `${format} (${label})`).join(' or ')}: say which`)
    this.formats = formats
  }
}

interface Found {
  readonly importer: Importer
  readonly likeness: Likeness
  readonly read: Readable
}

async function readAs(source: ByteSource, format: string, options: ReadOptions): Promise<Found> {
  const importer = importers.find((each) => each.format === format)
  if (!importer)
    throw new RangeError(`no format '${format}': known are ${importers.map((each) => each.format).join(', ')}`)
  const file = await sniff(source)
  return { importer, likeness: importer.detect(file), read: await inFile(source, () => importer.read(file, options)) }
}

interface AllFound {
  readonly found: readonly Found[]
  /** As of `Inspection`. */
  readonly noTrace?: string | undefined
}

async function readAll(source: ByteSource, options: ReadOptions): Promise<AllFound> {
  const file = await sniff(source)
  const certain = importers.filter((importer) => importer.detect(file) === 'certain')
  // A file that is certainly of a format is read as that: its faults are errors, not reasons to try something else.
  if (certain.length > 0) {
    const found: Found[] = []
    for (const importer of certain) {
      found.push({ importer, likeness: 'certain', read: await inFile(source, () => importer.read(file, options)) })
    }
    return { found }
  }
  return readPossible(file, options)
}

async function readPossible(file: Sniffed, options: ReadOptions): Promise<AllFound> {
  const found: Found[] = []
  const reasons: string[] = []
  for (const importer of importers.filter((each) => each.detect(file) === 'possible')) {
    try {
      found.push({ importer, likeness: 'possible', read: await importer.read(file, options) })
    } catch (error) {
      if (!(error instanceof FormatError)) throw error
      reasons.push(`${importer.label}: ${error.message}`)
    }
  }
  if (found.length > 0) return { found }
  const other = otherFile(file)
  if (other !== undefined) return { found, noTrace: other }
  const unknown = reasons.length === 0 ? unknownText(file) : undefined
  if (unknown !== undefined) return { found, noTrace: unknown }
  const why = reasons.length > 0 ? `; ${reasons.join('; ')}` : `, which come as ${knownContainers}`
  return { found, noTrace: `is no trace of a format that Moescope knows${why}` }
}

/** Lets errors begin with the file's name. */
async function inFile<T>(source: ByteSource, read: () => Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (error) {
    if (!(error instanceof FormatError) || error.message.startsWith(source.name)) throw error
    throw new FormatError(`${source.name}: ${error.message}`, { cause: error })
  }
}
