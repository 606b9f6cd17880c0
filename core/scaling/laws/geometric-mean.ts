import { geometricMeanRule } from '../published'
import { defineLaw } from './law'

const { name, formula, source } = geometricMeanRule(1, 1)

/** The geometric mean of total and active parameters. */
export const geometricMeanLaw = defineLaw({
  id: 'geometric-mean',
  name,
  formula: `effective = ${formula}`,
  source,
  provenance: 'folklore',
  note: 'no fit stands behind it',
  approximate: true,
  counts: 'all parameters',
  takes: [['parameters', 'active']],
  gives: ['effectiveParameters'],
  region: { ranges: {}, source: 'unknown: it was never fitted' },
  compute: ({ parameters = Number.NaN, active = Number.NaN }) => ({
    effectiveParameters: geometricMeanRule(parameters, active).predicted
  })
})
