import { pickledFiles } from '@core/formats/pickled.fixture'
import { storedTensor, writeSafetensors } from '@core/formats/safetensors'
import { memoryTrace } from '@core/routing/trace'
import { traceFile } from '@core/routing/trace-file'
import { expect, test } from 'vitest'
import { createApp } from '../app/create-app'
import { longestConfig, openedId } from '../architectures/choices'
import { createRoutingApi } from '../engine/routing-api'
import { openedFile } from '../host/host'
import { createMemoryHost } from '../host/memory'
import type { InspectionChoices } from '../routing/choices'
import { openRoutingAs } from '../routing/routing-file'
import { defaultChoices } from '../state/choices'
import { saveState } from '../state/state-file'
import { chooseAndOpen, openGivenFile } from './open-file'

const file = (name: string, content: string | Uint8Array<ArrayBuffer>) => openedFile(new File([content], name))

test('a saved state chooses again what was chosen, whatever its name', async () => {
  const host = createMemoryHost()
  const app = createApp(host)
  app.choose({ view: 'compare', prompt: 'rev abdc>', seed: 5 })
  const { choices } = app.store.getState()
  await saveState(app)
  const [[name, content] = ['', '']] = [...host.saved]
  expect(name).toBe('dense-64-and-moe-64.moescope')
  app.choose({ prompt: 'n6x:', seed: 6 })
  host.chosen = file('other.txt', String(content))
  await chooseAndOpen(app)
  expect(app.store.getState().choices).toEqual(choices)
  expect(app.store.getState().recent.map((each) => each.name)).toEqual(['other.txt'])
  void app.undo()
  expect(app.store.getState().choices.prompt).toBe('n6x:')
})

test('a saved state and undo restore what was chosen on every page of the routing view', async () => {
  const host = createMemoryHost()
  const app = createApp(host)
  const inspection = () => app.store.getState().choices.inspection
  const changes: readonly Partial<InspectionChoices>[] = [
    { beside: { name: 'moe-64-shared', place: 1 } },
    { pairs: 'adjacent' },
    { gpus: 16, copies: 1 },
    { copies: 4 },
    { domainShare: 'assignments' },
    { evenness: 'cv' },
    { confidence: 'entropy' }
  ]
  const past = changes.map((change) => {
    const before = inspection()
    app.choose({ inspection: { ...before, ...change } })
    return before
  })
  const chosen = inspection()
  expect(chosen).toMatchObject(Object.assign({}, ...changes))
  await saveState(app)
  for (const before of past.toReversed()) {
    void app.undo()
    expect(inspection()).toEqual(before)
  }
  host.chosen = file('later.moescope', String([...host.saved.values()][0]))
  await chooseAndOpen(app)
  expect(inspection()).toEqual(chosen)
})

test('a trace is shown as such', async () => {
  const app = createApp(createMemoryHost(), {}, createRoutingApi)
  const trace = memoryTrace({
    model: 'm',
    source: '',
    layers: [0],
    experts: 4,
    topK: 1,
    tokenIds: Int32Array.of(0, 1, 2),
    tokens: ['a', 'b', 'c'],
    expertIds: Uint16Array.of(3, 3, 1),
    expertWeights: undefined,
    routerLogits: undefined,
    domains: [],
    domainIds: undefined,
    logits: undefined,
    sequenceStarts: Uint32Array.of(0),
    notes: []
  })
  const parts: Uint8Array[] = []
  for await (const part of traceFile(trace)) parts.push(part)
  await openGivenFile(app, openedFile(new File(parts as BlobPart[], 't.safetensors')))
  expect(app.store.getState().choices.view).toBe('trace')
  expect(app.store.getState().traces).toMatchObject([{ name: 't.safetensors', facts: { tokenCount: 3, experts: 4 } }])
})

