import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { build } from 'vite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { isPermissive, licenceCollector, packageFolder, readLicence } from './licences'

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'moescope-'))
})

afterAll(() => rm(folder, { recursive: true }))

describe('what a bundle holds', () => {
  test('is listed with its licence, and nothing else is', async () => {
    await writeFile(join(folder, 'entry.js'), `export { wrap } from ${JSON.stringify(resolve('node_modules/comlink'))}`)
    const licences = licenceCollector()
    const built = await build({
      configFile: false,
      logLevel: 'silent',
      plugins: [licences.write('licences.txt')],
      build: { write: false, lib: { entry: join(folder, 'entry.js'), formats: ['es'] } }
    })
    const [bundle] = Array.isArray(built) ? built : []
    const text = bundle?.output.find(({ fileName }) => fileName === 'licences.txt')
    const source = text?.type === 'asset' ? String(text.source) : ''
    expect(source.match(/^\S+ \d+\.\d+\.\d+, \S+$/gm)).toEqual(Array(2).fill('comlink 4.4.2, Apache-2.0'))
    expect(source).toContain('Copyright (c) Moescope contributors')
    expect(source).toContain('Apache License')
  })

  test('belongs to the innermost package', () => {
    expect(packageFolder('/a/node_modules/react/index.js')).toBe('/a/node_modules/react')
    expect(packageFolder('/a/node_modules/@x/y/z.js?worker')).toBe('/a/node_modules/@x/y')
    expect(packageFolder('/a/node_modules/b/node_modules/c/d.js')).toBe('/a/node_modules/b/node_modules/c')
    expect(packageFolder('C:\\a\\node_modules\\@x\\y\\z.js')).toBe('C:\\a\\node_modules\\@x\\y')
    expect(packageFolder('/a/core/node.ts')).toBeUndefined()
    expect(packageFolder('\0/a/node_modules/b/helper')).toBeUndefined()
  })
})

describe('a licence', () => {
  test.each(['MIT', 'ISC', '(MIT OR GPL-3.0-only)', 'GPL-3.0-only OR MIT', 'MIT AND ISC'])(
    '%s will do',
    (expression) => {
      expect(isPermissive(expression)).toBe(true)
    }
  )

  test.each([
    '',
    'GPL-3.0-only',
    'MIT AND GPL-3.0-only',
    'SEE LICENSE IN LICENSE',
    'UNLICENSED',
    '(MIT OR ISC) AND (GPL-3.0-only OR GPL-2.0-only)'
  ])("'%s' will not", (expression) => {
    expect(isPermissive(expression)).toBe(false)
  })

  test('that is not permissive stops the build and says which', async () => {
    await writePackage({ name: 'copyleft', version: '1.2.3', license: 'GPL-3.0-only' })
    expect(() => readLicence(folder)).toThrow(/copyleft 1\.2\.3: expected .*MIT.*, found 'GPL-3\.0-only'/)
  })

  test('that is not named stops the build', async () => {
    await writePackage({ name: 'bare', version: '1.0.0' })
    expect(() => readLicence(folder)).toThrow("found 'none'")
  })

  test('without a text stops the build and says where to put one', async () => {
    await writePackage({ name: '@some/one', version: '1.0.0', license: 'MIT' })
    expect(() => readLicence(folder)).toThrow(join('licences', '@some__one.txt'))
  })

  test('without a text of the package is taken from here', async () => {
    await writePackage({ name: 'onnxruntime-web', version: '1.0.0', license: 'MIT' })
    expect(readLicence(folder).text).toContain('Copyright (c) Microsoft Corporation')
  })

  test('of ONNX Runtime comes with the notices of the version that is used', () => {
    const { version, text } = readLicence(resolve('node_modules/onnxruntime-web'))
    expect(text).toContain(`ThirdPartyNotices.txt of\nONNX Runtime ${version} `)
    for (const name of ['abseil-cpp', 'Eigen', 'google/flatbuffers', 'google/re2', 'dawn', 'dcleblanc/SafeInt']) {
      expect(text).toContain(`\n_____\n\n${name}`)
    }
  })

  test('comes with its notices', async () => {
    await writePackage({ name: 'noticed', version: '1.0.0', license: 'Apache-2.0' })
    await writeFile(join(folder, 'LICENSE.md'), 'the licence\r\n')
    await writeFile(join(folder, 'NOTICE'), 'the notice\n')
    expect(readLicence(folder).text).toBe('the licence\n\nthe notice')
  })
})

async function writePackage(manifest: object): Promise<void> {
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifest))
}
