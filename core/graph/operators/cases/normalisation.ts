import { rmsNorm } from '../index'
import type { CasesOf } from './case'
import { applied, normal, rows } from './case'

/** Cases of `operators/normalisation.ts`. */
export const normalisationCases: CasesOf<typeof import('../normalisation')> = {
  rmsNorm: [
    applied('rows', { x: normal(3, 4), scale: normal(4) }, ({ x, scale }) => rmsNorm(x, scale, 1e-6)),
    applied('a large epsilon', { x: normal(3, 4), scale: normal(4) }, ({ x, scale }) => rmsNorm(x, scale, 0.5)),
    applied('rows of unknown number', { x: rows(3, 4), scale: normal(4) }, ({ x, scale }) => rmsNorm(x, scale, 1e-5))
  ]
}
