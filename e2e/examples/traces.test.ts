/** Decisions of routers, as they were recorded and written before. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { runCommand, temporaryFolder } from './commands.fixture'
import { openTrace, recordedInApp } from './engine.fixture'
import { differences, saved, savedBytes } from './saved.fixture'

test.each(['csv', 'jsonl', 'parquet', 'safetensors'])('a trace is written as %s byte by byte', async (ending) => {
  const out = join(await temporaryFolder(), `out.${ending}`)
  const args = ['trace', 'convert', saved('traces/all-columns.safetensors'), out]
  expect(await runCommand(args)).toMatchObject({ status: 0, errors: '' })
  expect(await readFile(out)).toEqual(await readFile(saved(`traces/all-columns.${ending}`)))
})

test.each([
  ['moe-64', '2-text.txt', '2-moe-64', []],
  ['moe-64', '2-short.txt', '2-moe-64-logits', ['--logits']],
  ['moe-64-unbalanced', '2-short.txt', '2-moe-64-unbalanced', []]
])('%s reads %s as before', async (model, text, name, options) => {
  const out = join(await temporaryFolder(), 'out.safetensors')
  const args = ['trace', 'record', model, '--text', saved('traces', text), '--out', out, '--threads', '1', ...options]
  expect(await runCommand(args, { modelsFolder: 'assets/models' })).toMatchObject({ status: 0, errors: '' })
  const { source: _source, ...found } = await openTrace(await readFile(out))
  const { source: _before, ...before } = await openTrace(await savedBytes('traces', `${name}.safetensors`))
  expect(found.expertIds).toEqual(before.expertIds)
  expect(differences(inLists(found), inLists(before), { tolerance: 1e-4 })).toEqual([])
})

test('the app records the same file on the reference backend, bit for bit', async () => {
  const bytes = await recordedInApp('mixtral-stopped')
  expect(bytes.equals(await savedBytes('traces/2-recorded-in-app.safetensors'))).toBe(true)
})

/** Columns as lists, because rows of numbers compare by place. */
function inLists(columns: object): Record<string, unknown> {
  const listed = Object.entries(columns).map(([name, each]) => [
    name,
    ArrayBuffer.isView(each) ? [...(each as Float32Array)] : each
  ])
  return Object.fromEntries(listed)
}
