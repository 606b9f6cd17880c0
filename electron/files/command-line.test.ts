import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { filesOf } from './command-line'

const cwd = resolve('/home/user/traces')
const a = resolve(cwd, 'a.json')

test.each([
  ['nothing', ['/opt/moescope/moescope'], []],
  ['a relative path', ['moescope', 'a.json'], [a]],
  ['a path with spaces', ['moescope', 'my traces/a b.json'], [resolve(cwd, 'my traces', 'a b.json')]],
  ['a path upwards', ['moescope', '../b.json'], [resolve('/home/user/b.json')]],
  ['an absolute path', ['moescope', resolve('/x/c.json')], [resolve('/x/c.json')]],
  ['a file: address', ['moescope', pathToFileURL(a).href], [a]],
  ['a file: address of another machine', ['moescope', 'file://%'], []],
  ['switches', ['moescope', '--inspect=0', '-psn_0_1', 'a.json', '--user-data-dir=/x'], [a]],
  ['what follows --', ['moescope', '--', '-a.json'], [resolve(cwd, '-a.json')]],
  ['empty words', ['moescope', '', 'a.json'], [a]],
  ['several in their order', ['moescope', 'b', 'a'], [resolve(cwd, 'b'), resolve(cwd, 'a')]]
])('packaged: %s', (_name, args, files) => {
  expect(filesOf(args, true, cwd)).toEqual(files)
})

test.each([
  [['electron', '.'], []],
  [['electron', '--inspect=0', '--remote-debugging-port=0', '.', 'a.json'], [a]],
  [['electron', '.', '--', 'a.json'], [a]]
])('while developing, %j names the app itself first', (args, files) => {
  expect(filesOf(args, false, cwd)).toEqual(files)
})
