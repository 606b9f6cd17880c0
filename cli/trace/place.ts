/** `moescope trace place`: where a load balancer would put the experts, and how even the GPUs are then. */
import { type Placement, type PlacementShape, placeExperts } from '@core/routing/balancer/expert-placement'
import type { Routing } from '@core/routing/importers/importer'
import { countsOfSteps, layerOf } from '@core/routing/statistics/balance'
import { choiceCounts } from '@core/routing/statistics/choice-counts'
import { sum } from '@core/routing/statistics/load'
import { measure } from '@core/routing/statistics/measure'
import type { PassOptions } from '@core/routing/statistics/stretches'
import { UsageError } from '../terminal/errors'
import { readOptions, wholeNumber } from '../terminal/options'
import { createProgress } from '../terminal/progress'
import type { Terminal } from '../terminal/terminal'
import { answerOptions, openingOf } from './answers'
import { filterOf, filterOptions, noTokens, type PartFilter, takenLayers } from './filter'
import { type LayerPlacement, type PlacementReport, placementText } from './place-text'
import { withRouting } from './source'

/** Of replicas, groups, nodes and GPUs: placing takes time in proportion. */
const most = 100_000

export async function run(args: readonly string[], terminal: Terminal): Promise<void> {
  const text = { type: 'string' } as const
  const { values, positionals } = readOptions(
    args,
    {
      ...answerOptions,
      ...filterOptions,
      replicas: text,
      groups: { type: 'string', default: '1' },
      nodes: { type: 'string', default: '1' },
      gpus: text,
      json: { type: 'boolean' }
    },
    ['FILE']
  )
  const [path = ''] = positionals
  const shape = {
    replicas: wholeNumber('--replicas', needed('--replicas R', values.replicas), 1, most),
    groups: wholeNumber('--groups', values.groups, 1, most),
    nodes: wholeNumber('--nodes', values.nodes, 1, most),
    gpus: wholeNumber('--gpus', needed('--gpus D', values.gpus), 1, most)
  }
  const opening = openingOf(values)
  const signal = terminal.interruption()
  const report = await withRouting(path, { ...opening, signal }, terminal, async (routing) => {
    const filter = filterOf(routing, values)
    const progress = createProgress(terminal, `counting ${path}`)
    const counting = assignmentsOf(routing, filter, { signal, onProgress: progress.update })
    return reportOf(routing, await counting.finally(progress.end), shape)
  })
  if (report.layers.every(({ assignments }) => sum(assignments) === 0)) throw noTokens(path, values)
  const { paint } = terminal
  terminal.write(values.json ? `${JSON.stringify({ file: path, ...report })}\n` : placementText(path, report, paint))
}

function needed(option: string, value: string | undefined): string {
  if (value !== undefined) return value
  throw new UsageError(`${option} is missing`)
}

/** Counts of each expert of a layer. */
interface LayerAssignments {
  /** Place among all layers of the model. */
  readonly layer: number
  /** `[experts]` */
  readonly counts: Uint32Array | Float64Array
}

async function assignmentsOf(routing: Routing, filter: PartFilter, pass: PassOptions): Promise<LayerAssignments[]> {
  const { experts } = routing
  const layerAt = (place: number) => routing.layers[place] ?? place
  if (routing.kind === 'counts') {
    const counts = countsOfSteps(routing)
    return takenLayers(routing, filter).map((place) => ({
      layer: layerAt(place),
      counts: layerOf(counts, place, experts)
    }))
  }
  const { choices } = await measure(routing, { ...pass, filter, statistics: { choices: choiceCounts } })
  return choices.layers.map((place, i) => ({ layer: layerAt(place), counts: layerOf(choices.any, i, experts) }))
}

function reportOf(routing: Routing, assignments: readonly LayerAssignments[], shape: PlacementShape): PlacementReport {
  const { kind, model, experts, notes } = routing
  return { kind, model, experts, ...shape, layers: assignments.map((each) => placementOf(each, shape)), notes }
}

function placementOf({ layer, counts }: LayerAssignments, shape: PlacementShape): LayerPlacement {
  const { policy, placeToExpert, copies, gpuLoads, imbalance, imbalanceBefore } = placed(counts, shape)
  const width = counts.length / shape.gpus
  const loadBefore = (gpu: number) => sum(counts.subarray(gpu * width, (gpu + 1) * width))
  return {
    layer,
    policy,
    assignments: [...counts],
    ...(imbalanceBefore !== undefined && {
      gpu_loads_before: Array.from(gpuLoads, (_, gpu) => loadBefore(gpu)),
      imbalance_before: imbalanceBefore
    }),
    gpu_loads: [...gpuLoads],
    imbalance,
    copies: [...copies],
    phy2log: [...placeToExpert]
  }
}

/** Throws a `UsageError` that names the option of the shape that does not divide. */
function placed(counts: ArrayLike<number>, shape: PlacementShape): Placement {
  try {
    return placeExperts(counts, shape)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw new UsageError(error.message.replace(/^placement: /, '--'), { cause: error })
  }
}
