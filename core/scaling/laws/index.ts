import { chinchillaLaws } from './chinchilla'
import { dataConstrainedLaw } from './data-constrained'
import { fineGrainedLaws } from './fine-grained-moe'
import { geometricMeanLaw } from './geometric-mean'
import { inferenceAwareLaw } from './inference-aware'
import { kaplanLaw } from './kaplan'
import type { Law } from './law'
import { precisionLaw } from './precision'
import { routedLaws } from './routed'

export type { FittedRange, Law, LawFigure, LawFigures, LawInput, LawPoint, Provenance, Region, Within } from './law'
export { takesPoint } from './law'

/** Every published law, dense ones first. */
export const laws: readonly Law[] = [
  ...chinchillaLaws,
  kaplanLaw,
  dataConstrainedLaw,
  inferenceAwareLaw,
  ...fineGrainedLaws,
  ...routedLaws,
  precisionLaw,
  geometricMeanLaw
]

/** The law of an id; undefined when there is none. */
export function findLaw(id: string): Law | undefined {
  return laws.find((law) => law.id === id)
}
