// Packs the app with electron-builder around a stand-in for Electron's program, to see what a package holds without it.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import asar from '@electron/asar'
import { Arch, build, Platform } from 'electron-builder'
import { root } from './command.mjs'
import { fusesOnly } from './fuses.mjs'

/** @typedef {{ path: string, size: number, verified: boolean }} PackedFile `verified`: the archive holds its hashes */

/**
 * @param {string} folder an empty one for the stand-in and the package
 * @returns {Promise<{ program: string, resources: string, archive: string, desktopEntry: string, deb: string[] }>} what
 * was packed for Linux: the program, the folder of the app beside it, and the archive in that; then what would go into the
 * AppImage (its desktop entry) and the .deb (the arguments of the program that makes it)
 * @throws {Error} if electron-builder refuses the configuration or a file is missing
 */
export async function packWithoutElectron(folder) {
  const electronDist = join(folder, 'electron')
  mkdirSync(join(electronDist, 'resources'), { recursive: true })
  writeFileSync(join(electronDist, 'electron'), fusesOnly(), { mode: 0o755 })
  let desktopEntry = ''
  /** @type {string[]} */
  let deb = []
  await build({
    projectDir: root,
    targets: Platform.LINUX.createTarget(['AppImage', 'deb'], Arch.x64),
    publish: 'never',
    config: { electronDist, directories: { output: join(folder, 'package') } },
    // Answering true ends each format here, before the tools that make it are fetched.
    effectiveOptionComputed: (/** @type {{ desktop: string } | [string[], string]} */ options) => {
      if (Array.isArray(options)) deb = options[0]
      else desktopEntry = options.desktop
      return Promise.resolve(true)
    }
  })
  const packed = join(folder, 'package', 'linux-unpacked')
  const resources = join(packed, 'resources')
  return { program: join(packed, 'moescope'), resources, archive: join(resources, 'app.asar'), desktopEntry, deb }
}

/**
 * The files in an archive, by name.
 *
 * @param {string} archive
 * @returns {PackedFile[]} paths with '/'; sizes in bytes
 */
export function packedFiles(archive) {
  const { header } = asar.getRawHeader(archive)
  return [...walk(header, '')].sort((a, b) => (a.path < b.path ? -1 : 1))
}

/**
 * @param {string} archive
 * @param {string} path with '/'
 * @returns {Buffer} its content
 */
export function packedFile(archive, path) {
  return asar.extractFile(archive, join(...path.split('/')))
}

/** @typedef {{ files?: Record<string, Entry>, size?: number, unpacked?: boolean, integrity?: object }} Entry */

/**
 * @param {Entry} entry
 * @param {string} path
 * @returns {Generator<PackedFile>}
 */
function* walk({ files, size = 0, unpacked = false, integrity }, path) {
  if (files === undefined) yield { path, size, verified: integrity !== undefined && !unpacked }
  for (const [name, child] of Object.entries(files ?? {})) yield* walk(child, path === '' ? name : `${path}/${name}`)
}
