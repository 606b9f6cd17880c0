/**
 * Flat Parquet tables, read a column of a row group at a time. The footer is read by hyparquet; nested columns, columns
 * of other types than numbers and text, and row groups of more than 16 million rows are not read.
 * https://parquet.apache.org/docs/file-format/
 */

import { z } from 'zod'
import { messageOf } from '../reason'
import { type ByteSource, exactBytes } from './byte-source'
import { FormatError } from './format-error'
import { type PageFormat, type ParquetValues, readPages, valueTypes } from './parquet-pages'
import { problemsOf } from './problems'
import { endOfThrift } from './thrift'

export interface ParquetTable {
  /** Names of the columns that can be read. */
  readonly columns: ReadonlySet<string>
  /** The writer's own notes, by key. */
  readonly metadata: ReadonlyMap<string, string>
  /** Rows of each row group. */
  readonly groupRows: readonly number[]
  /** The values of a column in a row group. Rejects with a `FormatError` where they are damaged, or one is missing. */
  read(group: number, column: string): Promise<ParquetValues>
}

const magic = new TextEncoder().encode('PAR1')
/** Of the length of the footer, and the magic bytes after it. */
const tailBytes = 8
const mostFooterBytes = 64 * 1024 * 1024
const mostGroupRows = 2 ** 24

/** True where bytes begin as a Parquet file does. */
export function beginsAsParquet(bytes: Uint8Array): boolean {
  return magic.every((byte, i) => bytes[i] === byte)
}

/** Reads the footer of a file. Rejects with a `FormatError` when it is damaged, or more than 64 MiB. */
export async function openParquet(source: ByteSource): Promise<ParquetTable> {
  const { name, size } = source
  const tail = await exactBytes(source, Math.max(0, size - tailBytes), size, `${name}: Parquet footer`)
  if (size < magic.length + tailBytes || !beginsAsParquet(tail.subarray(4))) {
    throw new FormatError(`${name}: Parquet: the file does not end with PAR1: it is truncated`)
  }
  const length = new DataView(tail.buffer, tail.byteOffset).getUint32(0, true)
  if (length > Math.min(mostFooterBytes, size - magic.length - tailBytes)) {
    throw new FormatError(`${name}: Parquet: a footer of ${length} bytes in a file of ${size}: the file is damaged`)
  }
  const footer = await exactBytes(source, size - tailBytes - length, size, `${name}: Parquet footer`)
  // Only who opens such a file needs these.
  const [{ parquetMetadata }, { parquetHeader }, { snappyUncompress }] = await Promise.all([
    import('hyparquet/src/metadata.js'),
    import('hyparquet/src/column.js'),
    import('hyparquet/src/snappy.js')
  ])
  const file = parsedFooter(name, () => {
    endOfThrift(footer, 0)
    return parquetMetadata(footer, { geoparquet: false })
  })
  const schema = topLevel(file.schema)
  const groupRows = file.row_groups.map(({ num_rows }) => num_rows)
  const tooMany = groupRows.findIndex((rows) => rows > mostGroupRows)
  if (tooMany >= 0) {
    throw new FormatError(
      `${name}: Parquet: row group ${tooMany} has ${groupRows[tooMany]} rows, and ${mostGroupRows} are read: write the ` +
        'table with a smaller row_group_size'
    )
  }
  return {
    columns: new Set(schema.flatMap((element) => (isReadable(element) ? [element.name] : []))),
    metadata: new Map(file.key_value_metadata.map(({ key, value }) => [key, value ?? ''])),
    groupRows,
    read: async (group, column) => {
      const element = schema.find((each) => each.name === column)
      const { bytes, ...format } = await chunkOf(source, file, element, column, group)
      return readPages(bytes, { ...format, rows: groupRows[group] ?? 0 }, { parquetHeader, snappyUncompress })
    }
  }
}

const whole = z.bigint().nonnegative().transform(Number)
const elementSchema = z.object({
  name: z.string(),
  type: z.string().optional(),
  repetition_type: z.string().optional(),
  num_children: z.int().nonnegative().optional()
})
const chunkSchema = z.object({
  path_in_schema: z.array(z.string()),
  codec: z.string(),
  total_compressed_size: whole,
  data_page_offset: whole,
  dictionary_page_offset: whole.optional()
})

/** The used fields of a footer, as hyparquet gives it: its types are those of the file, whatever their declarations are. */
const footerSchema = z.object({
  schema: z.array(elementSchema),
  row_groups: z.array(z.object({ num_rows: whole, columns: z.array(z.object({ meta_data: chunkSchema })) })),
  key_value_metadata: z.array(z.object({ key: z.string(), value: z.string().optional() })).default([])
})

type Footer = z.infer<typeof footerSchema>
type SchemaElement = z.infer<typeof elementSchema>

function parsedFooter(name: string, read: () => unknown): Footer {
  const damaged = (reason: string, cause?: unknown) =>
    new FormatError(`${name}: Parquet: the footer cannot be read (${reason}): the file is damaged`, { cause })
  let found: unknown
  try {
    found = read()
  } catch (cause) {
    throw damaged(messageOf(cause), cause)
  }
  const parsed = footerSchema.safeParse(found)
  if (parsed.success) return parsed.data
  throw damaged(problemsOf(parsed.error))
}

/** The columns of the table, nested ones as one each. */
function topLevel([root, ...elements]: readonly SchemaElement[]): SchemaElement[] {
  const found: SchemaElement[] = []
  let at = 0
  for (let left = root?.num_children ?? 0; left > 0 && at < elements.length; left--) {
    const element = elements[at]
    if (element) found.push(element)
    // Children follow their parent, each with children of its own.
    for (let pending = 1; pending > 0 && at < elements.length; at++) {
      pending += (elements[at]?.num_children ?? 0) - 1
    }
  }
  return found
}

function isReadable({ type, repetition_type }: SchemaElement): boolean {
  return type !== undefined && Object.hasOwn(valueTypes, type) && repetition_type !== 'REPEATED'
}

async function chunkOf(
  source: ByteSource,
  { row_groups: groups }: Footer,
  element: SchemaElement | undefined,
  column: string,
  group: number
): Promise<Omit<PageFormat, 'rows'> & { readonly bytes: Uint8Array }> {
  const name = `${source.name}: column '${column}', row group ${group}`
  const chunk = groups[group]?.columns.find(
    ({ meta_data: { path_in_schema: path } }) => path.length === 1 && path[0] === column
  )?.meta_data
  if (!chunk || !element?.type || !isReadable(element)) throw new FormatError(`${name}: it is missing`)
  const { data_page_offset: data, dictionary_page_offset: dictionary, total_compressed_size: size, codec } = chunk
  // Some writers leave out where the dictionary is, and some give 0 for none.
  const begin = dictionary && dictionary < data ? dictionary : data
  const end = begin + size
  if (end > source.size) {
    throw new FormatError(`${name}: bytes ${begin} to ${end} of ${source.size}: the file is truncated or damaged`)
  }
  const bytes = await exactBytes(source, begin, end, name)
  const type = element.type as PageFormat['type']
  return { name, bytes, type, optional: element.repetition_type === 'OPTIONAL', codec }
}
