/** The imports of the project's own sources, as a graph of files. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { posix } from 'node:path'

/** One import or re-export of a file by another. */
export interface Import {
  readonly from: string
  /** A file of the project, or the name of a package. */
  readonly to: string
  /** True when only types cross it, so that nothing of it is left when the program runs. */
  readonly typeOnly: boolean
}

const statement =
  /(?:^|\n)\s*(?:import|export)(\s+type)?\b([^'"`;]*?)\bfrom\s*['"]([^'"]+)['"]|(?:^|\n)\s*import\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/g

const endings = ['', '.ts', '.tsx', '.mts', '.mjs', '/index.ts']

/** All sources of the project that git knows or would add, without tests and what only tests use. */
export function sourceFiles(): string[] {
  const listed = execFileSync(
    'git',
    ['ls-files', '--cached', '--others', '--exclude-standard', 'core', 'cli', 'node', 'electron', 'renderer'],
    { encoding: 'utf8' }
  )
  return listed
    .split('\n')
    .filter((file) => /\.tsx?$/.test(file) && !/\.(test|fixture|browser|arbitrary|d|config)\.tsx?$/.test(file))
}

/** The imports of files; what resolves to no source (styles, assets) is left out, packages are kept by name. */
export function importsOf(files: readonly string[]): Import[] {
  const known = new Set(files)
  return files.flatMap((from) => {
    const text = readFileSync(from, 'utf8')
    return [...text.matchAll(statement)].flatMap(([, type, names = '', named, bare, dynamic]): Import[] => {
      const to = resolve(known, from, named ?? bare ?? dynamic ?? '')
      return to === undefined ? [] : [{ from, to, typeOnly: type !== undefined || onlyTypes(names) }]
    })
  })
}

/** True when every name in braces is marked as a type: `{ type A, type B }`. */
function onlyTypes(names: string): boolean {
  const inBraces = /^\s*\{([^}]*)\}\s*$/.exec(names)?.[1]
  const each = (inBraces ?? '').split(',').filter((name) => name.trim() !== '')
  return each.length > 0 && each.every((name) => /^\s*type\s/.test(name))
}

function resolve(known: ReadonlySet<string>, from: string, specifier: string): string | undefined {
  const path = specifier.startsWith('@core/')
    ? `core/${specifier.slice('@core/'.length)}`
    : specifier.startsWith('.')
      ? posix.normalize(posix.join(posix.dirname(from), specifier))
      : undefined
  if (path === undefined) return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')
  return endings.map((ending) => `${path}${ending}`).find((file) => known.has(file))
}

/** Groups of two files or more that reach each other along these imports (Tarjan 1972). */
export function circlesOf(imports: readonly Import[]): string[][] {
  const next = new Map<string, string[]>()
  for (const { from, to } of imports) next.set(from, [...(next.get(from) ?? []), to])
  const order = new Map<string, number>()
  const lowest = new Map<string, number>()
  const open: string[] = []
  const circles: string[][] = []
  const visit = (file: string): number => {
    const place = order.size
    order.set(file, place)
    let low = place
    open.push(file)
    for (const target of next.get(file) ?? []) {
      const seen = order.get(target)
      if (seen === undefined) low = Math.min(low, visit(target))
      else if (open.includes(target)) low = Math.min(low, seen)
    }
    lowest.set(file, low)
    if (low === place) {
      const group = open.splice(open.indexOf(file))
      if (group.length > 1) circles.push(group.sort())
    }
    return low
  }
  for (const { from } of imports) if (!order.has(from)) visit(from)
  return circles
}
