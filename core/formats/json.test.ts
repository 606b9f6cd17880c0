import fc from 'fast-check'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { FormatError } from './format-error'
import { jsonBy, jsonOf, jsonText, parseJson } from './json'

test('a value comes back from its text, whatever stands in its strings', () => {
  const awkward = fc.jsonValue({ maxDepth: 5 }).map((value) => ({ '[{"\\': ['\\"[[', value, '\\\\'] }))
  fc.assert(
    fc.property(awkward, (value) => {
      const wanted = JSON.parse(JSON.stringify(value))
      expect(parseJson(jsonText(value), 'f')).toEqual(wanted)
      expect(jsonOf(new TextEncoder().encode(`\ufeff${JSON.stringify(value)}`), 'f')).toEqual(wanted)
      expect(parseJson(`\ufeff${JSON.stringify(value)}`, 'f')).toEqual(wanted)
    })
  )
})

test('any text gives a value or a FormatError that begins with the place', () => {
  const token = fc.constantFrom('"', '\\', '[', ']', '{', '}', ':', ',', '1', 'null', 'a', '\n')
  fc.assert(
    fc.property(fc.array(token, { maxLength: 12 }), (tokens) => {
      try {
        parseJson(tokens.join(''), 'line 3')
      } catch (error) {
        expect(error).toBeInstanceOf(FormatError)
        expect(String(error)).toMatch(/^FormatError: line 3 is not JSON: /)
      }
    }),
    { numRuns: 500 }
  )
})

test('128 levels are read, and no more', () => {
  const nested = (levels: number) => `{"a":${'['.repeat(levels - 1)}"[[["${']'.repeat(levels - 1)}}`
  expect(() => parseJson(nested(128), 'f')).not.toThrow()
  expect(() => parseJson(nested(129), 'f')).toThrow(/^f: JSON of 129 levels of lists and objects, and 128 are read$/)
  expect(() => parseJson(nested(1_000_000), 'f')).toThrow(/1000000 levels/)
})

test('JSON of too many lists is refused before it is parsed', () => {
  expect(() => parseJson(`[${'[],'.repeat(4_000_000)}[]]`, 'line 2')).toThrow(
    /line 2: JSON of 4000002 lists and objects/
  )
})

test('a value that does not fit is told with its place, its field and what was found', () => {
  const schema = z.strictObject({ a: z.array(z.int()).optional() })
  const read = (value: unknown) => jsonBy(schema, new TextEncoder().encode(JSON.stringify(value)), 'x.json')
  expect(read({ a: [1] })).toEqual({ a: [1] })
  expect(() => read({ a: [1, 'b'] })).toThrow(/^x\.json: a\.1: .*expected number, received string$/)
  expect(() => read({ b: 1, a: 2 })).toThrow(/^x\.json: a: .*; Unrecognized key: "b"$/)
  const long = Array.from({ length: 30 }, () => 'b')
  expect(() => read({ a: long })).toThrow(/a\.4: [^;]*; and 25 more$/)
})
