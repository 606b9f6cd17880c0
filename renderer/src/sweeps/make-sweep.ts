/** A sweep of the models that are chosen in the Lab, each with every combination of some values. */
import { topKRouterSpec } from '@core/arch/architecture'
import { FormatError } from '@core/formats/format-error'
import { parsedBy } from '@core/formats/problems'
import { trainForm } from '@core/lab/kinds/train'
import { type Sweep, sweepSchema } from '@core/lab/sweep/points'
import { parseLarge } from '../charts/format-large'
import type { LabRun } from '../lab/choices'
import { chosenPlan, chosenRouter } from '../lab/plan'
import { type GridField, gridFields, type SweepChoices } from './choices'

/** The path of a field, and what it is called. */
export const gridSettings: Readonly<Record<GridField, { readonly path: string; readonly label: string }>> = {
  seed: { path: 'recipe.seed', label: 'seeds' },
  width: { path: 'architecture.width', label: 'widths' },
  experts: { path: 'architecture.experts', label: 'experts' },
  learning_rate: { path: 'recipe.learning_rate', label: 'learning rates' },
  characters: { path: 'recipe.characters', label: 'tokens' }
}

/** The sweep of the Lab's models over these values. Throws a `FormatError` or a `RangeError` that says what is wrong. */
export function sweepOf(runs: readonly LabRun[], grid: SweepChoices['grid']): Sweep {
  const varied = gridFields.flatMap((name) => {
    const values = valuesOf(grid[name] ?? '', gridSettings[name].label)
    return values.length > 0 ? [[gridSettings[name].path, values] as const] : []
  })
  if (grid.experts?.trim() && runs.some(({ kind }) => kind === 'dense')) {
    throw new FormatError('experts: a dense model in the Lab has none; take it out of the Lab, or leave experts empty')
  }
  return parsedBy(sweepSchema, { kind: trainForm.kind, list: runs.map(fileOf), grid: Object.fromEntries(varied) }, '')
}

/** The numbers in a text: `1, 2, 3`, `400 k, 1 M`. */
function valuesOf(text: string, label: string): number[] {
  const parts = text.split(/[,;]/).map((part) => part.trim())
  return parts.filter(Boolean).map((part) => {
    const value = parseLarge(part) ?? Number(part)
    if (Number.isFinite(value)) return value
    throw new FormatError(`${label}: expected numbers with commas between them, found “${part}”`)
  })
}

/** A training as a file of the terminal asks for it. */
function fileOf(chosen: LabRun): unknown {
  const { from, teacher, text, kind, width, layers, heads, context, sharedLayers } = chosen
  if (from || teacher) throw new FormatError('a model that begins with another, or follows one, is trained by itself')
  if (text === 'own') throw new FormatError('a sweep reads generated text, and a model of the Lab reads your own')
  const shape = { width, layers, heads, context, ...(sharedLayers ? { shared_layers: true } : {}) }
  const { corpus, recipe } = chosenPlan(chosen)
  return {
    architecture: kind === 'dense' ? { ...shape, ...denseOf(chosen) } : { ...shape, ...moeOf(chosen) },
    corpus,
    recipe
  }
}

function denseOf({ feedForwardWidth }: LabRun) {
  return { kind: 'dense', ...(feedForwardWidth === undefined ? {} : { feed_forward_width: feedForwardWidth }) }
}

function moeOf(chosen: LabRun) {
  const { experts, topK, expertWidth, sharedWidth } = chosen
  const router = chosenRouter(chosen)
  const isUsual = JSON.stringify(router) === JSON.stringify(topKRouterSpec(topK > 1))
  return {
    kind: 'moe',
    experts,
    top_k: Math.min(topK, experts),
    ...(expertWidth === undefined ? {} : { expert_width: expertWidth }),
    ...(sharedWidth > 0 ? { shared_width: sharedWidth } : {}),
    ...(isUsual && topK > 1 ? {} : { router })
  }
}
