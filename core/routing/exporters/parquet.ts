/**
 * A long table in Parquet, as pandas, Polars, DuckDB and Arrow read it: the columns of `longTable`, a row group for each
 * stretch, and what belongs to the whole trace as the file's metadata. Encoded and compressed (Snappy) by
 * hyparquet-writer, which is plain JavaScript. https://parquet.apache.org/docs/file-format/
 */
import type { ParquetWriter } from 'hyparquet-writer/src/parquet-writer.js'
import { stretches } from '../stretches'
import type { Trace } from '../trace'
import { type LongColumn, longColumns, longTable } from './long-table'

type Schema = ConstructorParameters<typeof ParquetWriter>[0]['schema']

/** Rows of a row group, each 20 bytes and more before they are packed. */
const bytesOfRow = 20

/** The bytes of the file, in parts. Fails as `trace.rows` does. */
export async function* traceParquet(trace: Trace): AsyncGenerator<Uint8Array> {
  const [{ ByteWriter }, { ParquetWriter }] = await Promise.all([
    import('hyparquet-writer/src/bytewriter.js'),
    import('hyparquet-writer/src/parquet-writer.js')
  ])
  const names = longColumns(trace)
  const schema: Schema = [{ name: 'schema', num_children: names.length }, ...names.map(elementOf)]
  const writer = new ByteWriter()
  const file = new ParquetWriter({ writer, schema, createdBy: 'moescope', kvMetadata: metadataOf(trace) })
  const written = () => {
    const bytes = writer.getBytes().slice()
    writer.index = 0
    return bytes
  }
  const bytesPerToken = bytesOfRow * trace.layers.length * trace.topK
  for await (const stretch of stretches(trace, bytesPerToken, { columns: ['expertWeights'] })) {
    const { rows, columns } = longTable(trace, stretch)
    const columnData = columns.map(({ name, values }) => ({ name, data: values }))
    await file.write({ columnData, rowGroupSize: rows })
    yield written()
  }
  await file.finish()
  yield written()
}

function elementOf(name: LongColumn['name']): Schema[number] {
  const shape = { name, repetition_type: 'REQUIRED' } as const
  if (name === 'weight') return { ...shape, type: 'FLOAT' }
  if (name === 'domain' || name === 'text') return { ...shape, type: 'BYTE_ARRAY', converted_type: 'UTF8' }
  return { ...shape, type: 'INT32' }
}

function metadataOf({ model, source, experts, topK, layers, domains, notes }: Trace): { key: string; value: string }[] {
  const facts = {
    model,
    source,
    experts: String(experts),
    top_k: String(topK),
    layers: JSON.stringify(layers),
    domains: JSON.stringify(domains),
    notes: JSON.stringify(notes)
  }
  return Object.entries(facts).map(([key, value]) => ({ key, value }))
}
