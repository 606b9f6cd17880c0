import { expect, test } from 'vitest'
import { denseArchitecture, moeArchitecture } from '../arch/presets'
import { corpusSpecSchema, inEdition, recipeSchema } from '../formats/training-report'
import { fingerprintOf, planOf } from './fingerprint'

test.each([1, 2] as const)('a fingerprint gives back the plan that it was made of, in edition %d', (edition) => {
  const corpus = inEdition(corpusSpecSchema.parse({}), edition)
  const recipe = recipeSchema.parse({ learning_rate: 0.005 })
  for (const architecture of [
    denseArchitecture({ width: 64, vocabularySize: 55, layers: 8, sharedLayers: true }),
    moeArchitecture({ width: 64, vocabularySize: 55, sharedWidth: 88 })
  ]) {
    const plan = { architecture, corpus, recipe }
    expect(planOf(fingerprintOf(plan))).toEqual(plan)
  }
})
