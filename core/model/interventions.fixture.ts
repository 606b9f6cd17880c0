/** The graphs of changed routers, one of each kind, with inputs. */
import type { Architecture } from '../arch/architecture'
import { moeLayers, moeShape } from '../arch/architecture'
import type { Expression } from '../graph/expression'
import type { Values } from '../graph/tensor'
import { values } from '../graph/tensor'
import { createRandom } from '../random'
import { changedEvaluation } from './changed-evaluation'
import type { ExpertDispatch } from './experts/dispatch'
import type { Intervention } from './intervention'
import { interventionPlan } from './intervention-plan'
import { clearWeights, randomBatch } from './models.fixture'
import { constantWeights } from './weights'

/** Changes of a model with two of four experts, of every kind whose graph is another. */
export const interventions: Readonly<Record<string, Intervention>> = {
  'an expert masked': { kind: 'mask', experts: [1] },
  'some tokens forced': { kind: 'force', expert: 2, tokens: [3, 8, 21, 34] },
  'a layer skipped': { kind: 'skip-moe', layer: 0 },
  'drop top-1 expert': { kind: 'drop-best', replace: true },
  'random, trained gates': { kind: 'random', gates: 'trained' },
  'random, uniform gates': { kind: 'random', gates: 'uniform' },
  'one expert': { kind: 'top-k', topK: 1 }
}

export interface ChangedCircumstances {
  readonly flat?: Float32Array
  /** Of the noise. */
  readonly seed?: number
  readonly dispatch: ExpertDispatch
}

/** Two windows of 8 tokens under a changed router; without an intervention, under the model's own. */
export function changedGraph(
  architecture: Architecture,
  intervention: Intervention | undefined,
  { flat = clearWeights(architecture), seed = 1, dispatch }: ChangedCircumstances
): { readonly graph: Record<string, Expression>; readonly inputs: Record<string, Values> } {
  const batch = { batch: 2, context: 8 }
  const plan = interventionPlan(architecture, ...(intervention ? [intervention] : []))
  const random = createRandom(seed, 'model/noise')
  const inputs: Record<string, Values> = { ...randomBatch(architecture, 16) }
  const { vocabularySize } = architecture
  for (const [layer, mask] of plan.masks) {
    inputs[`mask_${layer}`] = values('float32', [vocabularySize, mask.length / vocabularySize], mask)
  }
  for (const layer of moeLayers(architecture)) {
    const { experts } = moeShape(architecture, layer)
    inputs[`noise_${layer}`] = values('float32', [16, experts], Array.from({ length: 16 * experts }, random.uniform))
  }
  return { graph: changedEvaluation(plan, constantWeights(architecture, flat), dispatch, batch), inputs }
}
