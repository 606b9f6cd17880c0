/**
 * The graphs node for node: a figure once measured stays what it was only while its graph has the same nodes in the
 * same order. Whoever changes a graph on purpose measures what becomes of the figures, and then renews its hash here.
 */
import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import type { Architecture } from '../arch/architecture'
import { moeLayers } from '../arch/architecture'
import { moeArchitecture } from '../arch/presets'
import type { Expression } from '../graph/expression'
import { serialise } from '../graph/onnx'
import { evaluation } from './evaluation'
import { branchedExperts } from './experts/branched'
import { capacityExperts } from './experts/capacity'
import { gatheredExperts } from './experts/gathered'
import { groupedExperts } from './experts/grouped'
import { decode, prefill } from './inference'
import { changedGraph, interventions } from './interventions.fixture'
import { architectures, trainStepOptions } from './models.fixture'
import { parameterLayout } from './parameters'
import { trainStep } from './train-step'
import { constantWeights } from './weights'

const batch = { batch: 2, context: 8 }

test.each(Object.entries(architectures))('graphs are those of the measured figures: %s', (_, architecture) => {
  expect(Object.fromEntries(graphsOf(architecture).map(([name, graph]) => [name, hashOf(graph)]))).toMatchSnapshot()
})

test('branched experts stand in a graph once, for all choices', () => {
  const architecture = moeArchitecture({ width: 16, vocabularySize: 8, experts: 8, topK: 4, expertWidth: 64 })
  const flat = new Float32Array(parameterLayout(architecture).size).map((_, i) => i)
  const bytes = serialise(decode(architecture, constantWeights(architecture, flat), branchedExperts)).length
  expect(bytes).toBeGreaterThan(flat.byteLength)
  expect(bytes).toBeLessThan(1.2 * flat.byteLength)
})

function graphsOf(architecture: Architecture): [name: string, graph: Record<string, Expression>][] {
  const flat = new Float32Array(parameterLayout(architecture).size)
  const weights = constantWeights(architecture, flat)
  const many = { grouped: groupedExperts, 'with a capacity': capacityExperts(6) }
  const one = { gathered: gatheredExperts, branched: branchedExperts }
  const routed = moeLayers(architecture).length > 0
  return [
    ...Object.entries(many).flatMap(([name, dispatch]): [string, Record<string, Expression>][] => [
      [`train step, ${name}`, trainStep(architecture, dispatch, { ...batch, ...trainStepOptions })],
      [`train step without router losses, ${name}`, trainStep(architecture, dispatch, { ...batch, ...unweighted })],
      [`evaluation, ${name}`, evaluation(architecture, dispatch, batch)],
      [`prefill, ${name}`, prefill(architecture, weights, dispatch)]
    ]),
    ...Object.entries(one).map(([name, dispatch]): [string, Record<string, Expression>] => [
      `decode, ${name}`,
      decode(architecture, weights, dispatch)
    ]),
    ...Object.entries(routed ? interventions : {}).map(([name, each]): [string, Record<string, Expression>] => [
      `evaluation, ${name}`,
      changedGraph(architecture, each, { dispatch: groupedExperts, flat }).graph
    ])
  ]
}

const unweighted = { ...trainStepOptions, balanceLoss: 0, zLoss: 0 }

function hashOf(graph: Readonly<Record<string, Expression>>): string {
  return createHash('sha256').update(serialise(graph)).digest('hex').slice(0, 16)
}
