/** Values inside a model while it reads calibration text, taken out of its graph as outputs. */

import { type Expression, input, topologicalNodes } from '../graph/expression'
import { gather } from '../graph/operators'
import { groupBy } from '../group-by'
import { causalMask, sequencePositions } from '../model/causal'
import { groupedExperts } from '../model/experts/grouped'
import { type TransformerResult, transformer } from '../model/transformer'
import { constantWeights, type Weights } from '../model/weights'
import type { HostTensor } from '../runtime/backend'
import { int32 } from '../runtime/backend'
import type { Calibration } from './calibration'
import type { StoredModel } from './stored-model'

/** A linear layer in the graph. */
export interface LinearSite {
  /** `[rows, inputs]`: a row for each token, of an expert for each of its own. */
  readonly input: Expression
  /** `[rows, outputs]`. */
  readonly output: Expression
}

/** A graph that reads text, of which outputs are chosen. */
export interface ObservedGraph extends TransformerResult {
  readonly weights: Weights
  /** Every place where a parameter is the matrix of a linear layer, by its name; several where layers share it. */
  readonly linear: ReadonlyMap<string, readonly LinearSite[]>
}

/** The output that is the residual stream before a layer; that of the number of layers, after the last. */
export function streamName(layer: number): string {
  return `hidden_${layer}`
}

/** Chooses the residual stream at every place, under `streamName`. */
export function residualStreams({ hidden }: ObservedGraph): Record<string, Expression> {
  return Object.fromEntries(hidden.map((each, layer) => [streamName(layer), each]))
}

/** Windows that are read at once. */
const largestBatch = 16

/**
 * Reads the calibration text, as far as it fills whole batches, and hands over the chosen outputs of each batch. Rows are
 * in the order of tokens; those of an expert too.
 */
export async function observe(
  { architecture, parameters }: Pick<StoredModel, 'architecture' | 'parameters'>,
  calibration: Calibration,
  choose: (graph: ObservedGraph) => Readonly<Record<string, Expression>>,
  onBatch: (outputs: Readonly<Record<string, HostTensor>>) => void
): Promise<void> {
  const { count, context, tokens } = calibration.text()
  const batch = Math.min(count, largestBatch)
  const size = batch * context
  const weights = constantWeights(architecture, parameters)
  const ids = input('tokens', 'int32', [size])
  const result = transformer({
    architecture,
    weights,
    dispatch: groupedExperts,
    tokens: ids,
    x: gather(weights.embedding, ids),
    positions: sequencePositions(batch, context),
    mask: causalMask(context)
  })
  const session = await calibration.backend.load(choose({ ...result, weights, linear: linearSites(result) }))
  try {
    for (let first = 0; first + batch <= count; first += batch) {
      await calibration.turn()
      onBatch(await session.run({ tokens: int32(tokens.slice(first * context, first * context + size)) }))
    }
  } finally {
    await session.release()
  }
}

/** The products of the graph whose second operand is a parameter. */
function linearSites({ logits }: TransformerResult): ReadonlyMap<string, readonly LinearSite[]> {
  const named = topologicalNodes([logits]).flatMap((node) => {
    if (node.kind !== 'operator' || !['MatMul', 'Gemm'].includes(node.operator.name)) return []
    const [x, matrix] = node.inputs
    const [type] = node.types
    if (!x || !type || matrix?.node.kind !== 'constant' || matrix.node.name === undefined) return []
    return [{ name: matrix.node.name, site: { input: x, output: { node, output: 0, ...type } } }]
  })
  const sites = groupBy(named, ({ name }) => name)
  return new Map(Array.from(sites, ([name, each]) => [name, each.map(({ site }) => site)]))
}
