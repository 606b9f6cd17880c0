import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { corpusSpecSchema } from '../formats/training-report'
import { family } from './family'
import { fingerprintOf, planOf } from './fingerprint'

const corpus = corpusSpecSchema.parse({})
const fingerprints = family.map((member) => [member.id, fingerprintOf({ ...member, corpus })] as const)

test('the shipped models have the fingerprints under which their runs were saved', () => {
  const hashes = fingerprints.map(([id, each]) => [id, createHash('sha256').update(each).digest('hex').slice(0, 16)])
  expect(Object.fromEntries(hashes)).toMatchInlineSnapshot(`
    {
      "dense-128": "3a75e09ee5fd4e78",
      "dense-152": "f52d6c20ec904bb9",
      "dense-192": "7b5129c4a6439767",
      "dense-24": "bf10eafacbd7c804",
      "dense-32": "1f835b4f3a2a0cc5",
      "dense-48": "303303f70fa714f0",
      "dense-64": "5bbebffb4157dcf7",
      "dense-96": "95481926e00a9dbe",
      "moe-128": "29bb4ba1790ca745",
      "moe-32": "71c2f59204d6dec1",
      "moe-64": "52248c7190087cf5",
      "moe-64-shared": "17e279c05a4cff6c",
      "moe-64-top1": "d806c1d21e609d3f",
      "moe-64-unbalanced": "822b8f7f47012a8a",
    }
  `)
})

test('a fingerprint gives back the plan that it was made of', () => {
  const plans = fingerprints.map(([, each]) => planOf(each))
  expect(plans).toEqual(family.map(({ architecture, recipe }) => ({ architecture, corpus, recipe })))
})
