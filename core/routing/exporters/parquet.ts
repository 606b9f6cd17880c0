/**
 * A long table in Parquet, as pandas, Polars, DuckDB and Arrow read it: the columns of the CSV, a row group for each
 * stretch. Encoded and compressed (Snappy) by hyparquet-writer, which is plain JavaScript.
 * https://parquet.apache.org/docs/file-format/
 */
import { ByteWriter } from 'hyparquet-writer/src/bytewriter.js'
import { ParquetWriter } from 'hyparquet-writer/src/parquet-writer.js'
import { stretches } from '../stretches'
import { noExpert, type RoutingRows, type Trace } from '../trace'

const names = ['token', 'layer', 'rank', 'expert'] as const

type Schema = ConstructorParameters<typeof ParquetWriter>[0]['schema']

/** Rows of a row group, each 20 bytes before they are packed. */
const bytesOfRow = 20

/** The bytes of the file, in parts. The column `weight` is left out where it is not known. Fails as `trace.rows` does. */
export async function* traceParquet(trace: Trace): AsyncGenerator<Uint8Array> {
  const { layers, topK, model, source, experts } = trace
  const weighted = trace.has.has('expertWeights')
  const schema: Schema = [
    { name: 'schema', num_children: names.length + (weighted ? 1 : 0) },
    ...names.map((name) => ({ name, type: 'INT32', repetition_type: 'REQUIRED' }) as const),
    ...(weighted ? [{ name: 'weight', type: 'FLOAT', repetition_type: 'REQUIRED' } as const] : [])
  ]
  const writer = new ByteWriter()
  const facts = { model, source, experts: String(experts), top_k: String(topK), layers: JSON.stringify(layers) }
  const kvMetadata = Object.entries(facts).map(([key, value]) => ({ key, value }))
  const file = new ParquetWriter({ writer, schema, createdBy: 'moescope', kvMetadata })
  const written = () => {
    const bytes = writer.getBytes().slice()
    writer.index = 0
    return bytes
  }
  for await (const rows of stretches(trace, bytesOfRow * layers.length * topK, { columns: ['expertWeights'] })) {
    const columnData = columnsOf(trace, rows)
    const [{ data }] = columnData
    if (data.length === 0) continue
    await file.write({ columnData, rowGroupSize: data.length })
    yield written()
  }
  await file.finish()
  yield written()
}

interface Column {
  readonly name: string
  readonly data: Int32Array | Float32Array
}

function columnsOf({ layers, topK }: Trace, { from, expertIds, expertWeights }: RoutingRows): [Column, ...Column[]] {
  const count = expertIds.reduce((sum, id) => sum + (id === noExpert ? 0 : 1), 0)
  const token = new Int32Array(count)
  const layer = new Int32Array(count)
  const rank = new Int32Array(count)
  const expert = new Int32Array(count)
  const weight = expertWeights && new Float32Array(count)
  let row = 0
  for (let i = 0; i < expertIds.length; i++) {
    const id = expertIds[i] ?? noExpert
    if (id === noExpert) continue
    const place = Math.floor(i / topK)
    token[row] = from + Math.floor(place / layers.length)
    layer[row] = layers[place % layers.length] ?? 0
    rank[row] = i % topK
    expert[row] = id
    if (weight) weight[row] = expertWeights[i] ?? 0
    row++
  }
  const columns: [Column, ...Column[]] = [
    { name: 'token', data: token },
    { name: 'layer', data: layer },
    { name: 'rank', data: rank },
    { name: 'expert', data: expert }
  ]
  if (weight) columns.push({ name: 'weight', data: weight })
  return columns
}
