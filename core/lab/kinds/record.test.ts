import { expect, test } from 'vitest'
import { denseArchitecture } from '../../arch/presets'
import { createWorld, domainIds, generateCorpus, tokenizer } from '../../corpus'
import { byteSource } from '../../formats/byte-source'
import { clearWeights } from '../../model/models.fixture'
import { traceColumns } from '../../routing/trace'
import { openTraceFile } from '../../routing/trace-file'
import { copyOf, createSmallLab, modelOf, type SmallLab, smallMoe } from './lab.fixture'

const small = await modelOf('small', smallMoe, clearWeights(smallMoe))

async function recorded(text: unknown, logits = 'none') {
  const lab = createSmallLab([small])
  await lab.compute('record', { model: small.model, text, logits })
  return traceIn(lab)
}

async function traceIn(lab: SmallLab) {
  const bytes = (await lab.store.files('run').read('trace.safetensors')) ?? new Uint8Array()
  return traceColumns(await openTraceFile(byteSource('trace', bytes)))
}

test('generated text is that of the validation split, with its documents and domains', async () => {
  const trace = await recorded({ kind: 'generated', characters: 500, seed: 3 }, 'routers')
  const corpus = generateCorpus({ world: createWorld(), seed: 3, split: 'validation', characters: 500 })
  expect(trace.tokenIds).toEqual(Int32Array.from(corpus.tokens))
  expect(trace.tokens?.join('')).toBe(tokenizer.decode(corpus.tokens))
  expect(trace).toMatchObject({
    model: 'small',
    source: 'generated text, seed 3',
    domains: domainIds,
    topK: 2,
    experts: 4
  })
  expect(trace.domainIds).toEqual(corpus.domains)
  expect([...trace.sequenceStarts]).toEqual([...corpus.documentStarts])
  expect(trace.routerLogits).toHaveLength(corpus.tokens.length * 2 * 4)
  // The chosen experts are those of the largest logits.
  const logits = [...(trace.routerLogits?.subarray(0, 4) ?? [])]
  expect(trace.expertIds[0]).toBe(logits.indexOf(Math.max(...logits)))
})

test('tokens are one sequence from the first; a text is read after what opens it', async () => {
  const text = 'gemo=bebu guse=zobu\n'
  const fromText = await recorded({ kind: 'text', text, source: 'here' }, 'all')
  expect(fromText.tokens?.join('')).toBe(text)
  expect(fromText.logits).toHaveLength(text.length * tokenizer.size)
  const ids = [...tokenizer.opening, ...tokenizer.encode(text)]
  const fromIds = await recorded({ kind: 'ids', ids, source: 'here' }, 'all')
  expect(fromIds.tokenIds).toEqual(Int32Array.from(ids))
  // The newline that opens a text is a token of the sequence.
  const rows = (columns: typeof fromIds) => columns.layers.length * columns.topK
  expect(fromIds.expertIds.slice(rows(fromIds))).toEqual(fromText.expertIds)
  expect(fromIds.logits?.slice(tokenizer.size)).toEqual(fromText.logits)
})

test('a recording that is cancelled goes on from the windows that it had read, to the same trace', async () => {
  const text = { kind: 'generated', characters: 500, seed: 3 }
  const spec = { model: small.model, text, logits: 'all' }
  const whole = createSmallLab([small])
  let windows = 0
  await whole.compute('record', spec, undefined, () => windows++)
  const broken = createSmallLab([small])
  let read = 0
  const cancelled = broken.compute('record', spec, undefined, (execution) => {
    read++
    if (read === 3) execution.cancel()
  })
  await expect(cancelled).rejects.toThrow(/cancelled/)
  expect(await broken.store.files('run').names()).toEqual(['part-0.safetensors'])

  // Twice, so that more than one stretch was kept.
  const again = createSmallLab([small], await copyOf(broken.store))
  await expect(again.compute('record', spec, undefined, (execution) => execution.cancel())).rejects.toThrow(/cancelled/)
  expect(await again.store.files('run').names()).toHaveLength(2)
  const resumed = createSmallLab([small], await copyOf(again.store))
  let left = 0
  await resumed.compute('record', spec, undefined, () => left++)
  expect(await traceIn(resumed)).toEqual(await traceIn(whole))
  expect(left).toBe(windows - 4)
  expect(await resumed.store.files('run').names()).toEqual(['trace.safetensors'])

  // Nothing goes on from the progress of another run.
  const other = createSmallLab([small], await copyOf(broken.store))
  let begun = 0
  await other.compute('record', { ...spec, logits: 'none' }, undefined, () => begun++)
  expect(begun).toBe(windows)
})

test.each([
  ['no text', { kind: 'text', text: '', source: 'notes.txt' }, 'notes.txt is empty: there is nothing to record'],
  [
    'unknown characters',
    { kind: 'text', text: 'a!Ä', source: 'notes.txt' },
    /notes\.txt has characters that model 'small' does not know: .*"Ä"/
  ],
  [
    'unknown tokens',
    { kind: 'ids', ids: [1, 55], source: 'ids.json' },
    "ids.json: model 'small' has 55 tokens, from 0 on, and no token 55"
  ]
])('%s is told', async (_, text, message) => {
  await expect(recorded(text)).rejects.toThrow(message)
})

test('of a dense model the logits are recorded, and no experts; one of other weights is refused', async () => {
  const shape = denseArchitecture({ width: 16, vocabularySize: tokenizer.size })
  const dense = await modelOf('dense', shape, clearWeights(shape))
  const lab = createSmallLab([dense])
  const text = { kind: 'text', text: 'ab', source: '' }
  await lab.compute('record', { model: dense.model, text, logits: 'all' })
  const bytes = (await lab.store.files('run').read('trace.safetensors')) ?? new Uint8Array()
  const trace = await traceColumns(await openTraceFile(byteSource('trace', bytes)))
  expect(trace).toMatchObject({ layers: [], experts: 0, topK: 0, tokens: ['a', 'b'] })
  expect(trace.expertIds).toHaveLength(0)
  expect(trace.logits).toHaveLength(2 * tokenizer.size)
  const other = { id: 'dense', weights: small.model.weights }
  await expect(createSmallLab([dense]).compute('record', { model: other, text, logits: 'none' })).rejects.toThrow(
    "model 'dense' has other weights"
  )
})
