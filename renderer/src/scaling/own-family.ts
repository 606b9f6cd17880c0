import { type DenseFamily, isFamilySize } from '@core/scaling/dense-family'
import type { LibraryModel } from '../state/library'

/** Quantities of the shipped family that can be fitted: losses whose floor is known. */
export interface FamilyQuantity {
  readonly id: string
  readonly floor: number
}

/** The chosen loss of a model. */
type FamilyModel = Pick<LibraryModel, 'id' | 'architecture' | 'own' | 'total' | 'loss' | 'floor' | 'domains'>

/** The quantities that every dense shipped model has, with their floors. */
export function familyQuantities(models: readonly FamilyModel[]): FamilyQuantity[] {
  const [first, ...others] = denseModels(models)
  if (!first || first.floor === null) return []
  const domains = Object.entries(first.domains).flatMap(([id, { floor }]) =>
    floor !== null && others.every((model) => model.domains[id] !== undefined) ? [{ id, floor }] : []
  )
  return [{ id: 'total', floor: first.floor }, ...domains]
}

/** Mean loss of a model for a quantity, and over how many seeds; undefined where it has none. */
export function lossOf(model: Pick<FamilyModel, 'loss' | 'domains'>, quantity: string) {
  return quantity === 'total' ? (model.loss ?? undefined) : model.domains[quantity]?.loss
}

/**
 * The shipped dense models as the family that a power law is fitted to. Each run is given the mean of its size, which is
 * all that the fit looks at.
 */
export function familyOf(models: readonly FamilyModel[], quantity: string): DenseFamily {
  const sizes = denseModels(models).flatMap((model) => {
    const loss = lossOf(model, quantity)
    const runs = Array.from({ length: loss?.seeds ?? 0 }, () => ({ [quantity]: loss?.mean ?? Number.NaN }))
    return runs.length > 0 ? [{ ids: [model.id], parameters: model.total, runs }] : []
  })
  return {
    convention: 'all',
    trainedOn: 'the generated corpus',
    quantities: [quantity],
    sizes: sizes.sort((a, b) => a.parameters - b.parameters)
  }
}

function denseModels(models: readonly FamilyModel[]): FamilyModel[] {
  return models.filter(({ architecture, own, loss }) => isFamilySize(architecture) && !own && loss !== null)
}
