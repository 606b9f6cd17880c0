import fc from 'fast-check'
import { expect, test } from 'vitest'
import { canonicalJson } from '../../canonical-json'
import { type ListedRun, sweepLines } from './folder'
import { onceForPart } from './parts'
import { runSettings, settingsOf } from './settings'

/** Specs whose parts are often those of the one before. */
const specs = fc.array(fc.jsonValue({ maxDepth: 2 }), { minLength: 2, maxLength: 4 }).chain((parts) => {
  const part = fc.constantFrom(...parts, undefined)
  return fc.array(fc.record({ architecture: part, corpus: part, 'a "quoted" key': part }), { maxLength: 8 })
})

test('specs that share parts have the lines, the canonical text and the settings that they have one by one', () => {
  fc.assert(
    fc.property(specs, (all) => {
      const list = all.map(
        (spec, i): ListedRun => ({
          id: `run-${i}`,
          kind: 'train',
          spec,
          asked: all[0],
          varied: { 'recipe.seed': i },
          threads: 1,
          size: { total: i, active: i, flops: null }
        })
      )
      expect([...sweepLines(list)]).toEqual(list.map((run) => JSON.stringify(run)))
      const [textOf, of] = [onceForPart((part) => canonicalJson(part)), onceForPart(settingsOf)]
      expect(all.map((spec) => canonicalJson(spec, textOf))).toEqual(all.map((spec) => canonicalJson(spec)))
      expect(list.map((run) => runSettings(run, of))).toEqual(list.map((run) => runSettings(run)))
    })
  )
})
