import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { memoryTrace, noExpert, type TraceColumns } from '@core/routing/trace'
import { traceFile } from '@core/routing/trace-file'
import { expect, test } from 'vitest'
import { runCommand, temporaryFolder } from '../command.fixture'
import { writeWhole } from '../terminal/files'

// Two layers (2 and 5 of the model), 4 experts, top 2, two texts of 3 tokens; one choice is dropped.
const columns: TraceColumns = {
  model: 'small',
  source: '',
  layers: [2, 5],
  experts: 4,
  topK: 2,
  tokenIds: Int32Array.of(1, 2, 1, 1, 2, 2),
  tokens: ['a', 'b', 'a', 'a', 'b', 'b'],
  domains: ['prose', 'code'],
  domainIds: Uint8Array.of(0, 0, 0, 1, 1, 1),
  sequenceStarts: Uint32Array.of(0, 3),
  notes: ['Made by hand.'],
  // biome-ignore format: a line for each token
  expertIds: Uint16Array.of(
    0, 1,  2, 3,
    0, 2,  2, 3,
    1, 0,  2, 3,
    1, 0,  2, 0,
    1, 0,  2, 0,
    2, 0,  2, noExpert
  ),
  expertWeights: undefined,
  routerLogits: undefined,
  logits: undefined
}

async function writeTrace(more: Partial<TraceColumns> = {}): Promise<string> {
  const path = join(await temporaryFolder(), 'trace.safetensors')
  await writeWhole(path, traceFile(memoryTrace({ ...columns, ...more })))
  return path
}

async function json(...args: string[]) {
  const { status, output, errors } = await runCommand(['trace', ...args, '--json'])
  expect({ status, errors }).toEqual({ status: 0, errors: '' })
  return JSON.parse(output)
}

test('statistics have the fields of the terminal contract, counted by hand', async () => {
  const path = await writeTrace()
  const report = await json('stats', path, '--batch', '3', '--capacity', '1', '--window', '6')
  expect(report).toMatchObject({ file: path, model: 'small', tokens: 6, top_k: 2, notes: ['Made by hand.'] })
  const [first, second] = report.layers
  expect(first).toMatchObject({
    layer: 2,
    experts: 4,
    load: [6 / 12, 4 / 12, 2 / 12, 0],
    first_choice_load: [2 / 6, 3 / 6, 1 / 6, 0],
    max_violation: 1,
    dead: 1,
    dead_experts: [3],
    // Pairs within the texts: ab, bc; de, ef. The same first choice in ab and de; all share expert 0.
    repeat_first: 0.5,
    repeat_any: 1,
    unique_experts: 3,
    dropped: { choices: 0, tokens: 0, whole_tokens: 0 },
    // Room for 3 of each: expert 0 has 6 choices and expert 1 has 4.
    dropped_at_capacity: { choices: 4 / 12 },
    vocabulary_specialisation: null,
    baselines: { load: 0.25, repeat_first: 0.25, co_activation: 1 / 3, unique_experts: 4 * (1 - 0.5 ** 3) }
  })
  expect(first.baselines.repeat_any).toBeCloseTo(1 - 1 / 6, 12)
  expect(first.jain).toBeCloseTo(144 / (4 * (36 + 16 + 4)), 12)
  expect(first.cv).toBeCloseTo(Math.sqrt((9 + 1 + 1 + 9) / 4) / 3, 12)
  expect(first.domain_specialisation.of_tokens.code).toEqual([1, 2 / 3, 1 / 3, 0])
  expect(first.domain_specialisation.of_assignments.prose).toEqual([3 / 6, 2 / 6, 1 / 6, 0])
  expect(second).toMatchObject({
    layer: 5,
    load: [2 / 11, 0, 6 / 11, 3 / 11],
    dropped: { choices: 1 / 12, tokens: 1 / 6, whole_tokens: 0 },
    // Expert 2 is always first, so neither domain nor token tells of the first choice.
    domain_information: { first: { plug_in: 0 } },
    token_information: { plug_in: 0, expert_entropy: 0, label_entropy: 1 }
  })
  expect(report.unavailable).toEqual({
    router_logits: 'needs router logits, which this trace does not have',
    router_weights: 'needs the weights of the experts, which this trace does not have'
  })
})

test('what routers leave of logits and weights is told', async () => {
  const routerLogits = new Float32Array(48)
  const expertWeights = new Float32Array(24).fill(0.5)
  const [even] = (await json('stats', await writeTrace({ routerLogits, expertWeights }))).layers
  expect(even.router).toMatchObject({ from: 'logits', largest: 0.25, entropy_bits: 2, top_k_mass: 0.5 })
  expect(even.balance_loss).toEqual({ per_token: 2, per_assignment: 1 })
  expect(even.z_loss).toBeCloseTo(Math.log(4) ** 2, 9)
  const [weighted] = (await json('stats', await writeTrace({ expertWeights }))).layers
  expect(weighted.router).toEqual({ from: 'weights', largest: 0.5, entropy_bits: 1, weight_sum: 1 })
  expect(weighted.balance_loss).toBeUndefined()
})

