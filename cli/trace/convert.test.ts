import { existsSync } from 'node:fs'
import { lstat, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { byteSource } from '@core/formats/byte-source'
import { numpyFiles } from '@core/formats/numpy.fixture'
import { writeSafetensors } from '@core/formats/safetensors'
import { storedTensor } from '@core/formats/tensor-data'
import { traceColumns } from '@core/routing/trace'
import { openTraceFile } from '@core/routing/trace-file'
import { expect, test } from 'vitest'
import { runCommand, temporaryFolder } from '../command.fixture'
import { interruptedProcess } from '../process.fixture'
import type { Terminal } from '../terminal/terminal'

async function setUp(content: string | Uint8Array, name: string) {
  const folder = await temporaryFolder()
  const input = join(folder, name)
  await writeFile(input, content)
  const convert = (out: string, ...options: string[]) =>
    runCommand(['trace', 'convert', input, join(folder, out), ...options])
  return { folder, input, convert }
}

const vllm = Buffer.from(numpyFiles.vllmInt32, 'base64')
const logits = Buffer.from(numpyFiles.stackedLogits, 'base64')

test('a trace of vLLM becomes a trace file, which says what was assumed', async () => {
  const { folder, input, convert } = await setUp(vllm, 'routed.npy')
  const { status, output } = await convert('t.safetensors', '--json')
  expect(status).toBe(0)
  const out = join(folder, 't.safetensors')
  const bytes = await readFile(out)
  const summary = {
    in: input,
    out,
    to: 'safetensors',
    kind: 'trace',
    tokens: 6,
    layers: [0, 1, 2],
    experts: 8,
    top_k: 2
  }
  expect(JSON.parse(output)).toMatchObject({ ...summary, bytes: bytes.length })
  const trace = await traceColumns(await openTraceFile(byteSource(out, bytes)))
  expect(trace).toMatchObject({ source: input, experts: 8, topK: 2 })
  expect([...trace.expertIds.subarray(0, 6)]).toEqual([0, 2, 5, 7, 2, 4])
  expect(trace.notes.join(' ')).toMatch(/8 are assumed/)
})

test('people read the same, with the notes', async () => {
  const { convert } = await setUp(vllm, 'routed.npy')
  const { output } = await convert('t.jsonl', '--experts', '128')
  expect(output).toMatch(/t\.jsonl: 6 tokens, 3 MoE layers, top-2 of 128 experts\n {2}The file has neither/)
})

test('what must be asked is listed, with proposals and the first rows', async () => {
  const { convert } = await setUp(logits, 'logits.npy')
  const { status, errors } = await convert('t.csv')
  expect(status).toBe(2)
  expect(errors).toMatch(/begins with\n {2}'logits\.npy\[0\]', logits of the first experts:\n {2}0\.000 {2}1\.250/)
  expect(errors).toMatch(/ --top-k K +experts that each token is sent to/)
  expect(errors).toMatch(/ --gates KIND .*renormalised or softmax; proposed: renormalised/)
  expect(errors).toMatch(/moescope: .*logits\.npy: top-k .*the file does not say it; give --top-k\n/)
  const answered = await convert('t.csv', '--top-k', '2', '--gates', 'softmax')
  expect(answered).toMatchObject({ status: 0 })
})

test('counts become CSV only', async () => {
  const { folder, convert } = await setUp('3,1\n3,0\n5,1\n', 'moe_trace.csv')
  expect(await convert('t.csv')).toMatchObject({
    status: 2,
    errors: expect.stringMatching(/ --experts E .*; proposed: 2\nmoescope: .*moe_trace\.csv: .*give --experts\n/)
  })
  expect(await convert('t.parquet', '--experts', '2')).toMatchObject({
    status: 1,
    errors: expect.stringMatching(/counts without tokens/)
  })
  const { output } = await convert('t.csv', '--experts', '2')
  expect(output).toMatch(/t\.csv: counts, 2 MoE layers, 2 experts/)
  const text = await readFile(join(folder, 't.csv'), 'utf8')
  expect(text).toBe('step,layer,expert,count\n0,3,0,1\n0,3,1,1\n0,5,0,0\n0,5,1,1\n')
})

test.each([
  [
    'an ending that is no format',
    ['t.xlsx'],
    2,
    /t\.xlsx: expected a name that ends in \.safetensors, \.jsonl, \.csv, \.parquet/
  ],
  ['an unknown format', ['t.csv', '--from', 'gguf'], 2, /--from: expected one of moescope, vllm-arrays/],
  ['no number', ['t.csv', '--experts', 'many'], 2, /--experts: expected a whole number/],
  ['an answer that the file contradicts', ['t.csv', '--experts', '4'], 2, /experts: expected 8 to 65535/],
  ['another format than it is', ['t.csv', '--from', 'olmoe'], 1, /routed\.npy/]
] as const)('%s is told', async (_, [out, ...options], status, message) => {
  const { convert } = await setUp(vllm, 'routed.npy')
  const ran = await convert(out, ...options)
  expect(ran.errors).toMatch(message)
  expect(ran.status).toBe(status)
})

/** Interrupts when a progress bar of this label is drawn. */
function interruptedAt(label: string): Partial<Terminal> {
  const controller = new AbortController()
  const tell = (text: string) => {
    if (text.includes(label)) controller.abort()
  }
  return { progressIsRead: true, tell, interruption: () => controller.signal }
}

test('an interruption leaves what was there before, and nothing beside it', async () => {
  // Two stretches, after the first of which the bar is drawn.
  const array = storedTensor(new Int32Array(1_200_000), [600_000, 1, 2])
  const { folder, input } = await setUp(writeSafetensors([['routed_experts', array]]), 'in.safetensors')
  await writeFile(join(folder, 't.csv'), 'before')
  for (const label of ['reading', 'writing']) {
    const ran = await runCommand(['trace', 'convert', input, join(folder, 't.csv')], interruptedAt(label))
    expect(ran.status).toBe(130)
    expect(await readFile(join(folder, 't.csv'), 'utf8')).toBe('before')
    expect((await readdir(folder)).sort()).toEqual(['in.safetensors', 't.csv'])
  }
})

test('a signal of the system ends a real process the same way', async () => {
  const array = storedTensor(
    new Uint8Array(16_000_000).map((_, i) => i % 2),
    [8_000_000, 1, 2]
  )
  const { folder, input } = await setUp(writeSafetensors([['routed_experts', array]]), 'in.safetensors')
  await writeFile(join(folder, 't.jsonl'), 'before')
  const isWriting = async () => (await readdir(folder)).some((name) => name.endsWith('.tmp'))
  const ended = await interruptedProcess(['trace', 'convert', input, join(folder, 't.jsonl')], isWriting)
  expect(ended).toEqual({ status: 130, errors: 'moescope: interrupted\n' })
  expect(await readFile(join(folder, 't.jsonl'), 'utf8')).toBe('before')
  expect((await readdir(folder)).sort()).toEqual(['in.safetensors', 't.jsonl'])
})

test('a path through a file is told in a line', async () => {
  const { convert } = await setUp(vllm, 'in.npy')
  expect(await convert('in.npy/t.csv')).toMatchObject({
    status: 1,
    errors: expect.stringMatching(/^moescope: cannot write .*t\.csv: a part of its path is a file, not a folder\n$/)
  })
})

test('- is standard output, and then standard error tells the rest', async () => {
  const { input } = await setUp(vllm, 'routed.npy')
  const csv = await runCommand(['trace', 'convert', input, '-', '--to', 'csv'])
  expect(csv.output).toMatch(/^[^\n]*layer[^\n]*\n(?:[^\n]+\n)+$/)
  expect(csv.errors).toMatch(/^standard output: 6 tokens, 3 MoE layers/)
  const json = await runCommand(['trace', 'convert', input, '-', '--to', 'csv', '--json'])
  expect(json.output).toBe(csv.output)
  expect(JSON.parse(json.errors)).toMatchObject({ out: '-', tokens: 6, bytes: csv.output.length })
})

test.runIf(existsSync('/dev/full'))('a full device is told in a line, and stays a device', async () => {
  const { input } = await setUp(vllm, 'routed.npy')
  const { status, errors } = await runCommand(['trace', 'convert', input, '/dev/full', '--to', 'csv'])
  expect({ status, errors }).toEqual({ status: 1, errors: 'moescope: cannot write /dev/full: the disk is full\n' })
  expect((await lstat('/dev/full')).isCharacterDevice()).toBe(true)
})

test('a file that is not there, and one that is damaged, are told in one line', async () => {
  const { convert } = await setUp(vllm.subarray(0, 200), 'cut.npy')
  const { status, errors } = await convert('t.csv')
  expect(status).toBe(1)
  expect(errors).toMatch(
    /^moescope: .*cut\.npy: I32 of shape \[6, 3, 2\] takes 144 bytes, found 72.*truncated or damaged\n$/
  )
  const missing = await runCommand(['trace', 'convert', '/no/such/file.npy', 't.csv'])
  expect(missing).toMatchObject({ status: 1, errors: expect.stringMatching(/file\.npy does not exist/) })
})
