import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { glossaryEntries } from '@core/glossary'
import { expect, test } from 'vitest'

const terms = glossaryEntries.map(({ term }) => term.toLowerCase())

/** Labels that are everyday words, or name what stands in their row or column. */
const everyday = new Set([
  'model',
  'family',
  'year',
  'published',
  'figure',
  'fits',
  'share',
  'occurrences',
  'favourite',
  'parameters',
  'law',
  'region',
  'size',
  'each',
  'estimate',
  'training',
  'compute',
  'device-hours',
  'energy',
  'a step waits for',
  'carbon (co₂e)',
  'bytes of the weights',
  'carbon, co₂e',
  'time of a step, ms',
  'its partner',
  'random',
  'effective / active'
])

const sources = readdirSync('renderer/src', { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.tsx'))
  .map((file) => ({ file, text: readFileSync(join('renderer/src', file), 'utf8') }))

/** Labels of axes, rows, columns and figures in the page's sources. */
const patterns = [
  /\b[xy]=\{\{\s*label: '([^']+)'/g,
  /\blabel: (?:\w+ \? '[^']+' : )?'([^']+)',\s*(?:scale|format)/g,
  /\bquantity="([^"]+)"/g,
  /\b(?:rowTitle|columnTitle)="([^"]+)"/g,
  /<th[^>]*>([^<{]+)<\/th>/g,
  /\brow\(\s*'([^']+)'/g,
  /\bid: '\w+',\s*label: '([^']+)',\s*title: '/g
]

test('every label of axes, tables and figures is a term of the glossary or an everyday word', () => {
  const labels = sources.flatMap(({ file, text }) =>
    patterns.flatMap((pattern) => [...text.matchAll(pattern)].map(([, label = '']) => ({ file, label: label.trim() })))
  )
  expect(labels.length).toBeGreaterThan(60)
  const unknown = labels.filter(({ label }) => {
    const words = label.toLowerCase()
    const isTerm = terms.includes(`${words} parameters`) || terms.some((term) => words.includes(term))
    return !everyday.has(words) && !isTerm
  })
  expect(unknown).toEqual([])
})

test('the meters are the three sizes of the glossary', () => {
  for (const meter of ['total', 'active', 'effective']) expect(terms).toContain(`${meter} parameters`)
  const meters = sources.filter(({ file }) => /compare\/meters|architectures\/MetersPanel/.test(file))
  const names = meters.flatMap(({ text }) => [...text.matchAll(/<\/b> (\w+)/g)].map(([, name]) => name))
  expect(new Set(names)).toEqual(new Set(['total', 'active', 'effective']))
})

test('each term is defined once, in a sentence, with a source', () => {
  expect(new Set(terms).size).toBe(terms.length)
  for (const { definition, source } of glossaryEntries) {
    expect(definition).toMatch(/^[A-Z(E].*[^ ]$/)
    expect(source).not.toBe('')
  }
})
