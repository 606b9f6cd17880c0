import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { eplbExample } from '@core/routing/balancer/eplb.fixture'
import { memoryTrace, noExpert } from '@core/routing/trace'
import { traceFile } from '@core/routing/trace-file'
import { expect, test } from 'vitest'
import { runCommand, temporaryFolder } from '../command.fixture'
import { writeWhole } from '../terminal/files'

/** A CSV of llama.cpp with as many activations as EPLB's example has load, of layers 3 and 4. */
async function eplbCounts(): Promise<string> {
  const path = join(await temporaryFolder(), 'moe_trace.csv')
  const rows = eplbExample.loads.flatMap((loads, layer) =>
    loads.map((load, expert) => `${layer + 3},${expert}\n`.repeat(load))
  )
  await writeFile(path, rows.join(''))
  return path
}

const experts = ['--experts', '12']
const shape = [...experts, '--replicas', '16', '--groups', '4', '--nodes', '2', '--gpus', '8']

async function json(...args: string[]) {
  const { status, output, errors } = await runCommand(['trace', 'place', ...args, '--json'])
  expect({ status, errors }).toEqual({ status: 0, errors: '' })
  return JSON.parse(output)
}

test("the example of EPLB's README is placed as EPLB does", async () => {
  const path = await eplbCounts()
  const report = await json(path, ...shape)
  expect(report).toMatchObject({ file: path, kind: 'counts', experts: 12, replicas: 16, groups: 4, nodes: 2, gpus: 8 })
  expect(report.layers).toMatchObject(
    eplbExample.placeToExpert.map((phy2log, layer) => ({
      layer: layer + 3,
      policy: 'hierarchical',
      assignments: eplbExample.loads[layer],
      phy2log
    }))
  )
  const [first] = report.layers
  expect(first.copies).toEqual([1, 2, 1, 1, 2, 2, 1, 1, 1, 1, 2, 1])
  // GPU 0 holds half of expert 5 and expert 6: 165 / 2 + 39.
  expect(first.gpu_loads).toEqual([121.5, 86.5, 125, 113, 147.5, 131.5, 156, 152])
  expect(first.imbalance).toBeCloseTo(156 / (1033 / 8), 12)
  // 12 experts are not as many on each of 8 GPUs.
  expect(first).not.toHaveProperty('imbalance_before')
})

test('before are the experts in their order, one of each', async () => {
  const [first] = (await json(await eplbCounts(), ...experts, '--replicas', '16', '--gpus', '4', '--layers', '3'))
    .layers
  expect(first.gpu_loads_before).toEqual([90 + 132 + 40, 61 + 104 + 165, 39 + 4 + 73, 56 + 183 + 86])
  expect(first.imbalance_before).toBeCloseTo(330 / (1033 / 4), 12)
  expect(first.gpu_loads.reduce((sum: number, load: number) => sum + load, 0)).toBeCloseTo(1033, 9)
})

test('people read how even it becomes, and what each GPU of each node holds', async () => {
  const { status, output } = await runCommand(['trace', 'place', await eplbCounts(), ...shape])
  expect(status).toBe(0)
  expect(output).toMatch(
    /moe_trace\.csv: 2 MoE layers, 12 experts; 16 replicas on 8 GPUs of 2 nodes\n\nlayer +imbalance before +after +replicated +most replicas\n3 +1\.208 +4 +2\n/
  )
  expect(output).toContain('\nlayer 3: 5 6 | 5 7 | 8 4 | 3 4 || 10 9 | 10 2 | 0 1 | 11 1\n')
  expect(output).toContain('12 experts do not divide among 8 GPUs: there is no before.')
  const regardless = await runCommand(['trace', 'place', await eplbCounts(), ...shape, '--groups', '3'])
  expect(regardless.output).toContain('Groups (3) do not divide among nodes (2): neither is heeded.')
})

/** Two domains of two tokens; one choice is dropped. */
async function domainTrace(): Promise<string> {
  const path = join(await temporaryFolder(), 'trace.safetensors')
  const facts = { model: 'small', source: '', layers: [5], experts: 4, topK: 2, notes: [] }
  const texts = { tokenIds: undefined, tokens: undefined, domains: ['prose', 'code', 'verse'] }
  const expertIds = Uint16Array.of(0, 1, 0, 2, 3, 0, 3, noExpert)
  const others = { expertWeights: undefined, routerLogits: undefined, logits: undefined }
  const ofTokens = { domainIds: Uint8Array.of(0, 0, 1, 1), sequenceStarts: Uint32Array.of(0), expertIds }
  await writeWhole(path, traceFile(memoryTrace({ ...facts, ...texts, ...ofTokens, ...others })))
  return path
}

test('a trace is counted, or one domain of it', async () => {
  const path = await domainTrace()
  const all = await json(path, '--replicas', '4', '--gpus', '2')
  expect(all).toMatchObject({ kind: 'trace', model: 'small', groups: 1, nodes: 1 })
  // Experts 0 and 1 have 4 of the 7 choices, 2 and 3 the others; 0 and 1 or 2 are as even as it gets.
  expect(all.layers).toMatchObject([
    { layer: 5, assignments: [3, 1, 1, 2], gpu_loads_before: [4, 3], gpu_loads: [4, 3] }
  ])
  const [code] = (await json(path, '--replicas', '6', '--gpus', '2', '--domain', 'code')).layers
  // The two additional replicas are both of expert 3, with 2 of the 3 choices; expert 0 has the third.
  expect(code).toMatchObject({ assignments: [1, 0, 0, 2], imbalance_before: 2 / 1.5 })
  expect(code.copies.reduce((sum: number, count: number) => sum + count, 0)).toBe(6)
  expect(
    await runCommand(['trace', 'place', path, '--replicas', '4', '--gpus', '2', '--domain', 'verse'])
  ).toMatchObject({ status: 1, errors: expect.stringMatching(/trace\.safetensors has no tokens of domain verse\n$/) })
})

test.each([
  [['--replicas', '8', '--gpus', '4'], /^moescope: --replicas: 8 are fewer than the 12 experts, which need one each\n/],
  [['--replicas', '16', '--gpus', '3'], /^moescope: --gpus: 16 replicas do not divide into 3 equal parts\n/],
  [
    ['--replicas', '16', '--gpus', '8', '--nodes', '3'],
    /^moescope: --nodes: 8 GPUs do not divide into 3 equal parts\n/
  ],
  [['--replicas', '16', '--gpus', '8', '--groups', '5'], /^moescope: --groups: 12 experts do not divide into 5 equal/],
  [['--replicas', '0', '--gpus', '8'], /--replicas: expected a whole number from 1/],
  [['--replicas', '16'], /--gpus D is missing/]
])('a machine that does not divide, %j, is wrong usage', async (options, message) => {
  const { status, errors } = await runCommand(['trace', 'place', await eplbCounts(), ...experts, ...options])
  expect(errors).toMatch(message)
  expect(status).toBe(2)
})
