import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { countDescription } from '../count/parameters'
import { knownModelTypes, readDescription } from '../describe/read'

const schema = z.object({
  totals: z.record(z.string(), z.array(z.tuple([z.record(z.string(), z.unknown()), z.int()])))
})
const file = new URL('transformers-totals.json', import.meta.url)
const { totals } = schema.parse(JSON.parse(readFileSync(file, 'utf8')))

describe('random edits of the configuration classes of transformers are counted as its models are', () => {
  test.each(Object.entries(totals))('%s', (_, edits) => {
    for (const [config, total] of edits) expect(countDescription(readDescription(config)).total).toBe(total)
  })
})

test('most kinds are held to transformers', () => {
  expect(Object.keys(totals).length).toBeGreaterThan(110)
  expect(knownModelTypes.length).toBeGreaterThan(190)
})
