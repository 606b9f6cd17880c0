/**
 * Every operator on small random inputs: what the backends are tested on, forward and backward. A new function in a file
 * of `operators/` needs an entry in the file of the same name here; the types of the tables and a test see to that.
 */
import type { CasesOf } from './case'
import { controlCases } from './control'
import { elementwiseCases } from './elementwise'
import { indexingCases } from './indexing'
import { matmulCases } from './matmul'
import { normalisationCases } from './normalisation'
import { packedMatmulCases } from './packed-matmul'
import { partsCases } from './parts'
import { reduceCases } from './reduce'
import { rotaryCases } from './rotary'
import { shapeCases } from './shape'
import { softmaxCases } from './softmax'

/** Cases by the function that applies the operator. */
export const operatorCases: CasesOf<typeof import('../index')> = {
  ...controlCases,
  ...elementwiseCases,
  ...indexingCases,
  ...matmulCases,
  ...normalisationCases,
  ...packedMatmulCases,
  ...partsCases,
  ...reduceCases,
  ...rotaryCases,
  ...shapeCases,
  ...softmaxCases
}
