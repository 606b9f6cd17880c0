import { denseArchitecture, moeArchitecture } from '@core/arch/presets'
import { tokenizer } from '@core/corpus'
import { corpusSpecSchema } from '@core/formats/training-report'
import { countOff } from '@core/model/experts-off'
import { characterTokenizer } from '@core/tokenizers/character'
import { expect, test } from 'vitest'
import type { LibraryModel } from '../state/library'
import { examOf, masksOf } from './exam'

const shape = { width: 16, vocabularySize: tokenizer.size }
const moe = {
  id: 'moe',
  architecture: moeArchitecture({ ...shape, experts: 4, expertWidth: 8 }),
  tokenizer,
  corpus: corpusSpecSchema.parse({})
} as unknown as LibraryModel
const dense = { ...moe, id: 'dense', architecture: { ...denseArchitecture(shape), context: 32 } }

test('what is switched off becomes masks; what a model does not have, or cannot do without, does not', () => {
  const masks = (off: { layer: number; experts: number[] }[], model = moe) =>
    masksOf({ expertsOff: { [model.id]: off } }, model)
  expect(masks([{ layer: 1, experts: [0, 3] }])).toEqual([{ kind: 'mask', layer: 1, experts: [0, 3] }])
  expect(
    countOff(
      moe.architecture,
      masks([
        { layer: 0, experts: [2] },
        { layer: 1, experts: [0, 3] }
      ])
    )
  ).toBe(3)
  // All of a layer's experts are its MoE.
  expect(masks([{ layer: 1, experts: [3, 1, 2, 0] }])).toEqual([{ kind: 'skip-moe', layer: 1 }])
  expect(masks([{ layer: 7, experts: [0] }])).toEqual([])
  expect(masks([{ layer: 0, experts: [1, 1, 9] }])).toEqual([{ kind: 'mask', layer: 0, experts: [1] }])
  // Each token needs 2 of 4.
  expect(masks([{ layer: 0, experts: [1, 2, 3] }])).toEqual([])
  expect(masks([{ layer: 0, experts: [1] }], dense)).toEqual([])
  expect(masksOf({ expertsOff: { other: [{ layer: 0, experts: [1] }] } }, moe)).toEqual([])
})

test('both are asked within the shortest context, each about its own world, and who cannot be asked is not', () => {
  const { edition: _, ...world } = { edition: 1, ...corpusSpecSchema.parse({}).world }
  expect(examOf(moe, [moe, dense], 'dict', [])).toEqual({ model: 'moe', world, domain: 'dict', context: 32, masks: [] })
  const second = {
    ...moe,
    corpus: corpusSpecSchema.parse({ world: { edition: 2, names: 128, pairs: 128, keys: 128 } })
  }
  expect(examOf(second, [second, dense], 'dict', [])?.world).toMatchObject({ edition: 2, names: 128 })
  expect(examOf({ ...moe, corpus: undefined }, [moe], 'dict', [])).toBeUndefined()
  expect(examOf({ ...moe, tokenizer: characterTokenizer([...'abc']) }, [moe], 'dict', [])).toBeUndefined()
})
