import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { tokenizer } from '@core/corpus'
import { byteSource } from '@core/formats/byte-source'
import { createDecoder, type RouterDecision } from '@core/generate/decoder'
import { traceColumns } from '@core/routing/trace'
import { openTraceFile } from '@core/routing/trace-file'
import { expect, test } from 'vitest'
import { runCommand, temporaryFolder } from '../command.fixture'
import { smallMoe, writeModels } from '../models/command.fixture'
import { openModelStore } from '../terminal/model-store'
import { nativeBackend } from '../terminal/native'

const lines = ['geba lives in pedu, eats reti, is vopu.', 'gemo=bebu guse=zobu', 'n6x:md s1d:vi l3l:ge', '77+30=107']
const text = `${[...lines, ...lines].join('\n')}\n`

async function setUp(content = text) {
  const folder = await temporaryFolder()
  await writeModels(folder)
  const [textPath, out] = [join(folder, 'text.txt'), join(folder, 'trace.safetensors')]
  await writeFile(textPath, content)
  const record = (model: string, ...more: string[]) =>
    runCommand(['trace', 'record', model, '--text', textPath, '--out', out, '--threads', '1', ...more], {
      modelsFolder: folder
    })
  return { folder, textPath, out, record }
}

test('an interruption ends a recording before there is a file', async () => {
  const { folder, textPath, out } = await setUp()
  const controller = new AbortController()
  const terminal = {
    modelsFolder: folder,
    progressIsRead: true,
    tell: () => controller.abort(),
    interruption: () => controller.signal
  }
  const args = ['trace', 'record', 'moe-64', '--text', textPath, '--out', out, '--threads', '1']
  expect(await runCommand(args, terminal)).toMatchObject({ status: 130, output: '' })
  await expect(readFile(out)).rejects.toThrow(/ENOENT/)
})

test('a trace is what the router decides when it reads line by line', async () => {
  const { folder, textPath, out, record } = await setUp()
  const { status, output } = await record('moe-64', '--logits', '--json')
  expect(status).toBe(0)
  const trace = await readTrace(out)
  expect(JSON.parse(output)).toMatchObject({ model: 'moe-64', out, tokens: text.length, layers: [0, 1] })
  expect(trace).toMatchObject({ model: 'moe-64', source: textPath, layers: [0, 1], experts: 6, topK: 2 })
  expect(trace.tokens?.join('')).toBe(text)
  expect(tokenizer.decode(trace.tokenIds ?? [])).toBe(text)

  // Lines of 39 + 19, 20 + 9, 39 and so on: windows of 64 tokens hold these whole ones, each with its newline before.
  const windows = [lines.slice(0, 2), [...lines.slice(2), ''], lines.slice(0, 2), [...lines.slice(2), '']]
  const read = windows.map((each) => `\n${each.filter((line) => line !== '').join('\n')}`).join('')
  expect(`\n${text}`).toBe(`${read}\n`)
  const expected = await stepThrough(folder, windows)
  expect(trace.expertIds.length).toBe(text.length * 4)
  for (const [token, { routing, logits }] of expected.slice(1).entries()) {
    routing.forEach((decision, layer) => {
      const row = token * 2 + layer
      expect([...trace.expertIds.subarray(row * 2, row * 2 + 2)]).toEqual(decision.experts)
      expectClose(trace.expertWeights?.subarray(row * 2, row * 2 + 2), decision.gates)
      expectClose(trace.routerLogits?.subarray(row * 6, row * 6 + 6), decision.logits)
    })
    expectClose(trace.logits?.subarray(token * 55, token * 55 + 55), logits)
  }
}, 30_000)

test('a model read layer by layer leaves the same trace, and tells the loss of the text', async () => {
  const { folder, out } = await setUp()
  const idsPath = join(folder, 'ids.json')
  await writeFile(idsPath, JSON.stringify([...tokenizer.encode(text)]))
  const record = async (...more: string[]) => {
    const args = ['trace', 'record', 'moe-64', '--ids', idsPath, '--out', out, '--logits', '--json', '--threads', '1']
    const { output } = await runCommand([...args, ...more], { modelsFolder: folder })
    return { summary: JSON.parse(output), trace: await readTrace(out) }
  }
  const { trace: whole } = await record()
  const { summary, trace: streamed } = await record('--stream')
  expect(streamed.expertIds).toEqual(whole.expertIds)
  expectClose(streamed.expertWeights, whole.expertWeights ?? [])
  expectClose(streamed.routerLogits, whole.routerLogits ?? [])
  expectClose(streamed.logits, whole.logits ?? [])
  const size = tokenizer.size
  const nats = Array.from(whole.tokenIds ?? []).flatMap((token, i) => {
    const row = whole.logits?.subarray((i - 1) * size, i * size)
    return i === 0 || !row ? [] : [Math.log(row.reduce((sum, each) => sum + Math.exp(each), 0)) - (row[token] ?? 0)]
  })
  expect(summary).toMatchObject({ streamed: true, resumed_layers: 0, tokens: text.length })
  expect(summary.loss).toBeCloseTo(nats.reduce((sum, each) => sum + each, 0) / nats.length, 4)
  await expect(readdir(`${out}.parts`)).rejects.toThrow(/ENOENT/)
})

async function readTrace(path: string) {
  return traceColumns(await openTraceFile(byteSource(path, await readFile(path))))
}

/** Reads windows token by token, by the other graph than the one that reads many at once. */
async function stepThrough(folder: string, windows: readonly (readonly string[])[]) {
  const decoder = await createDecoder(nativeBackend(1), await (await openModelStore(folder)).open('moe-64'))
  const read: { routing: readonly RouterDecision[]; logits: Float32Array }[] = []
  for (const window of windows) {
    const tokens = tokenizer.encode(`\n${window.filter((line) => line !== '').join('\n')}`)
    for (const [i, token] of tokens.entries()) {
      const { routing, logits } = i === 0 ? await decoder.prefill([token]) : await decoder.step(token)
      read.push({ routing: routing()[0] ?? [], logits: logits[0] ?? new Float32Array() })
    }
  }
  await decoder.release()
  return read
}

function expectClose(found: ArrayLike<number> | undefined, expected: ArrayLike<number>): void {
  expect(found?.length).toBe(expected.length)
  for (let i = 0; i < expected.length; i++) expect(found?.[i]).toBeCloseTo(expected[i] ?? Number.NaN, 3)
}

test('without --logits only the choices and their weights are kept', async () => {
  const { out, record } = await setUp()
  await record('moe-64')
  const trace = await readTrace(out)
  expect(trace.routerLogits).toBeUndefined()
  expect(trace.logits).toBeUndefined()
  expect(trace.expertWeights).toHaveLength(text.length * smallMoe.layers.length * 2)
})

test('what cannot be recorded is told', async () => {
  const { record } = await setUp('A text')
  const { status, errors } = await record('moe-64')
  expect(status).toBe(1)
  expect(errors).toMatch(/text\.txt has characters that model 'moe-64' does not know: "A"/)
  expect((await (await setUp('')).record('moe-64')).errors).toMatch(/is empty/)
})