test('a config.json is an architecture, and is kept with what is chosen', async () => {
  const app = createApp(createMemoryHost())
  const config = { model_type: 'mixtral', hidden_size: 64 }
  await openGivenFile(app, file('config.json', JSON.stringify(config)))
  const { view, architectures } = app.store.getState().choices
  expect([view, architectures.screen, architectures.model]).toEqual(['architectures', 'one', openedId])
  expect(architectures.opened).toEqual({ name: 'config.json', config, bestEffort: false })
  await openGivenFile(app, file('long.json', JSON.stringify({ ...config, more: 'x'.repeat(longestConfig) })))
  expect(app.store.getState().notice).toContain('long.json cannot be opened: expected a config.json of at most')
  expect(app.store.getState().choices.architectures.opened?.name).toBe('config.json')
})

test.each([
  ['config.json', '{"model_type": "llama",', 'expected JSON, found another text'],
  [
    'tokenizer_config.json',
    '{"bos_token":"<s>","eos_token":"</s>"}',
    'this is a file of a tokenizer; open the config.json that lies beside it'
  ],
  ['config.json', '[1]', 'found no object'],
  ['config.json', '{"model_type":7}', 'found the keys model_type']
])('%s with %s is refused, and what was open stays open', async (name, content, reason) => {
  const app = createApp(createMemoryHost(), {}, createRoutingApi)
  await openGivenFile(app, file('good.json', '{"model_type":"llama"}'))
  const { choices } = app.store.getState()
  await openGivenFile(app, file(name, content))
  expect(app.store.getState().notice).toContain(`${name} cannot be opened: `)
  expect(app.store.getState().notice).toContain(reason)
  expect(app.store.getState().choices).toEqual(choices)
})

test('the axes of an array are asked where its shape does not tell them, and the answer opens it', async () => {
  const app = createApp(createMemoryHost(), {}, createRoutingApi)
  const ids = Int32Array.from({ length: 24 * 20 * 2 }, (_, i) => i % 8)
  const array = writeSafetensors([['a', storedTensor(ids, [24, 20, 2])]])
  const opened = openedFile(new File([array as BlobPart], 'ids.safetensors'))
  await openGivenFile(app, opened)
  const { asked } = app.store.getState()
  expect(asked?.candidates[0]?.questions[0]).toMatchObject({
    id: 'axes',
    choices: ['tokens-layers-experts', 'layers-tokens-experts']
  })
  const answers = { axes: 'layers-tokens-experts' }
  await openRoutingAs(app, opened, { format: 'vllm-arrays', answers })
  expect(app.store.getState().traces).toMatchObject([{ facts: { tokenCount: 20, experts: 8 } }])
  expect(app.store.getState().asked).toBeUndefined()
})

test('a file of torch is a trace, and one without routing is named for what it is', async () => {
  const app = createApp(createMemoryHost(), {}, createRoutingApi)
  const rollout = Uint8Array.from(atob(pickledFiles.rollout.replaceAll('\n', '')), (each) => each.charCodeAt(0))
  await openGivenFile(app, file('rollout_0.pt', rollout))
  expect(app.store.getState().traces).toMatchObject([{ name: 'rollout_0.pt', facts: { tokenCount: 6 } }])
  await openGivenFile(app, file('tokenizer.json', '{"added_tokens":[],"model":{"type":"BPE"}}'))
  expect(app.store.getState().notice).toContain('this is a tokenizer.json; open the config.json that lies beside it')
})

test.each([
  ['', 'it is empty'],
  ['hello', 'expected a Moescope state or run, a routing trace, or a config.json'],
  ['{}', 'expected a Moescope state or run, a routing trace, or a config.json'],
  ['{"format":"moescope.run/1"}', 'this is no run record'],
  ['{"format":"moescope.state/2","choices":{"tokens":-4}}', 'tokens'],
  [Uint8Array.of(255, 254, 0, 1), ''],
  [Uint8Array.of(9, 0, 0, 0, 0, 0, 0, 0, 123, 34, 97, 34, 58, 49, 125, 32, 32, 32), '']
])('%j is refused by name, and nothing changes', async (content, reason) => {
  const app = createApp(createMemoryHost(), {}, createRoutingApi)
  await openGivenFile(app, file('f.moescope', content))
  expect(app.store.getState().notice).toMatch(/^f\.moescope cannot be opened: /)
  expect(app.store.getState().notice).toContain(reason)
  expect(app.store.getState().choices).toEqual(defaultChoices)
})
