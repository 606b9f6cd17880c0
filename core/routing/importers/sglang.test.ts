import { expect, test } from 'vitest'
import { createRandom } from '../../random'
import { noExpert } from '../trace'
import { fixtureIds, grid, idAt, layers, numpyFile, openedTrace, sourceOf, tokens, torchFile } from './files.fixture'
import { inspect, openRouting } from './open'

const base64 = (values: readonly number[]) => Buffer.from(Int32Array.from(values).buffer).toString('base64')
const usage = { prompt_tokens: 4, completion_tokens: 3 }
const response = (more: object = {}, values: readonly number[] = fixtureIds) =>
  JSON.stringify({ model: 'qwen', choices: [{ index: 0, sgl_ext: { routed_experts: base64(values) } }], ...more })

/** As a router chooses: the ids of a row differ, those of rows are independent. */
const random = createRandom(1, 'sglang.test')
const routed = grid(40, 5, 1, () => 0).flatMap(() => {
  const first = random.integer(16)
  return [first, (first + 1 + random.integer(15)) % 16]
})

test('layers and top-k are asked, and proposed where the response tells its tokens', async () => {
  const { candidates } = await inspect(
    sourceOf(response({ usage: { prompt_tokens: 31, completion_tokens: 10 } }, routed))
  )
  expect(candidates).toMatchObject([
    {
      format: 'sglang-responses',
      questions: [
        { id: 'layers', proposal: 5, needed: true },
        { id: 'top-k', proposal: 2, needed: true },
        { id: 'experts', proposal: 16, needed: false }
      ]
    }
  ])
  expect(candidates[0]?.preview).toContain(routed.slice(0, 24).join(' '))
  await expect(openRouting(sourceOf(response({ usage })))).rejects.toThrow(/layers .*does not say/)
})

test('without the number of tokens, the layers that divide are told', async () => {
  const { candidates } = await inspect(sourceOf(response({}, routed)))
  expect(candidates[0]?.questions[0]).toMatchObject({ id: 'layers', proposal: undefined })
  expect(candidates[0]?.preview).toContain(
    'top-k may be 1, 2; layers may be 1, 2, 4, 5, 8, 10, 20, 25, 40, 50, 100 with top-k 2'
  )
})

test('the answers make a trace, of the API and of /generate', async () => {
  const trace = await openedTrace(response({ usage }), { answers: { layers: 3, 'top-k': 2 } })
  expect(trace).toMatchObject({ model: 'qwen', layers: [0, 1, 2], experts: 8, topK: 2 })
  expect([...trace.expertIds]).toEqual(fixtureIds)
  const generated = { text: 'a', meta_info: { ...usage, routed_experts: base64(fixtureIds) } }
  const both = await openedTrace(JSON.stringify([generated, generated]), { answers: { layers: 3, 'top-k': 2 } })
  expect([...both.expertIds]).toEqual([...fixtureIds, ...fixtureIds])
  expect([...both.sequenceStarts]).toEqual([0, 6])
})

test('newer responses: the extension beside the choices, with the ids of the tokens', async () => {
  const ids = { prompt_token_ids: [10, 11, 12, 13], token_ids: [14, 15, 16] }
  const routing = { routed_experts: base64(fixtureIds) }
  const answers = { layers: 3, 'top-k': 2 }
  const openai = JSON.stringify({ model: 'qwen', usage, choices: [{ index: 0, ...ids }], sglext: routing })
  const trace = await openedTrace(openai, { answers })
  expect([...trace.expertIds]).toEqual(fixtureIds)
  // The last token was never routed.
  expect([...(trace.tokenIds ?? [])]).toEqual([10, 11, 12, 13, 14, 15])
  expect(trace.notes.join(' ')).not.toMatch(/which tokens/)
  const dynamo = await openedTrace(JSON.stringify({ choices: [{ index: 0 }], nvext: routing }), { answers })
  expect([...dynamo.expertIds]).toEqual(fixtureIds)
  expect(dynamo.tokenIds).toBeUndefined()
})

test('rows from a later token on are told apart', async () => {
  const meta = { prompt_tokens: 31, completion_tokens: 15, routed_experts_start_len: 5 }
  const ids = { prompt_token_ids: Array.from({ length: 31 }, (_, i) => i), output_ids: new Array<number>(15).fill(99) }
  const file = JSON.stringify({ ...ids, meta_info: { ...meta, routed_experts: base64(routed) } })
  const { candidates } = await inspect(sourceOf(file))
  expect(candidates[0]?.questions[0]).toMatchObject({ id: 'layers', proposal: 5 })
  const { tokenIds = [] } = await openedTrace(file, { answers: { layers: 5, 'top-k': 2 } })
  expect([...tokenIds].slice(0, 2)).toEqual([5, 6])
  expect(tokenIds).toHaveLength(40)
})

