import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { temporaryFolder } from '../../node/temporary-folder.fixture'
import { keepIn } from './kept'
import { createTurns } from './turns'

const schema = z.object({ n: z.int() })

test('a value is there again at the next start', async () => {
  const folder = await temporaryFolder()
  const complaints: unknown[] = []
  const keep = keepIn(folder, createTurns(), (error) => complaints.push(error))
  const kept = keep('n.json', schema, { n: 0 })
  expect(kept.value).toEqual({ n: 0 })
  const writes = [kept.set({ n: 1 }), kept.set({ n: 2 })]
  expect(kept.value).toEqual({ n: 2 })
  await Promise.all(writes)
  expect(keep('n.json', schema, { n: 0 }).value).toEqual({ n: 2 })
  expect(complaints).toEqual([])
})

test.each(['{"n": 1', '{"n": "1"}', ''])('%j is not used, and the reason is told', async (content) => {
  const folder = await temporaryFolder()
  await writeFile(join(folder, 'n.json'), content)
  const complaints: unknown[] = []
  const keep = keepIn(folder, createTurns(), (error) => complaints.push(error))
  expect(keep('n.json', schema, { n: 5 }).value).toEqual({ n: 5 })
  expect(complaints).toEqual([expect.stringMatching(/n\.json is not used: ./)])
  expect(await readFile(join(folder, 'n.json'), 'utf8')).toBe(content)
})

test('a value that cannot be written rejects, and holds for this session', async () => {
  const folder = await temporaryFolder()
  await writeFile(join(folder, 'file'), '')
  const kept = keepIn(join(folder, 'file'), createTurns(), () => undefined)('n.json', schema, { n: 0 })
  await expect(kept.set({ n: 1 })).rejects.toThrow(/cannot write .*n\.json/)
  expect(kept.value).toEqual({ n: 1 })
})
