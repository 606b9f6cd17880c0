import type { Architecture } from '@core/arch/architecture'
import { denseArchitecture, moeArchitecture } from '@core/arch/presets'
import { fitPowerLaw } from '@core/scaling/power-law'
import { expect, test } from 'vitest'
import { familyOf, familyQuantities } from './own-family'

const spread = (mean: number, seeds: number) => ({ mean, deviation: seeds > 1 ? 0.01 : null, seeds })

/** A model whose losses lie on two power laws. */
function model(total: number, changes: { architecture?: Architecture; own?: boolean } = {}) {
  return {
    id: `m-${total}`,
    architecture: denseArchitecture({ width: 32, vocabularySize: 55 }),
    own: false,
    total,
    floor: 0.7,
    loss: spread(0.7 + 40 / total ** 0.5, total < 1e5 ? 3 : 1),
    domains: {
      fact: { loss: spread(0.2 + 9 / total ** 0.25, 1), floor: 0.2 },
      odd: { loss: spread(1, 1), floor: null }
    },
    ...changes
  }
}

const models = [
  model(300_000),
  model(20_000),
  model(90_000),
  model(50_000, { architecture: moeArchitecture({ width: 32, vocabularySize: 55 }) }),
  // Another depth is not of the family that a law is fitted to.
  model(60_000, { architecture: denseArchitecture({ width: 32, layers: 8, vocabularySize: 55 }) }),
  model(70_000, { own: true })
]

test('only shipped dense models are fitted, by rising size', () => {
  expect(familyOf(models, 'total').sizes.map(({ parameters, runs }) => [parameters, runs.length])).toEqual([
    [20_000, 3],
    [90_000, 3],
    [300_000, 1]
  ])
})

test('what has a known floor can be fitted, and the fit is the law that the losses lie on', () => {
  const quantities = familyQuantities(models)
  expect(quantities).toEqual([
    { id: 'total', floor: 0.7 },
    { id: 'fact', floor: 0.2 }
  ])
  const exponents = quantities.map(({ id, floor }) => {
    const fit = fitPowerLaw(familyOf(models, id), id, floor)
    return fit.kind === 'fit' ? fit.exponent : Number.NaN
  })
  expect(exponents[0]).toBeCloseTo(0.5, 6)
  expect(exponents[1]).toBeCloseTo(0.25, 6)
})
