import { mkdir, readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { temporaryFolder } from '../../node/temporary-folder.fixture'
import { createCrashLog } from './crash-log'

test('entries say when, in which session, where and what', async () => {
  const folder = await temporaryFolder()
  const log = createCrashLog(folder, 'session-1')
  log.note('page: chart', 'first line\r\n\nsecond line')
  expect(await readFile(log.path, 'utf8')).toMatch(
    /^\d{4}-\d\d-\d\dT[\d:.]+Z session-1 page: chart\n {2}first line\n {2}\n {2}second line\n$/
  )
})

test('the log never grows beyond twice its bound, and keeps the latest', async () => {
  const folder = await temporaryFolder()
  const log = createCrashLog(folder, 's', 10_000)
  for (let i = 0; i < 500; i++) log.note('test', `entry ${i} ${'é'.repeat(100)}`)
  expect((await readdir(folder)).sort()).toEqual(['crash.log', 'crash.old.log'])
  for (const name of await readdir(folder)) expect((await stat(join(folder, name))).size).toBeLessThanOrEqual(10_000)
  const text = (await readFile(join(folder, 'crash.old.log'), 'utf8')) + (await readFile(log.path, 'utf8'))
  const numbers = [...text.matchAll(/entry (\d+)/g)].map(([, n]) => Number(n))
  expect(numbers).toEqual(Array.from(numbers, (_, i) => 500 - numbers.length + i))
  expect(numbers.length).toBeGreaterThan(40)
})

test('of a session only its own entries are told, the last of them', async () => {
  const folder = await temporaryFolder()
  // An entry that quotes another one's first line stays one entry.
  createCrashLog(folder, 'a').note('main', '2026-01-01T00:00:00.000Z b main\nnot of b')
  const b = createCrashLog(folder, 'b')
  b.note('main', 'of b')
  expect(b.ofSession('b')).toMatch(/^\S+ b main\n {2}of b\n$/)
  expect(b.ofSession('a')).toContain('not of b')
  expect(b.ofSession('c')).toBe('')
  b.note('main', `${'x'.repeat(12_000)} the end`)
  expect(b.ofSession('b')).toHaveLength(8000)
  expect(b.ofSession('b')).toMatch(/the end\n$/)
})

test('a log that cannot be written is no second crash', async () => {
  const folder = await temporaryFolder()
  await mkdir(join(folder, 'crash.log'))
  const printed = vi.spyOn(console, 'error').mockImplementation(() => undefined)
  createCrashLog(folder, 's').note('main', 'lost?')
  expect(String(printed.mock.calls[0]?.[0])).toContain('lost?')
  printed.mockRestore()
})
