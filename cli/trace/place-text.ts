/** Text of `moescope trace place`. */
import type { Placement, PlacementShape } from '@core/routing/balancer/expert-placement'
import type { Paint } from '../terminal/paint'
import { tableLines } from '../terminal/table'

/** Placement of the experts of a file, in the fields of `trace place --json`. */
export interface PlacementReport extends PlacementShape {
  readonly kind: 'trace' | 'counts'
  readonly model: string
  /** Of each layer. */
  readonly experts: number
  readonly layers: readonly LayerPlacement[]
  readonly notes: readonly string[]
}

export interface LayerPlacement {
  /** Place among all layers of the model. */
  readonly layer: number
  readonly policy: Placement['policy']
  /** Of each expert. */
  readonly assignments: readonly number[]
  /** Assignments of each GPU with the experts in their order, and placed; the first only where they divide. */
  readonly gpu_loads_before?: readonly number[]
  readonly gpu_loads: readonly number[]
  /** The busiest GPU's load over the mean. */
  readonly imbalance_before?: number
  readonly imbalance: number
  /** Replicas of each expert. */
  readonly copies: readonly number[]
  /** The expert of each place, the places of a GPU and of a node being neighbours. */
  readonly phy2log: readonly number[]
}

/** Imbalance of the GPUs before and after, layer by layer, then the experts of each GPU. */
export function placementText(path: string, report: PlacementReport, paint: Paint): string {
  const { experts, replicas, gpus, nodes, groups, layers, notes, model } = report
  const of = model === '' ? '' : ` of ${paint.moe(model)}`
  const machine = `${replicas} replicas on ${gpus} GPUs of ${nodes} ${nodes === 1 ? 'node' : 'nodes'}`
  const title = `${paint.bold(path)}: ${layers.length} MoE layers${of}, ${experts} experts; ${machine}`
  const [heading = '', ...rows] = tableLines([
    ['layer', 'imbalance before', 'after', 'replicated', 'most replicas'],
    ...layers.map((each) => [
      String(each.layer),
      decimals(each.imbalance_before),
      decimals(each.imbalance),
      String(each.copies.filter((count) => count > 1).length),
      String(Math.max(...each.copies))
    ])
  ])
  const places = layers.map((each) => `layer ${each.layer}: ${placesText(each, report)}`)
  const remarks = [
    'Imbalance is the load of the busiest GPU over the mean; the replicas of an expert share its load equally.',
    ...(experts % gpus === 0 ? [] : [`${experts} experts do not divide among ${gpus} GPUs: there is no before.`]),
    ...(groups % nodes === 0 ? [] : [`Groups (${groups}) do not divide among nodes (${nodes}): neither is heeded.`]),
    ...notes
  ]
  return `${[title, [paint.dim(heading), ...rows].join('\n'), places.join('\n'), remarks.join('\n')].join('\n\n')}\n`
}

/** The experts of each GPU, between bars, and of each node, between double ones. */
function placesText({ phy2log }: LayerPlacement, { gpus, nodes }: PlacementShape): string {
  const ofGpus = parts(phy2log, gpus).map((experts) => experts.join(' '))
  return parts(ofGpus, nodes)
    .map((ofNode) => ofNode.join(' | '))
    .join(' || ')
}

function parts<T>(values: readonly T[], count: number): T[][] {
  const size = values.length / count
  return Array.from({ length: count }, (_, part) => values.slice(part * size, (part + 1) * size))
}

function decimals(imbalance: number | undefined): string {
  return imbalance === undefined || Number.isNaN(imbalance) ? '' : imbalance.toFixed(3)
}
