/** Layout of the routing grid. */
import type { TokenRouting } from '@core/generate/records'
import type { Theme } from './expert-colour'

/** One token: what each router did with it. */
export interface RoutingColumn {
  readonly position: number
  readonly text: string
  readonly generated: boolean
  readonly routing: readonly TokenRouting[]
}

export interface RoutingLayout {
  /** The layers that have a router, with the number of their experts. */
  readonly layers: readonly { readonly layer: number; readonly experts: number }[]
  /** Height of one expert's row. */
  readonly rowHeight: number
}

export interface RoutingGridProps extends RoutingLayout {
  /** In their order; as many as fit the width. */
  readonly columns: readonly RoutingColumn[]
  readonly width: number
  readonly columnWidth: number
  readonly theme: Theme
  /** Position of the token that is looked at. */
  readonly highlighted: number | undefined
  readonly onPoint: (position: number | undefined) => void
  readonly onSelect: (position: number) => void
}

/** Space between two layers, and for the characters below the last. */
export const layerGap = 10
export const textHeight = 18

/** Height of all layers, without the characters. */
export function gridHeight({ layers, rowHeight }: RoutingLayout): number {
  return layers.reduce((sum, { experts }) => sum + experts * rowHeight, 0) + layerGap * (layers.length - 1)
}

/** Top of a layer, in pixels. */
export function layerTop({ layers, rowHeight }: RoutingLayout, index: number): number {
  return layers.slice(0, index).reduce((sum, { experts }) => sum + experts * rowHeight + layerGap, 0)
}
