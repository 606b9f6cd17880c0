import { corpusSpecSchema, currentCorpus, inEdition, textCorpusSchema } from '@core/formats/training-report'
import { expect, test } from 'vitest'
import { earlierCorpusRemark, isOfEarlierCorpus } from './edition'

const first = corpusSpecSchema.parse({})
const own = textCorpusSchema.parse({ kind: 'text', sha256: '0'.repeat(64) })

test.each([
  ['a report of before there were editions', first, true],
  ['the text of the shipped models', currentCorpus, false],
  [
    'the first edition beside a text of the user',
    { ...own, beside: { share: 0.5, corpus: inEdition(first, 1) } },
    true
  ],
  ['a text of the user', own, false],
  ['no report', undefined, false]
] as const)('trained on %s', (_name, corpus, earlier) => {
  expect(isOfEarlierCorpus(corpus)).toBe(earlier)
})

test('what belongs to an earlier corpus says so', () => {
  expect(earlierCorpusRemark('The link', 1)).toMatch(/^The link belongs to an earlier corpus/)
  expect(earlierCorpusRemark('The link', 2)).toBeUndefined()
})
