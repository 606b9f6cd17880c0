import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { corpusSpecSchema, inEdition } from '../formats/training-report'
import { families } from './family'
import { fingerprintOf, planOf } from './fingerprint'

const corpus = corpusSpecSchema.parse({})
const first = families[1]
const fingerprints = first.map((member) => [member.id, fingerprintOf({ ...member, corpus })] as const)

function hashesOf(all: readonly (readonly [id: string, fingerprint: string])[]) {
  return Object.fromEntries(all.map(([id, each]) => [id, createHash('sha256').update(each).digest('hex').slice(0, 16)]))
}

test('the models of the second edition have the fingerprints under which their runs were saved', () => {
  const second = families[2].map(
    (member) => [member.id, fingerprintOf({ ...member, corpus: inEdition(corpus, 2) })] as const
  )
  expect(hashesOf(second)).toMatchInlineSnapshot(`
    {
      "dense-128": "d590c1c7ed4ce00e",
      "dense-152": "0cce976c8bcc62ad",
      "dense-192": "100506154cd4b45e",
      "dense-24": "1a662cc2e4c73c0c",
      "dense-32": "b43a0556338aac5d",
      "dense-48": "9b076cc7ddb1ade0",
      "dense-64": "06111e414ad29f3b",
      "dense-64-deep": "625c74442fd1d436",
      "dense-64-deep-shared": "d3cf7262f54ea6d1",
      "dense-96": "f605cd40ce5a8e42",
      "moe-128": "597aa18176bba9d3",
      "moe-32": "d6d0b809309628b7",
      "moe-64": "37a67cfc180f0ae8",
      "moe-64-deep": "5b4da3e9fac8ba0e",
      "moe-64-expert-choice": "37a287d23b742056",
      "moe-64-fine": "b591a3aef3ab8a00",
      "moe-64-loss-free": "1fb83a24334b3923",
      "moe-64-shared": "f9d3ccc5397f79f0",
      "moe-64-sigmoid": "dffb77668a31313d",
      "moe-64-top1": "23265fb102d24a62",
      "moe-64-unbalanced": "2aab64c26f0d1c70",
    }
  `)
})

test('the models of the first edition have the fingerprints under which their runs were saved', () => {
  expect(hashesOf(fingerprints)).toMatchInlineSnapshot(`
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
  expect(plans).toEqual(first.map(({ architecture, recipe }) => ({ architecture, corpus, recipe })))
})
