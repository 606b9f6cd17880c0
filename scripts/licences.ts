/** Collects the licences of all packages whose code the bundles hold, and ships their texts with the page. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Plugin, Rolldown } from 'vite'

/** Licences that ask for no more than their notice, or little more. Another one stops the build until somebody has thought about it. */
const permissive = new Set([
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
  'MIT-0',
  // It asks that the source of its files can be had, which are shipped as they are published: the heading says where.
  'MPL-2.0',
  'Unlicense',
  'Zlib'
])

/** Texts for packages that ship none: `NAME.txt`, with '__' for a slash in the name. */
const ownTexts = resolve('scripts/licences')

/** Licence fields of a package. */
export interface Licence {
  readonly name: string
  readonly version: string
  /** SPDX expression. */
  readonly licence: string
  /** Its licence and notice files, whole. */
  readonly text: string
}

/**
 * Plugins for builds that follow each other: `collect` notes which packages a bundle holds, `write` does so too and adds
 * a text file with the licences of all packages noted so far. It belongs to the last build.
 */
export function licenceCollector(): { collect: () => Plugin; write: (fileName: string) => Plugin } {
  const folders = new Set<string>()
  const note = (bundle: Rolldown.OutputBundle) => {
    for (const id of Object.values(bundle).flatMap((output) => (output.type === 'chunk' ? output.moduleIds : []))) {
      const folder = packageFolder(id)
      if (folder !== undefined) folders.add(folder)
    }
  }
  return {
    collect: () => ({ name: 'licences', apply: 'build', generateBundle: (_options, bundle) => note(bundle) }),
    write: (fileName) => ({
      name: 'licences',
      apply: 'build',
      generateBundle(_options, bundle) {
        note(bundle)
        this.emitFile({ type: 'asset', fileName, source: licencesText([...folders].map(readLicence)) })
      }
    })
  }
}

/**
 * The folder of the package that a module belongs to.
 *
 * @param id a module's path, possibly with a query
 * @returns undefined for a module of Moescope's own, or one that the bundler made up
 */
export function packageFolder(id: string): string | undefined {
  if (id.startsWith('\0')) return undefined
  return /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/?]+/.exec(id)?.[0]
}

/**
 * Reads what a package's folder says about its licence.
 *
 * @throws {Error} if it names no permissive licence, or has no text and none is kept here for it
 */
export function readLicence(folder: string): Licence {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest
  const licence = typeof license === 'string' ? license : 'none'
  if (!isPermissive(licence)) {
    throw new Error(
      `${name} ${version}: expected a licence of ${[...permissive].join(', ')}, found '${licence}'. ` +
        'Choose another package, or add the licence to scripts/licences.ts if Moescope may be shipped under it.'
    )
  }
  const files = readdirSync(folder).filter((file) => /^(licen[cs]e|copying|notice)([.-]|$)/i.test(file))
  const own = join(ownTexts, `${name.replace('/', '__')}.txt`)
  const paths = files.length > 0 ? files.map((file) => join(folder, file)) : existsSync(own) ? [own] : []
  if (paths.length === 0) {
    throw new Error(`${name} ${version}: it ships no licence text. Put its author's into ${own}.`)
  }
  const text = paths.map((path) => readFileSync(path, 'utf8').replaceAll('\r\n', '\n').trim()).join('\n\n')
  return { name, version, licence, text }
}

interface Manifest {
  readonly name: string
  readonly version: string
  readonly license?: unknown
}

/**
 * True when permissive licences alone satisfy an SPDX expression.
 *
 * @param expression e.g. `MIT`, `(MIT OR GPL-3.0-only)`, `MIT AND ISC`
 */
export function isPermissive(expression: string): boolean {
  // AND binds tighter than OR. Brackets but around the whole are left in the names, which are then found nowhere.
  const plain = expression.replace(/^\(([^()]*)\)$/, '$1')
  return plain.split(' OR ').some((choice) => choice.split(' AND ').every((licence) => permissive.has(licence)))
}

/**
 * The text that is shipped: Moescope's own licence, a list of the packages, then the texts, each once.
 *
 * @param what holds them; the app by default, whose licences of Electron lie beside it
 */
export function licencesText(licences: readonly Licence[], what?: string): string {
  const sorted = [...licences].sort((a, b) => a.name.localeCompare(b.name, 'en'))
  const byText = new Map<string, Licence[]>()
  for (const licence of sorted) byText.set(licence.text, [...(byText.get(licence.text) ?? []), licence])
  const sections = [...byText].map(([text, those]) => `${line}\n${those.map(heading).join('\n')}\n${line}\n\n${text}\n`)
  return `Moescope\n\n${readFileSync(resolve('LICENSE'), 'utf8').trim()}

${line}
${what ?? 'It'} contains the packages below.${what === undefined ? ` ${ofElectron}` : ''}

${sorted.map(heading).join('\n')}

${sections.join('\n')}`
}

const ofElectron = `The desktop app also contains Electron and Chromium, whose licences lie beside its program:
LICENSE.electron.txt and LICENSES.chromium.html.`

const line = '-'.repeat(80)

function heading({ name, version, licence }: Licence): string {
  const source = licence === 'MPL-2.0' ? `, source: https://www.npmjs.com/package/${name}/v/${version}` : ''
  return `${name} ${version}, ${licence}${source}`
}
