/** Plain arithmetic on rows of numbers, to which routers are compared. */
import type { MoeFeedForward, RouterSpec } from '../arch/architecture'
import { createRandom } from '../random'
import { routerSpecSchema } from '.'
import type { Rows } from './router-site.fixture'

export const sigmoidOf = (x: number): number => 1 / (1 + Math.exp(-x))
export const sumOf = (row: readonly number[]): number => row.reduce((a, b) => a + b, 0)
export const columns = (rows: Rows): number[][] =>
  (rows[0] ?? []).map((_, i) => rows.map((row) => row[i] ?? Number.NaN))

export function softmaxOf(row: readonly number[]): number[] {
  const exponentials = row.map((each) => Math.exp(each))
  return exponentials.map((each) => each / sumOf(exponentials))
}

/** Indices of the k largest, largest first. */
export function best(row: readonly number[], k: number): number[] {
  return [...row.keys()].sort((a, b) => (row[b] ?? 0) - (row[a] ?? 0)).slice(0, k)
}

/** Standard normal numbers. */
export function normalRows(rows: number, columns: number, label = 'model/logits', scale = 1): number[][] {
  const random = createRandom(7, label)
  return Array.from({ length: rows }, () => Array.from({ length: columns }, () => scale * random.normal()))
}

/** A flat tensor cut into rows of a length. */
export function rowsOf(data: ArrayLike<number> | undefined, length: number): number[][] {
  const flat = Array.from(data ?? [])
  return Array.from({ length: flat.length / length }, (_, row) => flat.slice(row * length, (row + 1) * length))
}

/** A layer with a router of a kind, its other settings by default. */
export function layerWith(
  router: { readonly kind: string } & Partial<RouterSpec>,
  { experts = 8, topK = 2 }: { readonly experts?: number; readonly topK?: number } = {}
): MoeFeedForward {
  return { kind: 'moe', experts, topK, expertWidth: 8, sharedWidth: 0, router: routerSpecSchema.parse(router) }
}
