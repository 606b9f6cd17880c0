import type { DenseFamily } from '@core/scaling/dense-family'
import { effectiveParameters } from '@core/scaling/effective'
import type { LibraryModel } from '../state/library'
import { worthText } from '../words/model-words'
import type { MeasuredPoint } from './sweeps'

/**
 * Effective parameters of a compressed model in words, from the loss in its report and the difference that was measured,
 * as of one seed: `290 k (230 k – 420 k)`. Empty where its text was another than the family's, or nothing tells its loss.
 */
export function worthAfter(
  { own, loss }: Pick<LibraryModel, 'own' | 'loss'>,
  family: DenseFamily | undefined,
  { delta }: Pick<MeasuredPoint, 'delta'>
): string {
  if (own || !loss || !family) return ''
  return worthText({ effective: effectiveParameters(family, 'total', [loss.mean + delta]) })
}