test('-1 is no expert, and a layer of nothing else is left out', async () => {
  const values = grid(tokens, layers, 2, (t, l, r) => (l === 1 ? -1 : idAt(t, l, r)))
  const trace = await openedTrace(response({}, values), { answers: { layers: 3, 'top-k': 2, experts: 16 } })
  expect(trace).toMatchObject({ layers: [0, 2], experts: 16 })
  expect([...trace.expertIds]).toEqual(grid(tokens, 2, 2, (t, l, r) => idAt(t, l * 2, r)))
  const dropped = await openedTrace(response({}, [3, -1, 2, 1]), { answers: { layers: 1, 'top-k': 2 } })
  expect([...dropped.expertIds]).toEqual([3, noExpert, 2, 1])
})

test.each([
  [
    'sizes that do not divide',
    response(),
    { layers: 5, 'top-k': 2 },
    /layers 5 and top-k 2: the arrays have 36 values/
  ],
  [
    'bytes that are no integers',
    JSON.stringify({ choices: [{ sgl_ext: { routed_experts: 'AAAA' } }] }),
    {},
    /choices\[0\]\.sgl_ext\.routed_experts: expected 32-bit integers, found 3 bytes/
  ],
  [
    'text that is no base64',
    JSON.stringify({ choices: [{ sgl_ext: { routed_experts: 'A A=' } }] }),
    {},
    /choices\[0\]\.sgl_ext\.routed_experts: character 1/
  ],
  [
    'numbers for text',
    JSON.stringify({ choices: [{ sgl_ext: { routed_experts: [1] } }] }),
    {},
    /choices\.0\.sgl_ext\.routed_experts/
  ],
  ['an id out of range', response({}, [1, 70_000]), { layers: 1, 'top-k': 2 }, /70000 at token 0, layer 0, rank 1/],
  ['a cut response', response().slice(0, -5), {}, /is not JSON.*truncated/],
  ['a response without routing', JSON.stringify({ choices: [], meta_info: {} }), {}, /return_routed_experts/]
])('%s: refused in words', async (_, file, answers, message) => {
  await expect(openedTrace(file, { answers })).rejects.toThrow(message)
})

test('records of each token: padded rows, a dense layer, prompts and decoding', async () => {
  const trace = await openedTrace(torchFile('perToken'))
  expect(trace).toMatchObject({ layers: [1, 2, 3], experts: 8, topK: 2 })
  expect([...trace.expertIds]).toEqual(fixtureIds)
  expect([...(trace.tokenIds ?? [])]).toEqual([100, 101, 102, 103, 104, 105])
  // Two prompts of two tokens, then a token of each.
  expect([...trace.sequenceStarts]).toEqual([0, 2, 4, 5])
  expect(trace.notes.join(' ')).toMatch(/Layers 0 have no expert.*room for 8 experts/)
})

test('rows of layers-first records are read in any stretch', async () => {
  const trace = await openRouting(sourceOf(torchFile('perToken')))
  if (trace.kind !== 'trace') throw new Error('expected a trace')
  expect([...(await trace.rows(3, 5)).expertIds]).toEqual(fixtureIds.slice(18, 30))
})

test('places of experts that were moved are turned into experts', async () => {
  const trace = await openedTrace(torchFile('perTokenMoved'))
  const expertOf = [0, 1, 2, 3, 4, 5, 1, 3]
  expect(trace.experts).toBe(6)
  expect([...trace.expertIds]).toEqual(fixtureIds.slice(0, 24).map((place) => expertOf[place]))
  expect(trace.notes.join(' ')).toMatch(/last map of the recording/)
})

test('counts keep their steps, and lose the dense layer', async () => {
  const counts = await openRouting(sourceOf(torchFile('stat')))
  const expected = [0, 1].flatMap((s) => [1, 2].flatMap((l) => [0, 1, 2, 3].map((e) => s * 5 + l * 3 + e)))
  expect(counts).toMatchObject({ kind: 'counts', layers: [1, 2], experts: 4, topK: undefined, steps: 2 })
  expect(counts).toHaveProperty('counts', Float64Array.from(expected))
  expect(counts.notes.join(' ')).toMatch(/counts without tokens.*Layers 0 have no count/)
  const once = await openRouting(sourceOf(torchFile('statWithoutSteps')))
  expect(once).toMatchObject({ steps: 1, counts: Float64Array.from(expected.slice(8)) })
})

