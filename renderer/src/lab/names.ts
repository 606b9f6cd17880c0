/** Names of the runs of the Lab, by what they are. */
import { routerOfKind } from '@core/routers'
import { formatCount, formatPercent } from '../charts/format'
import type { ChosenModel, TrainingChoices } from './choices'
import { chosenArchitecture, chosenRouter } from './plan'

/**
 * `Dense, d 32`, `Top-2 of 16, d 32`; with what is unusual about it, its layers where these differ, the text where it is
 * read again and again, the models that it begins with or follows, and its seed where another run has the same name.
 */
export function runNames(runs: readonly TrainingChoices[]): string[] {
  const isVaried = new Set(runs.map(({ layers }) => layers)).size > 1
  const plain = runs.map((run) => runName(run, isVaried))
  return plain.map((name, i) =>
    plain.filter((each) => each === name).length > 1 ? `${name}, seed ${runs[i]?.seed}` : name
  )
}

/** The name of a run, whatever it stands beside. @param layers are part of it also where they are not tied */
export function runName(run: TrainingChoices, layers = false): string {
  return `${nameOf(run)}${layersOf(run, layers)}${textOf(run)}${startOf(run)}${run.teacher ? `, taught by ${modelName(run.teacher.model)}` : ''}`
}

/** A model as a run names it. */
export function modelName(model: ChosenModel): string {
  return 'training' in model ? runName(model.training) : model.id
}

function layersOf({ layers, sharedLayers }: TrainingChoices, named: boolean): string {
  if (sharedLayers) return `, ${layers} tied layers`
  return named ? `, ${layers} ${layers === 1 ? 'layer' : 'layers'}` : ''
}

/** Of a model that is to be trained first the name says nothing: it is of the same shape. */
function startOf({ from }: TrainingChoices): string {
  if (!from) return ''
  const smaller = (from.transforms ?? []).map(({ id, share }) =>
    typeof share === 'number' ? `, ${id} ${formatPercent(share)}` : `, ${id}`
  )
  return `${smaller.join('')}${'training' in from ? ', trained on' : `, from ${from.id}`}`
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
