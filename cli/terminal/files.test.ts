import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { temporaryFolder } from '../command.fixture'
import { FailureError } from './errors'
import { parseJson, readExisting, writeWhole } from './files'

test('a file is written whole, in a folder that is made for it', async () => {
  const path = join(await temporaryFolder(), 'a', 'b', 'c.txt')
  await writeWhole(path, 'first')
  await writeWhole(path, 'second')
  expect(await readFile(path, 'utf8')).toBe('second')
})

test('when a file cannot be written, what was there stays and nothing is left over', async () => {
  const folder = await temporaryFolder()
  // A folder of that name with something in it refuses to be replaced, also for the superuser.
  await mkdir(join(folder, 'taken'))
  await writeFile(join(folder, 'taken', 'kept'), 'kept')
  await expect(writeWhole(join(folder, 'taken'), 'new')).rejects.toThrow(FailureError)
  await expect(writeWhole(join(folder, 'taken'), 'new')).rejects.toThrow(/cannot write .*taken: .*is unchanged/)
  await expect(writeWhole(join(folder, 'taken', 'kept', 'below'), 'new')).rejects.toThrow(
    /cannot write .*below: a part of its path is a file/
  )
  expect(await readdir(folder)).toEqual(['taken'])
  expect(await readFile(join(folder, 'taken', 'kept'), 'utf8')).toBe('kept')
})

test('what cannot be read or parsed is told with its file and place', async () => {
  const folder = await temporaryFolder()
  await expect(readExisting(join(folder, 'none'))).rejects.toThrow(/none does not exist/)
  await expect(readExisting(folder)).rejects.toThrow(/cannot read .*EISDIR/)
  const schema = z.object({ a: z.array(z.int()) })
  const parse = (text: string) => parseJson('x.json', new TextEncoder().encode(text), schema)
  expect(parse('{"a": [1]}')).toEqual({ a: [1] })
  expect(() => parse('{"a": [1, "b"]}')).toThrow(/^x\.json: a\.1: .*expected number/)
  expect(() => parse('{')).toThrow(/^x\.json is not JSON: /)
})
