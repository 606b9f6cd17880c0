import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fusesOnly, wrongFuses } from './fuses.mjs'

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'moescope-'))
})

afterAll(() => rm(folder, { recursive: true }))

test('every fuse on the wrong side is named', async () => {
  const program = join(folder, 'untouched')
  await writeFile(program, fusesOnly())
  expect(await wrongFuses(program)).toEqual(
    [
      'RunAsNode is not off',
      'EnableCookieEncryption is not on',
      'EnableNodeOptionsEnvironmentVariable is not off',
      'EnableNodeCliInspectArguments is not off',
      'EnableEmbeddedAsarIntegrityValidation is not on',
      'OnlyLoadAppFromAsar is not on',
      'GrantFileProtocolExtraPrivileges is not off'
    ].map((said) => `fuse ${said}: see electronFuses in electron-builder.ts`)
  )
})

test('a program in which they are all right has none', async () => {
  const program = join(folder, 'hardened')
  // The order is that of Electron's fuse wire, version 1; the seventh, another V8 snapshot, is left as it was.
  await writeFile(program, `some code dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX\x01\b01001100 more code`)
  expect(await wrongFuses(program)).toEqual([])
})

test('what is no program of Electron is refused', async () => {
  const program = join(folder, 'other')
  await writeFile(program, 'no fuses here')
  await expect(wrongFuses(program)).rejects.toThrow('Could not find sentinel')
})
