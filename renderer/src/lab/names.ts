/** Names of the runs of the Lab, by what they are. */
import { routerOfKind } from '@core/routers'
import { formatCount } from '../charts/format'
import type { TrainingChoices } from './choices'
import { chosenArchitecture, chosenRouter } from './plan'

/**
 * `Dense, d 32`, `Top-2 of 16, d 32`; with what is unusual about it, the text where it is read again and again, and its
 * seed where another run has the same name.
 */
export function runNames(runs: readonly TrainingChoices[]): string[] {
  const plain = runs.map((run) => `${nameOf(run)}${textOf(run)}${run.from ? `, from ${run.from.id}` : ''}`)
  return plain.map((name, i) =>
    plain.filter((each) => each === name).length > 1 ? `${name}, seed ${runs[i]?.seed}` : name
  )
}

function textOf({ text, beside, textCharacters, shares }: TrainingChoices): string {
  const own = text === 'own' ? ', own text' : ''
  if (text === 'own' && beside === 'none') return own
  const domains = Object.entries(shares ?? {}).flatMap(([domain, share]) => (share > 0 ? domain : []))
  const mixture = domains.length === 0 ? '' : domains.length === 1 ? `, ${domains[0]} alone` : ', own mix'
  return `${own}${mixture}${textCharacters === undefined ? '' : `, ${formatCount(textCharacters)} of text`}`
}

function nameOf(chosen: TrainingChoices): string {
  const { kind, width, experts, topK, balanceLoss, sharedWidth } = chosen
  if (kind === 'dense') return [`Dense, d ${width}`, ...unusualDense(chosen)].join(', ')
  const { kind: router } = chosenRouter(chosen)
  const name = router === 'top-k' ? '' : `, ${routerOfKind(router).name}`
  const unbalanced = router === 'top-k' && balanceLoss === 0 ? ', unbalanced' : ''
  return `Top-${topK} of ${experts}, d ${width}${sharedWidth > 0 ? ', shared' : ''}${name}${unbalanced}`
}

function unusualDense({ feedForwardWidth, ...usual }: TrainingChoices): string[] {
  if (feedForwardWidth === undefined) return []
  // A width that cannot be is said at its field.
  const [layer] = chosenArchitecture({ ...usual, heads: 1, width: 2 * Math.ceil(usual.width / 2) }).layers
  const own = layer?.feedForward.kind === 'dense' ? layer.feedForward.width : 0
  return own === feedForwardWidth ? [] : [`FFN ${feedForwardWidth}`]
}
