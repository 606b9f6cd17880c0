// Contents of a package, and budgets of their size.
import { readdirSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { posix } from 'node:path'
import { wrongFuses } from './fuses.mjs'
import { packedFile, packedFiles, packWithoutElectron } from './pack.mjs'

/** Most bytes of the app in a package, without Electron: 83 MiB as measured, 51 of them models and 30 the engine. */
export const budget = 90 * 1024 * 1024

/**
 * Most kB (1000 bytes) of the page's scripts, minified and without ONNX Runtime: those that the front page waits for
 * (573 as measured, of which 2 are undo of the user's stories and what adds to them, and 8 read the config.json of
 * GLM-4.5, DeepSeek-V2, V3 and gpt-oss), and all, with those of the other views and of the workers (2327, of which 22 tell
 * stories, 36 edit them and record the views, 55 show and plan sweeps, and 212 write videos and 96 read YAML, loaded by
 * whoever asks for one).
 */
export const scriptBudgets = { first: 576, all: 2331 }

const folders = ['out/main/', 'out/preload/', 'out/renderer/']
const page = 'out/renderer'
const needed = [
  'package.json',
  'LICENSE',
  ...['index.html', 'story-player.html', 'licences.txt'].map((name) => `${page}/${name}`)
]
/** ONNX Runtime's programs, for the processor and for WebGPU; a hash follows in the names of the files. */
const programs = ['ort-wasm-simd-threaded', 'ort-wasm-simd-threaded.jspi']
const modelFiles = ['config.json', 'model.safetensors', 'tokenizer.json', 'tokenizer_config.json']
const unwanted = [/(^|\/)node_modules\//, /\.map$/, /\.(test|spec|browser|fixture)\./, /\.[cm]?tsx?$/, /(^|\/)\./]

/**
 * Problems of a package.
 *
 * @param {readonly import('./pack.mjs').PackedFile[]} files
 * @param {(path: string) => string} read the text of one of them
 * @returns {string[]} a sentence each
 */
export function packageProblems(files, read) {
  const paths = new Set(files.map(({ path }) => path))
  const named = paths.has(`${page}/index.html`) ? pageFiles(read(`${page}/index.html`)) : []
  const missing = (/** @type {string} */ path, /** @type {string} */ of) =>
    paths.has(path) ? [] : [`${path} is missing (${of})`]
  const strange = files.filter(
    ({ path }) => !needed.includes(path) && !folders.some((folder) => path.startsWith(folder))
  )
  const kinds = files.filter(({ path }) => unwanted.some((kind) => kind.test(path)))
  const bytes = totalBytes(files)
  return [
    ...needed.flatMap((path) => missing(path, 'every package has it')),
    ...(paths.has('package.json') ? programProblems(paths, read) : []),
    ...named.flatMap((path) => missing(path, 'index.html names it')),
    ...programs
      .filter((name) => !files.some(({ path }) => isProgram(path, name)))
      .map((name) => `the engine (${name}.wasm) is missing`),
    ...(paths.has(`${page}/models/index.json`)
      ? modelsFiles(read(`${page}/models/index.json`))
      : [`${page}/models/index.json`]
    ).flatMap((path) => missing(path, 'models/index.json names its model')),
    ...new Set([...strange, ...kinds].map(({ path }) => `${path} does not belong into a package`)),
    ...files.filter(({ verified }) => !verified).map(({ path }) => `${path} has no hash in the archive`),
    ...(bytes > budget ? [`the app has ${mebibytes(bytes)} and its budget is ${mebibytes(budget)}`] : []),
    ...scriptProblems(scriptsOf(files), new Set(named))
  ]
}

/**
 * @param {string} path
 * @param {string} name
 */
function isProgram(path, name) {
  return path.startsWith(`${page}/assets/${name}-`) && path.endsWith('.wasm')
}

/**
 * @param {readonly import('./pack.mjs').PackedFile[]} scripts
 * @param {ReadonlySet<string>} named paths that the page names
 */
function scriptProblems(scripts, named) {
  const first = scripts.filter(({ path }) => named.has(path))
  return [
    ...overBudget(first, scriptBudgets.first, 'scripts that the front page waits for'),
    ...overBudget(scripts, scriptBudgets.all, 'scripts of the page and its workers')
  ]
}

/**
 * @param {readonly import('./pack.mjs').PackedFile[]} scripts
 * @param {number} most kB
 * @param {string} what they are
 */
function overBudget(scripts, most, what) {
  const bytes = totalBytes(scripts)
  return bytes > most * 1000 ? [`the ${what} have ${kilobytes(bytes)} and their budget is ${most} kB`] : []
}

/**
 * The page's own scripts: all but ONNX Runtime.
 *
 * @param {readonly import('./pack.mjs').PackedFile[]} files
 */
function scriptsOf(files) {
  return files.filter(({ path }) => path.startsWith(`${page}/assets/`) && /\/(?!ort\.)[^/]*\.js$/.test(path))
}

/**
 * The main process and the preload script must be there and hold all their code.
 *
 * @param {ReadonlySet<string>} paths
 * @param {(path: string) => string} read
 */
function programProblems(paths, read) {
  const main = posix.normalize(JSON.parse(read('package.json')).main)
  return [main, 'out/preload/index.cjs'].flatMap((path) => {
    if (!paths.has(path)) return [`${path} is missing (Electron starts it)`]
    const foreign = imported(read(path)).filter(
      (name) => name !== 'electron' && !isBuiltin(name) && !name.startsWith('.')
    )
    return foreign.map((name) => `${path} imports ${name}: a package has no node_modules, so it must be bundled`)
  })
}

/** @param {string} code */
function imported(code) {
  const found = code.matchAll(
    /(?:^|[;\s])(?:import|export)\b[^;'"`()]*['"]([^'"]+)['"]|\b(?:import|require)\(\s*['"]([^'"]+)['"]/g
  )
  return [...new Set([...found].map(([, statement, call]) => statement ?? call ?? ''))]
}

/**
 * @param {string} html
 * @returns {string[]} paths of the files that the page names
 */
function pageFiles(html) {
  const names = [...html.matchAll(/\s(?:src|href)="([^"]+)"/g)].map(([, name = '']) => name)
  return names.map((name) => posix.join(page, name))
}

/**
 * @param {string} index models/index.json
 * @returns {string[]} paths of the files of all models and studies that it names
 */
function modelsFiles(index) {
  /**
   * @type {{
   *   models: { id: string, reports: string[], checkpoints?: { folder: string }[] }[],
   *   studies?: { reports: string[] }[]
   * }}
   */
  const { models, studies = [] } = JSON.parse(index)
  const folders = models.flatMap(({ id, checkpoints = [] }) => [id, ...checkpoints.map(({ folder }) => folder)])
  const names = [
    ...folders.flatMap((folder) => modelFiles.map((name) => `${folder}/${name}`)),
    ...models.map(({ id }) => `${id}/training.json`),
    ...[...models, ...studies].flatMap(({ reports }) => reports)
  ]
  return [...new Set(names)].map((name) => `${page}/models/${name}`)
}

/**
 * Files and bytes by folder, and of the page's scripts, as lines of a table.
 *
 * @param {readonly import('./pack.mjs').PackedFile[]} files
 */
export function packageTable(files) {
  /** @type {Map<string, import('./pack.mjs').PackedFile[]>} */
  const groups = new Map()
  for (const file of files) {
    const folder = file.path.split('/').slice(0, -1).slice(0, 3).join('/') || '.'
    groups.set(folder, [...(groups.get(folder) ?? []), file])
  }
  const rows = [...groups].map(([folder, those]) => row(folder, those))
  const scripts = `page scripts ${kilobytes(totalBytes(scriptsOf(files)))} without ONNX Runtime`
  return [...rows, row('total', files), scripts].join('\n')
}

/**
 * @param {string} name
 * @param {readonly import('./pack.mjs').PackedFile[]} files
 */
function row(name, files) {
  return `${name.padEnd(22)}${String(files.length).padStart(5)} files${mebibytes(totalBytes(files)).padStart(12)}`
}

/** @param {readonly import('./pack.mjs').PackedFile[]} files */
function totalBytes(files) {
  return files.reduce((sum, { size }) => sum + size, 0)
}

/** @param {number} bytes */
function kilobytes(bytes) {
  return `${Math.round(bytes / 1000)} kB`
}

/** @param {number} bytes */
function mebibytes(bytes) {
  return `${(bytes / 1024 / 1024).toFixed(2)} MiB`
}

/**
 * Packs what is built and checks it.
 *
 * @param {string} folder an empty one to pack in
 */
export async function checkPackage(folder) {
  const pack = await packWithoutElectron(folder)
  const { program, resources, archive } = pack
  const files = packedFiles(archive)
  const beside = readdirSync(resources).filter((name) => name !== 'app.asar' && name !== 'apparmor-profile')
  const problems = [
    ...packageProblems(files, (path) => packedFile(archive, path).toString('utf8')),
    ...beside.map((name) => `resources/${name} lies beside the archive, where nothing verifies it`),
    ...(await wrongFuses(program))
  ]
  return { ...pack, files, problems }
}
