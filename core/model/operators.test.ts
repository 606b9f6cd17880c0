import { expect, test } from 'vitest'
import { moeLayers } from '../arch/architecture'
import type { Expression, OperatorNode } from '../graph/expression'
import { branchesOf, topologicalNodes } from '../graph/expression'
import { operatorCases } from '../graph/operators/cases'
import { graphOf } from '../graph/operators/cases/case'
import { changedEvaluation } from './changed-evaluation'
import { evaluation } from './evaluation'
import { branchedExperts } from './experts/branched'
import { capacityExperts } from './experts/capacity'
import { gatheredExperts } from './experts/gathered'
import { groupedExperts } from './experts/grouped'
import { decode, prefill } from './inference'
import type { Intervention } from './intervention'
import { interventionPlan } from './intervention-plan'
import { architectures, clearWeights, trainStepOptions } from './models.fixture'
import { trainStep } from './train-step'
import { constantWeights } from './weights'

/** One of each graph. */
const interventions: Intervention[] = [
  { kind: 'mask', experts: [0] },
  { kind: 'drop-best', replace: true },
  { kind: 'random', gates: 'uniform' },
  { kind: 'random', gates: 'trained' }
]

test('every operator of every model graph, gradients included, is in a case of its own', () => {
  const tested = new Set(
    Object.values(operatorCases)
      .flat()
      .flatMap((each) => operatorsOf(graphOf(each)))
  )
  const batch = { batch: 1, context: 4 }
  const used = Object.values(architectures).flatMap((architecture) => {
    const weights = constantWeights(architecture, clearWeights(architecture))
    return [
      ...[groupedExperts, capacityExperts(4)].flatMap((dispatch) => [
        evaluation(architecture, dispatch, batch),
        trainStep(architecture, dispatch, { ...batch, ...trainStepOptions }),
        prefill(architecture, weights, dispatch)
      ]),
      ...[gatheredExperts, branchedExperts].map((dispatch) => decode(architecture, weights, dispatch)),
      ...(moeLayers(architecture).length > 0 ? interventions : []).map((each) =>
        changedEvaluation(interventionPlan(architecture, each), weights, capacityExperts(4), batch)
      )
    ]
  })
  const names = new Set(used.flatMap(operatorsOf))
  expect(names.size).toBeGreaterThan(25)
  expect([...names].filter((name) => !tested.has(name))).toEqual([])
})

function operatorsOf(graph: Readonly<Record<string, Expression>>): string[] {
  return namesOf(Object.values(graph))
}

function namesOf(outputs: readonly Expression[]): string[] {
  const nodes = topologicalNodes(outputs).filter((node): node is OperatorNode => node.kind === 'operator')
  return nodes.flatMap((node) => [node.operator.name, ...namesOf(branchesOf(node).map(([, body]) => body))])
}
