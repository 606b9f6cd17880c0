import { describe, expect, test } from 'vitest'
import { countParameters, flopsPerToken } from '../arch/count/count'
import { writeConfig } from '../arch/write-config'
import { families } from './family'

const context = 64

describe.each(Object.entries(families))('edition %s', (_, members) => {
  test('every member has a name of its own, and a config.json', () => {
    expect(new Set(members.map(({ id }) => id)).size).toBe(members.length)
    for (const { architecture } of members)
      expect(writeConfig(architecture).vocab_size).toBe(architecture.vocabularySize)
  })
})

describe('depth, in the second edition', () => {
  const architecture = (id: string) => {
    const found = families[2].find((member) => member.id === id)?.architecture
    if (!found) throw new Error(`expected a member '${id}'`)
    return found
  }

  test('eight layers cost a token as much as two of twice the width, within 2 %', () => {
    const deep = countParameters(architecture('dense-64-deep')).active.no_embedding
    const wide = countParameters(architecture('dense-128')).active.no_embedding
    expect(Math.abs(deep / wide - 1)).toBeLessThan(0.02)
  })

  test('layers that share their weights cost a token the same, and have an eighth of them', () => {
    const [deep, shared] = [architecture('dense-64-deep'), architecture('dense-64-deep-shared')]
    expect(flopsPerToken(shared, context)).toBe(flopsPerToken(deep, context))
    const layers = (each: typeof deep) => countParameters(each).active.no_embedding - each.width
    expect(layers(shared)).toBe(layers(deep) / 8)
  })

  test('finer experts weigh and cost the same, but for the larger router', () => {
    const [coarse, fine] = [countParameters(architecture('moe-64')), countParameters(architecture('moe-64-fine'))]
    expect(fine.components.experts).toBe(coarse.components.experts)
    expect(fine.active.all - fine.components.router).toBe(coarse.active.all - coarse.components.router)
  })
})
