import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../node/temporary-folder.fixture'
import { createCrashLog } from './crash-log'
import { createLastSession } from './last-session'

const versions = { app: '1.2.3', electron: '45.4.1' }

function start(folder: string, id: string) {
  const log = createCrashLog(folder, id)
  return { log, ...createLastSession(folder, { id, started: `started ${id}`, versions }, log) }
}

test('a session that ended by itself is not told of', async () => {
  const folder = await temporaryFolder()
  const first = start(folder, 'first')
  expect(first.take()).toBeNull()
  first.log.note('page', 'an error that the session survived')
  first.end()
  expect(await readdir(folder)).toEqual(['crash.log'])
  expect(start(folder, 'second').take()).toBeNull()
})

test('one that was cut off is told of once: what ran, and what it logged', async () => {
  const folder = await temporaryFolder()
  start(folder, 'first').log.note('main: uncaught exception', 'it broke')
  const second = start(folder, 'second')
  second.log.note('page', 'of the second')
  const report = second.take()
  expect(report).toMatch(/^Moescope 1\.2\.3 \(electron 45\.4\.1\), started started first, did not end by itself\.\n/)
  expect(report).toContain('it broke')
  expect(report).not.toContain('of the second')
  expect(second.take()).toBeNull()
})

test('one that logged nothing was ended from outside', async () => {
  const folder = await temporaryFolder()
  start(folder, 'first')
  expect(start(folder, 'second').take()).toContain('it was ended from outside')
})

test.each(['', '{"id":', '[]'])('a damaged record %j is no failure', async (content) => {
  const folder = await temporaryFolder()
  await writeFile(join(folder, 'session.json'), content)
  expect(start(folder, 'next').take()).toBe('The last session did not end by itself; its record is damaged.')
})

test('a record that cannot be written is noted', async () => {
  const folder = await temporaryFolder()
  await mkdir(join(folder, 'session.json'))
  const session = start(folder, 'first')
  expect(session.take()).toBeNull()
  session.end()
  expect(session.log.ofSession('first')).toContain('EISDIR')
})
