import fc from 'fast-check'
import { expect, test } from 'vitest'
import { canonicalJson } from './canonical-json'

/** The definition: a replacer that makes every object anew with its keys sorted. */
function byReplacer(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) =>
    typeof each === 'object' && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)))
      : each
  )
}

const key = fc.oneof(fc.string(), fc.constantFrom('0', '2', '10', '007', 'a', 'B', '-1', '1e3', 'é'))

const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(null, undefined, true, -0, 0.1, 1e300, Number.NaN),
    fc.string(),
    fc.array(tie('value')),
    fc.dictionary(key, tie('value'), { noNullPrototype: true })
  )
}))

test('is what JSON.stringify makes of objects with sorted keys', () => {
  fc.assert(
    fc.property(value, (each) => {
      expect(canonicalJson([each])).toBe(byReplacer([each]))
    })
  )
  expect(canonicalJson({ b: 1, a: [undefined, { d: undefined, c: null }], 10: '', 2: '' })).toBe(
    '{"2":"","10":"","a":[null,{"c":null}],"b":1}'
  )
})
