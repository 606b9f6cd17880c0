import { balancedPacking } from './balanced-packing'
import { replicate } from './replication'

/** The machine that experts are placed on, and how many replicas of them it holds. */
export interface PlacementShape {
  /** Replicas of all experts together, at least one of each. */
  readonly replicas: number
  /** Groups of neighbouring experts that are to stay on one node, as group-limited routing has them; 1 without. */
  readonly groups: number
  readonly nodes: number
  /** Of all nodes together. */
  readonly gpus: number
}

/** Placement of the experts of one layer. */
export interface Placement {
  /** By nodes if the groups divide among them, else regardless of groups and nodes. */
  readonly policy: 'hierarchical' | 'global'
  /** The expert of each place, the places of a GPU and of a node being neighbours: `[replicas]`. */
  readonly placeToExpert: Int32Array
  /** Replicas of each expert: `[experts]`. */
  readonly copies: Int32Array
  /** Load of each GPU, the replicas of an expert sharing its load equally: `[gpus]`. */
  readonly gpuLoads: Float64Array
  /** The busiest GPU's load over the mean: 1 is even. NaN without any load. */
  readonly imbalance: number
  /** The same without replicas, the experts in their order on as many GPUs; undefined where they do not divide. */
  readonly imbalanceBefore: number | undefined
}

/**
 * Places the experts of a layer by the algorithm of DeepSeek's expert parallelism load balancer
 * (github.com/deepseek-ai/EPLB; DeepSeek-AI 2024, "DeepSeek-V3 Technical Report", section 3.4). Hierarchical: groups
 * are packed to nodes, experts are replicated within each node, and the replicas of a node are packed to its GPUs; each
 * step evens out the loads. Global: the same as if all were one group on one node.
 *
 * @param loads of each expert, measured: `[experts]`
 * @throws {RangeError} that names the field of the shape that does not divide
 */
export function placeExperts(loads: ArrayLike<number>, shape: PlacementShape): Placement {
  check(loads, shape)
  const { replicas, gpus } = shape
  const hierarchical = shape.groups % shape.nodes === 0
  const { groups, nodes } = hierarchical ? shape : { groups: 1, nodes: 1 }
  const placeToExpert = new Int32Array(replicas)
  const copies = new Int32Array(loads.length)
  const load = (expert: number) => loads[expert] ?? 0
  for (const [node, experts] of expertsOfNodes(loads, groups, nodes).entries()) {
    const replication = replicate(experts.map(load), replicas / nodes)
    const each = Array.from(
      replication.experts,
      (place) => load(experts[place] ?? 0) / (replication.copies[place] ?? 1)
    )
    const packing = balancedPacking(each, gpus / nodes)
    const start = (node * replicas) / nodes
    replication.experts.forEach((place, replica) => {
      const at = (packing.pack[replica] ?? 0) * (replicas / gpus) + (packing.place[replica] ?? 0)
      placeToExpert[start + at] = experts[place] ?? 0
    })
    experts.forEach((expert, place) => {
      copies[expert] = replication.copies[place] ?? 0
    })
  }
  const gpuLoads = sumsOfParts(
    Array.from(placeToExpert, (expert) => load(expert) / (copies[expert] ?? 1)),
    gpus
  )
  return {
    policy: hierarchical ? 'hierarchical' : 'global',
    placeToExpert,
    copies,
    gpuLoads,
    imbalance: imbalanceOf(gpuLoads),
    imbalanceBefore: loads.length % gpus === 0 ? imbalanceOf(sumsOfParts(loads, gpus)) : undefined
  }
}

/** The experts of each node, group by group in the order in which the groups were packed. */
function expertsOfNodes(loads: ArrayLike<number>, groups: number, nodes: number): number[][] {
  const size = loads.length / groups
  const groupLoads = sumsOfParts(loads, groups)
  const { pack, place } = balancedPacking(groupLoads, nodes)
  const result = Array.from({ length: nodes }, () => new Array<number>(loads.length / nodes).fill(0))
  for (let group = 0; group < groups; group++) {
    const experts = result[pack[group] ?? 0]
    const start = (place[group] ?? 0) * size
    for (let i = 0; i < size; i++) if (experts) experts[start + i] = group * size + i
  }
  return result
}

/** Sums of loads over so many parts of equally many neighbours. */
function sumsOfParts(loads: ArrayLike<number>, parts: number): Float64Array {
  const sums = new Float64Array(parts)
  const width = loads.length / parts
  for (let i = 0; i < loads.length; i++) {
    const part = Math.floor(i / width)
    sums[part] = (sums[part] ?? 0) + (loads[i] ?? 0)
  }
  return sums
}

function imbalanceOf(loads: Float64Array): number {
  return Math.max(...loads) / (loads.reduce((sum, load) => sum + load, 0) / loads.length)
}

function check(loads: ArrayLike<number>, shape: PlacementShape): void {
  for (const name of ['replicas', 'groups', 'nodes', 'gpus'] as const) {
    const found = shape[name]
    if (!(Number.isInteger(found) && found > 0)) {
      throw new RangeError(`placement: ${name}: expected a whole number of 1 or more, found ${found}`)
    }
  }
  const { replicas, groups, nodes, gpus } = shape
  const experts = loads.length
  if (replicas < experts) {
    throw new RangeError(`placement: replicas: ${replicas} are fewer than the ${experts} experts, which need one each`)
  }
  divides('groups', groups, `${experts} experts`, experts)
  divides('gpus', gpus, `${replicas} replicas`, replicas)
  divides('nodes', nodes, `${gpus} GPUs`, gpus)
}

function divides(name: string, divisor: number, what: string, count: number): void {
  if (count % divisor !== 0) {
    throw new RangeError(`placement: ${name}: ${what} do not divide into ${divisor} equal parts`)
  }
}
