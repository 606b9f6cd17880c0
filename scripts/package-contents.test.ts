import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { extractFile } from '@electron/asar'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import configuration from '../electron-builder'
import manifest from '../package.json'
import { budget, checkPackage, type PackedFile, packageProblems, scriptBudgets } from './package-contents.mjs'

let folder: string
let pack: Awaited<ReturnType<typeof checkPackage>>

// Needs the build in out/, which npm test makes first.
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'moescope-package-'))
  pack = await checkPackage(folder)
}, 300_000)

afterAll(() => rm(folder, { recursive: true }))

describe('the package that electron-builder makes', () => {
  test('has everything the app needs, nothing else, the fuses set, and keeps to its budget', () => {
    expect(pack.problems).toEqual([])
    expect(pack.files.filter(({ path }) => path.endsWith('.safetensors')).length).toBeGreaterThan(10)
  })

  test('says what it is', () => {
    const packed = JSON.parse(read('package.json')) as Record<string, unknown>
    expect(packed).toMatchObject({ name: 'moescope', productName: 'Moescope', main: manifest.main, license: 'MIT' })
    expect(packed).not.toHaveProperty('scripts')
    expect(packed).not.toHaveProperty('devDependencies')
  })

  test('names the licences of what it contains', () => {
    const licences = read('out/renderer/licences.txt')
    for (const name of ['react', 'react-dom', 'zod', 'comlink', 'onnxruntime-web']) {
      expect(licences).toMatch(new RegExp(`^${name} \\d`, 'm'))
    }
  })

  test('opens its files on a Linux desktop, in the sandbox', () => {
    const entry = pack.desktopEntry.split('\n')
    expect(entry).toContain('Exec=AppRun %U')
    expect(entry).toContain('Categories=Science;Education;')
    expect(entry).toContain(
      'MimeType=application/x-moescope+json;application/x-moescope-story;application/x-safetensors;'
    )
    expect(entry).toContain('StartupWMClass=moescope')
  })

  test('can be made a .deb, with an icon of every size', () => {
    expect(pack.deb).toEqual(expect.arrayContaining(['--maintainer', 'Moescope contributors', '--license', 'MIT']))
    const icons = pack.deb.filter((argument) => argument.includes('=/usr/share/icons/hicolor/'))
    expect(icons.map((argument) => /(\d+)x\1\/apps\/moescope\.png$/.exec(argument)?.[1])).toEqual(
      [16, 24, 32, 48, 64, 128, 256, 512].map(String)
    )
  })
})

describe('the check finds', () => {
  test.each([
    'package.json',
    'LICENSE',
    'out/main/index.js',
    'out/preload/index.cjs',
    'out/renderer/index.html',
    'out/renderer/icon.svg',
    'out/renderer/licences.txt',
    'out/renderer/story-player.html',
    'out/renderer/models/index.json',
    'out/renderer/models/moe-64/model.safetensors',
    'out/renderer/models/moe-64/seeds/2.json',
    'out/renderer/models/dense-24/tokenizer.json'
  ])('that %s is missing', (path) => {
    expect(problemsOf(pack.files.filter((file) => file.path !== path))).toEqual([expect.stringContaining(path)])
  })

  test('that one of the engines, or a script of the page, is missing', () => {
    expect(problemsOf(pack.files.filter(({ path }) => !path.endsWith('.wasm')))).toEqual([
      'the engine (ort-wasm-simd-threaded.wasm) is missing',
      'the engine (ort-wasm-simd-threaded.jspi.wasm) is missing'
    ])
    expect(problemsOf(pack.files.filter(({ path }) => !/jspi.*\.wasm$/.test(path)))).toEqual([
      'the engine (ort-wasm-simd-threaded.jspi.wasm) is missing'
    ])
    const [, name] = /src="\.\/(assets\/[^"]+\.js)"/.exec(read('out/renderer/index.html')) ?? []
    const script = `out/renderer/${name}`
    expect(problemsOf(pack.files.filter(({ path }) => path !== script))).toEqual([
      `${script} is missing (index.html names it)`
    ])
  })

  test.each([
    'node_modules/onnxruntime-node/package.json',
    'out/main/node_modules/zod/index.js',
    'out/main/index.js.map',
    'out/renderer/assets/chart.test.js',
    'out/renderer/.DS_Store',
    'out/renderer/engine.ts',
    'out/cli/moescope.js',
    'core/arch/types.ts'
  ])('that %s does not belong there', (path) => {
    expect(problemsOf([...pack.files, { path, size: 1, verified: true }])).toEqual([
      `${path} does not belong into a package`
    ])
  })

  test('a file that is not verified, and a package that is too large', () => {
    const path = 'out/renderer/models/new.bin'
    expect(problemsOf([...pack.files, { path, size: 1, verified: false }])).toEqual([
      `${path} has no hash in the archive`
    ])
    expect(problemsOf([...pack.files, { path, size: budget, verified: true }])).toEqual([
      expect.stringContaining('its budget is 90.00 MiB')
    ])
  })

  test('that the scripts of the page are too large, without ONNX Runtime', () => {
    const grown = (name: string, kilobytes: number) =>
      problemsOf([
        ...pack.files.filter(({ path }) => path !== `out/renderer/assets/${name}`),
        { path: `out/renderer/assets/${name}`, size: kilobytes * 1000, verified: true }
      ])
    const [, first = ''] = /src="\.\/assets\/([^"]+\.js)"/.exec(read('out/renderer/index.html')) ?? []
    expect(grown('another-view.js', scriptBudgets.all)).toEqual([
      expect.stringMatching(/^the scripts of the page and its workers have \d+ kB and their budget is 2331 kB$/)
    ])
    expect(grown(first, scriptBudgets.first)).toEqual([
      expect.stringMatching(/^the scripts that the front page waits for have \d+ kB and their budget is 576 kB$/),
      expect.stringContaining('scripts of the page and its workers')
    ])
    expect(grown('ort.bundle.min.js', scriptBudgets.all)).toEqual([])
  })

  test.each([
    'import { z } from "zod";',
    'import e from"zod";import"electron"',
    'import"zod"',
    'const a = await import("zod")',
    'var z = require("zod")'
  ])('that the main process imports a package: %s', (code) => {
    const problems = packageProblems(pack.files, (path) => (path === 'out/main/index.js' ? code : read(path)))
    expect(problems).toEqual([expect.stringContaining('out/main/index.js imports zod')])
  })
})

describe('the configuration', () => {
  test('signs and hardens the macOS app, whoever builds it', () => {
    expect(configuration.mac).toMatchObject({ hardenedRuntime: true, target: ['dmg', 'zip'] })
  })

  test('claims .moescope and .moescope-story, and is only one of many for .safetensors', () => {
    const { fileAssociations, mac, win } = configuration
    expect(fileAssociations).toEqual(
      ['moescope', 'moescope-story'].map((ext) => expect.objectContaining({ ext, rank: 'Owner' }))
    )
    expect(mac?.fileAssociations).toEqual([expect.objectContaining({ role: 'Viewer', rank: 'Alternate' })])
    expect(win).not.toHaveProperty('fileAssociations')
  })

  test('publishes nothing and takes no code from outside the archive', () => {
    expect(configuration).toMatchObject({ publish: null, asar: true })
    for (const name of ['asarUnpack', 'extraFiles', 'extraResources', 'disableAsarIntegrity']) {
      expect(configuration).not.toHaveProperty(name)
    }
  })
})

function read(path: string): string {
  return extractFile(pack.archive, join(...path.split('/'))).toString('utf8')
}

function problemsOf(files: readonly PackedFile[]): string[] {
  return packageProblems(files, read)
}
