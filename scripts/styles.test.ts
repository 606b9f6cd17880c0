/** Style sheets and what names their classes agree: a class that no sheet has is no error to the browser. */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'

const folder = 'renderer/src'
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((path) => join(folder, path))
const sheetImport = /import (styles) from '(\.[^']+\.module\.css)'/g

/** Classes by the sheet that has them. */
const classesOf = new Map(
  files
    .filter((path) => path.endsWith('.module.css'))
    .map((path) => [
      path,
      new Set(Array.from(readFileSync(path, 'utf8').matchAll(/\.([a-z]\w*)/gi), ([, name = '']) => name))
    ])
)

/** Classes that a file of the page names, with their sheets. */
function named(path: string): { path: string; sheet: string; name: string }[] {
  const text = readFileSync(path, 'utf8')
  return [...text.matchAll(sheetImport)].flatMap(([, binding = '', from = '']) =>
    Array.from(text.matchAll(new RegExp(`(?<![/.\\w])${binding}\\.(?!module)([a-z]\\w*)`, 'g')), ([, name = '']) => ({
      path,
      sheet: join(dirname(path), from),
      name
    }))
  )
}

const uses = files.filter((path) => path.endsWith('.tsx')).flatMap(named)

test('every class that is named is in its style sheet', () => {
  expect(uses.length).toBeGreaterThan(200)
  expect(uses.filter(({ sheet, name }) => !classesOf.get(sheet)?.has(name))).toEqual([])
})
