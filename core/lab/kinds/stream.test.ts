import { expect, test } from 'vitest'
import { byteSource } from '../../formats/byte-source'
import { clearWeights } from '../../model/models.fixture'
import { traceColumns } from '../../routing/trace'
import { openTraceFile } from '../../routing/trace-file'
import { copyOf, createSmallLab, modelOf, type SmallLab, smallMoe } from './lab.fixture'
import { readStreamResult, streamResultName } from './stream'

const small = await modelOf('small', smallMoe, clearWeights(smallMoe))
const text = { kind: 'text', text: 'gemo=bebu guse=zobu\nn6x:md s1d:vi l3l:ge\n'.repeat(2), source: 'here' }
const spec = { model: small.model, text, logits: 'all' }

async function traceIn({ store }: SmallLab, id = 'run') {
  const bytes = (await store.files(id).read('trace.safetensors')) ?? new Uint8Array()
  return traceColumns(await openTraceFile(byteSource('trace', bytes)))
}

test('what a recording leaves; cancelled after a layer, and killed, it goes on to the same', async () => {
  const [lab, whole] = [createSmallLab([small]), createSmallLab([small])]
  await whole.compute('record', spec)
  await lab.compute('stream', spec)
  const [streamed, recorded] = [await traceIn(lab), await traceIn(whole)]
  expect(streamed).toMatchObject({ model: 'small', layers: [0, 1], topK: 2, tokens: recorded.tokens })
  expect(streamed.expertIds).toEqual(recorded.expertIds)
  const differences = Array.from(streamed.logits ?? [], (each, i) => Math.abs(each - (recorded.logits?.[i] ?? 0)))
  expect(differences).toHaveLength(recorded.logits?.length ?? 0)
  expect(Math.max(...differences)).toBeLessThan(1e-4)
  expect(await lab.store.files('run').names()).toEqual(['result.json', 'trace.safetensors'])

  const broken = createSmallLab([small])
  // A layer tells when it begins and after each of its 4 experts: the sixth time is in the second layer.
  let told = 0
  await expect(
    broken.compute('stream', spec, undefined, (execution) => {
      told++
      if (told === 6) execution.cancel()
    })
  ).rejects.toThrow(/cancelled/)
  const resumed = createSmallLab([small], await copyOf(broken.store))
  await resumed.compute('stream', spec)
  expect(await traceIn(resumed)).toEqual(streamed)
  const result = (await resumed.store.files('run').read(streamResultName)) ?? new Uint8Array()
  expect(readStreamResult(result).resumed_layers).toBeGreaterThan(0)

  // Nothing goes on from the progress of another run.
  const other = createSmallLab([small], await copyOf(broken.store))
  await other.compute('stream', { ...spec, logits: 'routers' })
  const begun = (await other.store.files('run').read(streamResultName)) ?? new Uint8Array()
  expect(readStreamResult(begun).resumed_layers).toBe(0)
  expect((await traceIn(other)).expertIds).toEqual(streamed.expertIds)
})
