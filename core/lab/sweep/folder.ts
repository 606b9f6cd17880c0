/** The files of a sweep's folder, as the terminal writes them and the app reads them. */
import { z } from 'zod'
import { parseJson } from '../../formats/json'
import { parsedBy } from '../../formats/problems'
import { jsonByParts } from './parts'

/** Its name, and the versions whose results it holds: a sweep is where this file is. */
export const storeName = 'store.json'

/** The list of the runs that are asked for, one a line. */
export const listName = 'sweep.jsonl'

/** The folder of the runs' own folders, which are named by their ids. */
export const runsName = 'runs'

/** The log of the failures of a run, among its files. */
export const logName = 'log.txt'

export const storeSchema = z.object({
  format: z.literal('moescope.sweep-store/1'),
  /** A queue of this name has the runs of this folder. */
  id: z.uuid(),
  /** Of everything that results depend on. */
  versions: z.record(z.string(), z.string())
})

const number = z.number().nullable()

const listedSchema = z.object({
  id: z.string().min(1),
  kind: z.string(),
  /** As the laboratory knows it. */
  spec: z.unknown(),
  /** As the sweep's file has it, with defaults. */
  asked: z.unknown(),
  /** The settings that the sweep varies, by path. */
  varied: z.record(z.string(), z.unknown()),
  /** Threads of the processor. */
  threads: z.int().positive(),
  size: z.object({ total: z.number(), active: z.number(), flops: number })
})

/** A run of a sweep, as its list has it. */
export type ListedRun = Readonly<z.infer<typeof listedSchema>>

/**
 * The runs of a list. Throws a `FormatError` that names the line.
 *
 * @param place of the list, for the error
 */
export function readSweepList(bytes: Uint8Array, place = listName): ListedRun[] {
  const lines = new TextDecoder().decode(bytes).trimEnd().split('\n')
  return lines.map((line, i) => {
    const where = `${place}: line ${i + 1}`
    return parsedBy(listedSchema, parseJson(line, where), `${where}: `)
  })
}

/** Runs as lines of a list, without their ends. */
export function* sweepLines(list: Iterable<ListedRun>): Generator<string> {
  const textOf = { spec: jsonByParts(), asked: jsonByParts() }
  for (const { id, kind, spec, asked, varied, threads, size } of list) {
    const [before, after] = [JSON.stringify({ id, kind }), JSON.stringify({ varied, threads, size })]
    const specs = `"spec":${textOf.spec(Object(spec))},"asked":${textOf.asked(Object(asked))}`
    yield `${before.slice(0, -1)},${specs},${after.slice(1)}`
  }
}