test('a domain and layers can be chosen', async () => {
  const path = await writeTrace()
  const report = await json('stats', path, '--domain', 'code', '--layers', '5')
  expect(report.tokens).toBe(3)
  expect(report.layers.map(({ layer }: { layer: number }) => layer)).toEqual([5])
  expect(report.layers[0].load).toEqual([2 / 5, 0, 3 / 5, 0])
  const both = await json('stats', path, '--domain', 'code', '--domain', 'prose')
  expect(both.tokens).toBe(6)
})

test('the table names what random routing gives, and what cannot be computed', async () => {
  const { status, output } = await runCommand(['trace', 'stats', await writeTrace(), '--batch', '2'])
  expect(status).toBe(0)
  expect(output).toMatch(/trace\.safetensors: 6 tokens, 2 MoE layers of small, top-2 of 4 experts\n/)
  expect(output).toMatch(/\n2 {2,}0\.745 .* 50\.0 % +100\.0 %\n/)
  expect(output).toMatch(/\nrandom .* 25\.0 % +83\.3 %\n/)
  expect(output).toContain('unique of 2')
  expect(output).toContain('router logits: needs router logits, which this trace does not have')
  expect(output).toContain('Made by hand.')
})

test('what cannot be measured is told in one line', async () => {
  const path = await writeTrace()
  const failure = async (...args: string[]) => {
    const { status, errors, output } = await runCommand(['trace', 'stats', ...args])
    expect(output).toBe('')
    return [status, errors.split('\n')[0]]
  }
  expect(await failure(`${path}.none`)).toEqual([1, `moescope: ${path}.none does not exist`])
  expect(await failure(path, '--domain', 'verse')).toEqual([
    1,
    "moescope: --domain: expected one of prose, code, found 'verse'"
  ])
  expect(await failure(path, '--layers', '2-4')).toEqual([
    1,
    'moescope: --layers: layer 3 has no router in the trace: those of 2, 5 do'
  ])
  expect((await failure(path, '--layers', '5-2'))[0]).toBe(2)
  const untold = await writeTrace({ domainIds: undefined, domains: [] })
  expect((await failure(untold, '--domain', 'code'))[1]).toMatch(/does not tell the domains of its tokens$/)
  const other = join(await temporaryFolder(), 'other.bin')
  await writeFile(other, 'no trace')
  expect((await failure(other))[1]).toMatch(/other\.bin is no trace of a format that Moescope knows/)
  const empty = { tokenIds: new Int32Array(), tokens: [], domainIds: new Uint8Array(), expertIds: new Uint16Array() }
  expect((await failure(await writeTrace({ ...empty, sequenceStarts: new Uint32Array() })))[1]).toMatch(
    /has no tokens$/
  )
})

test('Ctrl+C ends it', async () => {
  const interrupted = { interruption: () => AbortSignal.abort() }
  const { status, errors, output } = await runCommand(['trace', 'stats', await writeTrace()], interrupted)
  expect({ status, errors, output }).toEqual({ status: 130, errors: 'moescope: interrupted\n', output: '' })
})

test('traces of the same text are compared', async () => {
  const a = await writeTrace()
  // In the first layer the third token has other experts, and the last one the same in another order.
  const changed = Uint16Array.from(columns.expertIds)
  changed.set([3, 0], 8)
  changed.set([0, 2], 20)
  const b = await writeTrace({ expertIds: changed })
  const report = await json('compare', a, b)
  expect(report).toMatchObject({ files: [a, b], tokens: 6, notes: [] })
  expect(report.layers).toEqual([
    { layer: 2, same_first: 4 / 6, overlap: 5.5 / 6, same_set: 5 / 6 },
    // Of the last token only one expert is recorded, of two.
    { layer: 5, same_first: 1, overlap: 5.5 / 6, same_set: 1 }
  ])
  expect(report.baselines).toEqual({ same_first: 0.25, overlap: 0.5, same_set: 1 / 6 })
  const { output } = await runCommand(['trace', 'compare', a, b, '--layers', '2', '--domain', 'code'])
  expect(output).toMatch(/: 3 tokens\n\nlayer .*\n2 +66\.7 % +100\.0 % +100\.0 %\nrandom +25\.0 % +50\.0 % +16\.7 %\n$/)
})

test('traces of different texts are not compared', async () => {
  const other = await writeTrace({ tokenIds: Int32Array.of(1, 2, 1, 2, 2, 2) })
  const { status, errors } = await runCommand(['trace', 'compare', await writeTrace(), other])
  expect(status).toBe(1)
  expect(errors).toMatch(/they part at token 3 \(from 0\), which is "a" \(id 1\) and "a" \(id 2\)/)
})
