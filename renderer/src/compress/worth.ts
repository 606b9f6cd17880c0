import type { DenseFamily } from '@core/scaling/dense-family'
import { type EffectiveParameters, effectiveParameters } from '@core/scaling/effective'
import type { Worth } from '@core/scaling/worth'
import type { LibraryModel } from '../state/library'
import { worthText } from '../words/model-words'
import type { MeasuredPoint } from './sweeps'

/**
 * Effective parameters of a compressed model in words, from the loss in its report and the difference that was measured,
 * as of one seed: `290 k (230 k – 420 k)`. Empty where its text was another than the family's, or nothing tells its loss.
 */
export function worthAfter(
  model: Pick<LibraryModel, 'own' | 'loss'>,
  family: DenseFamily | undefined,
  point: Pick<MeasuredPoint, 'delta'>
): string {
  const effective = effectiveAfter(model, family, point)
  return effective ? worthText({ effective }) : ''
}

/** The same as a figure; undefined where nothing tells it. */
export function effectiveAfter(
  { own, loss }: Pick<LibraryModel, 'own' | 'loss'>,
  family: DenseFamily | undefined,
  { delta }: Pick<MeasuredPoint, 'delta'>
): EffectiveParameters | undefined {
  return own || !loss || !family ? undefined : effectiveParameters(family, 'total', [loss.mean + delta])
}

/**
 * Effective parameters as a height in a chart, with the ends that are known. A bound stands for what lies beyond it; undefined
 * where no size is known.
 */
export function heightOf(
  effective: Worth['effective']
): { readonly y: number; readonly low?: number; readonly high?: number } | undefined {
  switch (effective.kind) {
    case 'itself':
      return { y: effective.size }
    case 'interval':
      return { y: effective.estimate, low: effective.low, high: effective.high }
    case 'above':
    case 'below':
      return { y: effective.bound }
    case 'undetermined': {
      const { low, high } = effective
      if (low === undefined || high === undefined) return undefined
      return { y: Math.sqrt(low * high), low, high }
    }
  }
}
