/** A model read layer by layer gives what it gives as a whole. */
import * as onnxRuntime from 'onnxruntime-node'
import { expect, test } from 'vitest'
import { type Architecture, moeLayers } from '../arch/architecture'
import { readConfig } from '../arch/runnable'
import { byteSource } from '../formats/byte-source'
import { readWeights } from '../model/checkpoint'
import { groupedExperts } from '../model/experts/grouped'
import { prefill } from '../model/inference'
import { largestDifference } from '../model/models.fixture'
import { formulaCheckpoint } from '../model/transformers.fixture'
import references from '../model/transformers.json'
import { constantWeights } from '../model/weights'
import { floats, int32, int64 } from '../runtime/backend'
import { createOnnxRuntimeBackend } from '../runtime/onnx-runtime'
import { openTensorStore } from '../tensors/store'
import { filedWeights } from './filed-weights'
import { streamedPass } from './pass'

const backend = createOnnxRuntimeBackend(onnxRuntime, { name: 'native', threads: 1 })
const tokens = [3, 1, 4, 1, 5, 9, 2, 6]
/** Another sequence of the same pass. */
const others = [4, 1, 5]
const rows = tokens.length + others.length

test.each(references)('$name', async ({ config, nats }) => {
  const architecture = readConfig(config)
  const store = await openTensorStore([byteSource('model.safetensors', formulaCheckpoint(architecture))])
  const whole = await readWhole(architecture, await readWeights(architecture, store))

  const sequences = [tokens, others].map((each) => Int32Array.from(each))
  const pass = streamedPass(backend, architecture, filedWeights(architecture, store), { sequences })
  const hidden = await pass.embed()
  const streamed: Float32Array[] = []
  for (const layer of architecture.layers.keys()) {
    const decisions = await pass.layer(layer, hidden, () => undefined)
    expect(decisions !== undefined).toBe(moeLayers(architecture).includes(layer))
    if (decisions) streamed.push(...routingRows(decisions))
  }
  const targets = Int32Array.of(...tokens.slice(1), -1, ...others.slice(1), -1)
  const predicted = await pass.head(hidden, targets, true)
  await pass.release()

  const own = streamed.filter((_, row) => row % rows < tokens.length)
  expect(
    largestDifference(
      own.flatMap((row) => [...row]),
      whole.routing
    )
  ).toBeLessThan(1e-4)
  expect(largestDifference(predicted.logits?.subarray(0, whole.logits.length), whole.logits)).toBeLessThan(1e-4)
  expect(largestDifference(predicted.nats.subarray(0, tokens.length - 1), nats)).toBeLessThan(1e-4)
  expect(predicted.nats.at(-1)).toBeNaN()
})

async function readWhole(architecture: Architecture, parameters: Float32Array) {
  const session = await backend.load(prefill(architecture, constantWeights(architecture, parameters), groupedExperts))
  const positions = int64([...tokens.keys()], [1, tokens.length])
  const read = await session.run({ tokens: int32(Int32Array.from(tokens)), positions })
  await session.release()
  return { logits: floats(read, 'logits'), routing: read.routing ? floats(read, 'routing') : new Float32Array() }
}

/** As the graph that reads a prompt gives them: logits, experts and gates of each token. */
function routingRows({ logits, experts, gates }: { logits: Float32Array; experts: Float32Array; gates: Float32Array }) {
  return Array.from({ length: rows }, (_, row) =>
    Float32Array.from(
      [logits, experts, gates].flatMap((column) => {
        const size = column.length / rows
        return [...column.subarray(row * size, (row + 1) * size)]
      })
    )
  )
}