test('counts of passes are those of experts, of all their places together', async () => {
  const passes = await openRouting(sourceOf(torchFile('perPass')))
  const places = [0, 1, 2, 3, 4, 5, 1, 3]
  const expected = [0, 1].flatMap((pass) =>
    [1, 2].flatMap((layer) =>
      Array.from({ length: 6 }, (_, expert) =>
        places.reduce((sum, each, place) => sum + (each === expert ? 7 * pass + 3 * layer + place : 0), 0)
      )
    )
  )
  expect(passes).toMatchObject({ kind: 'counts', layers: [1, 2], experts: 6, topK: undefined, steps: 2 })
  expect(passes).toHaveProperty('counts', Float64Array.from(expected))
  expect(passes.notes.join(' ')).toMatch(
    /counts without tokens.*one rank.*placed several times.*Layers 0 have no count/
  )
})

/** The fixture with one text in its pickle, or a number in it, replaced by another of the same length. */
function changed(name: 'perToken' | 'perPass' | 'stat', from: string, to: string): Uint8Array {
  const bytes = Buffer.from(torchFile(name))
  const at = bytes.indexOf(from, 'latin1')
  if (at < 0 || from.length !== to.length) throw new Error('not there')
  bytes.write(to, at, 'latin1')
  return new Uint8Array(bytes)
}

test.each([
  ['a call of the system', torchFile('callsSystem'), /'posix\.system'.*refused/],
  ['a nested call', torchFile('callsEval'), /eval'.*refused/],
  ['a call by protocol 4', torchFile('callsEvalProtocol4'), /'builtins\.eval'.*refused/],
  ['the old format', torchFile('legacy'), /before PyTorch 1\.6.*save it again/],
  ['a truncated file', torchFile('perToken').slice(0, -20), /truncated/],
  ['an archive of something else', numpyFile('logitsByLayer').slice(0, -1), /no ZIP archive, or a truncated one/],
  ['another dtype', changed('perToken', 'IntStorage', 'BooStorage'), /torch\.BooStorage.*refused/],
  [
    'truth values for counts',
    changed('stat', 'LongStorage', 'BoolStorage'),
    /'logical_count': expected dtype an integer type, found BOOL/
  ],
  [
    'floats for experts',
    changed('perToken', 'LongStorage', 'HalfStorage'),
    /'last_physical_to_logical_map': expected dtype an integer/
  ],
  [
    'an expert that the map does not have',
    changed('perToken', '\x05\0\0\0\x07\0\0\0\xff', '\x05\0\0\0\x63\0\0\0\xff'),
    /'records\[0\]\.topk_ids_of_layer': 99 at token 0, layer 2, rank 1: expected an expert from 0 to 7/
  ],
  [
    'a record without experts',
    changed('perToken', 'topk_ids_of_layer', 'topk_ids_of_lamer'),
    /records\[0\]: 'topk_ids_of_layer' is missing/
  ],
  [
    'tokens that contradict',
    changed('perToken', 'K\x64K\x65K\x66K\x67e', 'K\x64K\x65K\x66NNe'),
    /records\[0\]\.input_ids: expected a list of whole numbers/
  ],
  [
    'a shape that contradicts',
    changed('perToken', 'K\x04K\x04K\x08\x87', 'K\x04K\x05K\x08\x87'),
    /records\[0\]\.topk_ids_of_layer.*does not fit|is a view/
  ],
  ['truncated passes', torchFile('perPass').slice(0, -20), /truncated/],
  [
    'floats for the counts of passes',
    changed('perPass', 'IntStorage', 'FloatStorage'.slice(0, 10)),
    /torch\.FloatStora.*refused/
  ],
  [
    'passes of other layers',
    changed('perPass', 'K\x03K\x08\x86', 'K\x02K\x08\x86'),
    /last_physical_to_logical_map: expected shape \[2, experts\], found \[3, 8\]/
  ],
  [
    'an expert that is none in the map of passes',
    changed(
      'perPass',
      '\x05\0\0\0\0\0\0\0\x01\0\0\0\0\0\0\0\x03',
      '\xff\xff\xff\xff\xff\xff\xff\xff\x01\0\0\0\0\0\0\0\x03'
    ),
    /last_physical_to_logical_map\[0\]\[5\]: expected an expert, found -1/
  ],
  [
    'a negative count of a pass',
    changed('perPass', '\x03\0\0\0\x04\0\0\0', '\xfd\xff\xff\xff\x04\0\0\0'),
    /records\[0\]\.global_physical_count\[1\]\[0\]: expected a count, found -3/
  ],
  [
    'no records',
    changed('perToken', 'records', 'recards'),
    /expected a dict with 'records' or 'logical_count', found recards/
  ]
])('%s is refused in words', async (_, file, message) => {
  await expect(openedTrace(file)).rejects.toThrow(message)
})
