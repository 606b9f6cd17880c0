import { moeLayers, moeShape } from '../arch/architecture'
import type { Expression } from '../graph/expression'
import { multiply, sum } from '../graph/operators'
import { expertNumbers } from '../routers/routing'
import { floats, type HostTensor } from '../runtime/backend'
import { parameterName } from '../tensors/part'
import type { Calibration } from './calibration'
import { type ObservedGraph, observe } from './observation'
import type { StoredModel } from './stored-model'

/** The work of an expert for the tokens of the calibration text that chose it. */
export interface ExpertUse {
  /** So many chose it. */
  tokens: number
  /** Sum of the norms of its outputs. */
  norms: number
  /** Sum of the norms, each times the gate of its token. */
  gatedNorms: number
}

/** Use of each expert, by MoE layer. */
export async function expertUse(
  model: StoredModel,
  calibration: Calibration
): Promise<ReadonlyMap<number, readonly ExpertUse[]>> {
  const { architecture } = model
  const uses = new Map(
    moeLayers(architecture).map((layer) => [
      layer,
      Array.from({ length: moeShape(architecture, layer).experts }, () => ({ tokens: 0, norms: 0, gatedNorms: 0 }))
    ])
  )
  await observe(
    model,
    calibration,
    (graph) => useOutputs(model, graph),
    (outputs) => {
      for (const [layer, experts] of uses) addUse(experts, layer, outputs)
    }
  )
  return uses
}

function useOutputs({ architecture }: StoredModel, { routing, linear }: ObservedGraph): Record<string, Expression> {
  // A matrix that layers share is used by each of them, in their order.
  const siteOf = (layer: number, expert: number) => {
    const [stored, use] = architecture.sharedLayers ? [0, layer] : [layer, 0]
    const found = linear.get(parameterName({ part: 'expert_down', layer: stored, expert }))?.[use]
    if (!found) throw new Error(`layer ${layer} has no expert ${expert}`)
    return found
  }
  const outputs = routing.flatMap((each) => [
    [`experts_${each.layer}`, expertNumbers(each)] as const,
    [`gates_${each.layer}`, each.gates] as const,
    ...Array.from({ length: each.shape.experts }, (_, expert) => {
      const { output } = siteOf(each.layer, expert)
      return [`squares_${each.layer}_${expert}`, sum(multiply(output, output), [1])] as const
    })
  ])
  return Object.fromEntries(outputs)
}

/** The rows of an expert are its tokens in their order. */
function addUse(experts: ExpertUse[], layer: number, outputs: Readonly<Record<string, HostTensor>>): void {
  const gates = floats(outputs, `gates_${layer}`)
  const squares = experts.map((_, expert) => floats(outputs, `squares_${layer}_${expert}`))
  const rows = experts.map(() => 0)
  for (const [place, expert] of floats(outputs, `experts_${layer}`).entries()) {
    const use = experts[expert]
    if (!use) continue
    const norm = Math.sqrt(squares[expert]?.[rows[expert] ?? 0] ?? Number.NaN)
    rows[expert] = (rows[expert] ?? 0) + 1
    use.tokens++
    use.norms += norm
    use.gatedNorms += norm * (gates[place] ?? Number.NaN)
  }
}
