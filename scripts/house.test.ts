/** The floors of the house: no import runs upwards, and none in a circle. */
import { expect, test } from 'vitest'
import { circlesOf, type Import, importsOf, sourceFiles } from './imports'

/** Core's ground: rooms that stand on nothing but each other. */
const ground = ['arch', 'routers', 'tensors', 'tokenizers', 'corpus', 'graph', 'formats']
const engine = [...ground, 'model', 'runtime']

/** The rooms that each room of core stands on, besides itself and the files that lie in core/ itself. */
const standsOn: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(ground.map((room) => [room, ground])),
  runtime: ['graph'],
  model: ground,
  generate: engine,
  evaluate: engine,
  stream: engine,
  compress: [...engine, 'evaluate'],
  train: [...engine, 'evaluate'],
  bench: [...engine, 'generate', 'evaluate', 'train'],
  routing: ['formats', 'arch', 'corpus'],
  scaling: ['arch'],
  stories: ['formats'],
  lab: [...engine, 'generate', 'evaluate', 'stream', 'compress', 'train', 'bench', 'routing', 'scaling']
}

/** The faces and what they may know of each other: of Electron's, the page knows the types of its channels. */
const faces: Readonly<Record<string, readonly string[]>> = {
  node: ['core'],
  cli: ['core', 'node'],
  electron: ['core', 'node'],
  renderer: ['core']
}

/** The rooms under every view of the page. `slices` are the files choices.ts and state.ts that a subject owns. */
const pageGround = ['host', 'charts', 'engine', 'slices', 'state', 'words', 'ui']
const views = ['lab', 'sweeps', 'compare', 'routing', 'compress', 'architectures', 'scaling', 'stories']

/** The rooms that each room of the page stands on, besides itself. */
const pageStandsOn: Readonly<Record<string, readonly string[]>> = {
  host: [],
  charts: [],
  engine: ['host'],
  slices: ['host', 'engine'],
  state: ['host', 'engine', 'slices'],
  words: ['charts', 'slices', 'state'],
  ui: ['charts', 'slices', 'state'],
  lab: pageGround,
  sweeps: [...pageGround, 'lab'],
  compare: [...pageGround, 'lab'],
  routing: [...pageGround, 'lab'],
  compress: [...pageGround, 'lab'],
  architectures: pageGround,
  scaling: pageGround,
  stories: [...pageGround, ...views.filter((view) => view !== 'stories')],
  player: [...pageGround, 'stories'],
  files: [...pageGround, ...views],
  home: [...pageGround, ...views, 'files'],
  commands: [...pageGround, ...views, 'files'],
  app: [...pageGround, ...views, 'files', 'home', 'commands']
}

/** Packages that belong to one face. */
const facePackages: Readonly<Record<string, string>> = {
  react: 'renderer',
  'react-dom': 'renderer',
  electron: 'electron'
}

const files = sourceFiles()
const imports = importsOf(files)
const isFile = ({ to }: Import) => files.includes(to)

test('the sources are found', () => {
  expect(imports.filter(isFile).length).toBeGreaterThan(1000)
  expect(imports.some(({ to }) => to === 'react')).toBe(true)
})

test('core knows no face, and no room of it knows one above', () => {
  const upwards = imports.filter(({ from, to }) => {
    if (!from.startsWith('core/') || !files.includes(to)) return false
    const [room, target] = [roomOf(from), roomOf(to)]
    if (!to.startsWith('core/')) return true
    return target !== room && target !== undefined && !(standsOn[room ?? ''] ?? []).includes(target)
  })
  expect(upwards.map(inWords)).toEqual([])
})

test('the faces do not import each other', () => {
  const across = imports.filter(({ from, to, typeOnly }) => {
    const [face = '', target = ''] = [faceOf(from), faceOf(to)]
    if (face === 'core' || !files.includes(to) || face === target) return false
    if (face === 'renderer' && to === 'electron/channels.ts') return !typeOnly
    return !(faces[face] ?? []).includes(target)
  })
  expect(across.map(inWords)).toEqual([])
})

test("the page's rooms import downwards only", () => {
  const inPage = imports.filter(({ from, to }) => pageRoomOf(from) !== undefined && pageRoomOf(to) !== undefined)
  expect(inPage.length).toBeGreaterThan(500)
  const upwards = inPage.filter(({ from, to }) => {
    const [room = '', target = ''] = [pageRoomOf(from), pageRoomOf(to)]
    return target !== room && !(pageStandsOn[room] ?? []).includes(target)
  })
  expect(upwards.map(inWords)).toEqual([])
})

test('packages of one face are imported by that face only', () => {
  const strangers = imports.filter(({ from, to }) => {
    const face = facePackages[to]
    return face !== undefined && faceOf(from) !== face
  })
  expect(strangers.map(inWords)).toEqual([])
})

test('no files import each other in a circle of values', () => {
  expect(circlesOf(imports.filter((each) => isFile(each) && !each.typeOnly))).toEqual([])
})

test('types circle inside one folder only', () => {
  const folderOf = (file: string) => file.slice(0, file.lastIndexOf('/'))
  const wide = circlesOf(imports.filter(isFile)).filter((circle) => new Set(circle.map(folderOf)).size > 1)
  expect(wide).toEqual([])
})

function faceOf(file: string): string | undefined {
  return file.split('/')[0]
}

/** The room of core that a file lies in; undefined for files of other faces and those in core/ itself. */
function roomOf(file: string): string | undefined {
  const [face, room, ...rest] = file.split('/')
  return face === 'core' && rest.length > 0 ? room : undefined
}

/** The room of the page that a file lies in; undefined for files of other faces and the page's beginning. */
function pageRoomOf(file: string): string | undefined {
  const [, room, name, ...deeper] = /^renderer\/src\/([^/]+)\/(.+)$/.exec(file) ?? []
  if (room === undefined) return undefined
  return deeper.length === 0 && room !== 'state' && /^(choices|state)\.ts$/.test(name ?? '') ? 'slices' : room
}

function inWords({ from, to }: Import): string {
  return `${from} -> ${to}`
}
