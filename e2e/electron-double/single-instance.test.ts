import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { releaseLock, takeLock } from './single-instance'

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'moescope-'))
})
afterEach(async () => {
  releaseLock()
  await rm(folder, { recursive: true })
})

test('the second hands over its command line and learns that it is the second', async () => {
  const onSecond = vi.fn<(args: string[], cwd: string) => void>()
  expect(takeLock(join(folder, 'data'), onSecond)).toBe(true)
  expect(takeLock(join(folder, 'data'), () => {})).toBe(false)
  await expect.poll(() => onSecond).toHaveBeenCalledOnce()
  const [args, cwd] = onSecond.mock.calls[0] ?? []
  expect(args).toContain(process.argv[1])
  expect(cwd).toBe(process.cwd())
})

test('the lock of a process that is no more counts for nothing, and one that ends leaves none', async () => {
  await writeFile(join(folder, 'double-instance'), '999999999')
  expect(takeLock(folder, () => {})).toBe(true)
  releaseLock()
  expect(await readdir(folder)).toEqual(['double-messages'])
})

test('where nothing can be written there is no lock, as in Electron', async () => {
  await writeFile(join(folder, 'file'), '')
  expect(takeLock(join(folder, 'file', 'data'), () => {})).toBe(false)
})
