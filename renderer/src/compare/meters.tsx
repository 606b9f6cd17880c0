import { reasonText, type Worth } from '@core/scaling/worth'
import { formatCount, formatExact } from '../charts/format'
import type { ParameterMark, ParameterRow } from '../charts/ParameterScale'
import type { LibraryModel } from '../state/library'
import { Figure } from '../ui/Figure'
import { modelName, worthText } from '../words/model-words'

/** The three meters of a model on the shared scale: active, effective and total parameters. */
export function meterRow(model: LibraryModel, id: string): ParameterRow {
  const { role, total, active, worth } = model
  const base = { id, kind: role, label: modelName(model) }
  if (worth.total.effective.kind === 'itself') {
    const label = (
      <Figure
        exact={`${formatExact(total)} parameters`}
        definition="Every weight of a dense model is active for every token, and dense models are the measure of effective parameters."
        provenance="shipped"
      >
        <b>{formatCount(total)}</b> total, active and effective
      </Figure>
    )
    return { ...base, marks: [{ meter: 'active', value: total, label, place: 'right' }] }
  }
  return {
    ...base,
    marks: [
      {
        meter: 'active',
        value: active.all,
        place: 'below',
        label: (
          <Figure
            exact={`${formatExact(active.all)} active parameters`}
            definition="The weights that one token touches, embeddings included: what a token costs."
            provenance="shipped"
          >
            <b>{formatCount(active.all)}</b> active
          </Figure>
        )
      },
      ...effectiveMark(worth.total, 'above'),
      {
        meter: 'total',
        value: total,
        place: 'below',
        label: (
          <Figure
            exact={`${formatExact(total)} total parameters`}
            definition="Every weight of the model, all experts included: what memory must hold."
            provenance="shipped"
          >
            <b>{formatCount(total)}</b> total
          </Figure>
        )
      }
    ]
  }
}

/** The meter of effective parameters, where at least one end of it is known. */
export function effectiveMark(worth: Worth, place: ParameterMark['place']): ParameterMark[] {
  const { effective } = worth
  const label = (
    <Figure exact={`${worthText(worth)} effective parameters`} definition={definitionOf(worth)} provenance="shipped">
      <b>{worthText(worth)}</b> effective
      {effective.kind === 'undetermined' && ' (undetermined)'}
    </Figure>
  )
  const mark = { meter: 'effective', label, place } as const
  switch (effective.kind) {
    case 'itself':
      return [{ ...mark, value: effective.size }]
    case 'interval':
      return [{ ...mark, value: effective.estimate, low: effective.low, high: effective.high }]
    case 'above':
    case 'below':
      return [{ ...mark, value: effective.bound, beyond: effective.kind }]
    case 'undetermined': {
      const { low, high } = effective
      if (low !== undefined && high !== undefined)
        return [{ ...mark, value: Math.sqrt(low * high), low, high, noPoint: true }]
      if (low !== undefined) return [{ ...mark, value: low, beyond: 'above' }]
      return high === undefined ? [] : [{ ...mark, value: high, beyond: 'below' }]
    }
  }
}

function definitionOf({ effective }: Worth): string {
  const meaning = 'Dense-equivalent size: the dense model that reaches the same loss after the same training.'
  switch (effective.kind) {
    case 'itself':
      return `${meaning} Of a dense model, its own size.`
    case 'interval':
      return `${meaning} Interpolated between ${effective.basis.sizes} dense sizes; the interval holds it with ${100 * effective.basis.confidence} % confidence.`
    case 'above':
      return `${meaning} It is better than the largest dense model that was trained, and nothing is extrapolated.`
    case 'below':
      return `${meaning} It is worse than the smallest dense model that was trained, and nothing is extrapolated.`
    case 'undetermined':
      return `${meaning} Not determined: ${reasonText(effective)}.`
  }
}
