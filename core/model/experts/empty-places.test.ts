/** Every way of computing experts, for tokens that have fewer experts than places. */
import { expect, test } from 'vitest'
import { moeShape } from '../../arch/architecture'
import { moeArchitecture } from '../../arch/presets'
import type { Expression } from '../../graph/expression'
import { constant, input } from '../../graph/expression'
import { gradients } from '../../graph/gradient'
import { sum } from '../../graph/operators'
import { values } from '../../graph/tensor'
import { createRandom } from '../../random'
import type { Routing } from '../../routers/routing'
import { expertLoad, expertNumbers } from '../../routers/routing'
import { swiGlu } from '../feed-forward'
import { clearWeights, compute, largestDifference } from '../models.fixture'
import { constantWeights } from '../weights'
import { branchedExperts } from './branched'
import { capacityExperts } from './capacity'
import type { ExpertDispatch } from './dispatch'
import { gatheredExperts } from './gathered'
import { groupedExperts } from './grouped'

const architecture = moeArchitecture({
  width: 8,
  vocabularySize: 55,
  layers: 1,
  heads: 2,
  experts: 4,
  topK: 3,
  expertWidth: 8
})
const weights = constantWeights(architecture, clearWeights(architecture))

/** Experts of five tokens, best first, and their gates: from none to three. Expert 2 is in empty places alone. */
const assignments: readonly (readonly (readonly [expert: number, gate: number])[])[] = [
  [[1, 0.75]],
  [],
  [
    [3, 0.5],
    [0, 0.25],
    [1, 2]
  ],
  [
    [0, 1],
    [3, 0.125]
  ],
  [[3, 1.5]]
]

test('each token gets the gated sum of its own experts, whichever way they are computed', () => {
  const rows = [...assignments.keys()]
  expect(largestDifference(computed(groupedExperts, rows).output, expected(rows))).toBeLessThan(1e-12)
  expect(largestDifference(computed(capacityExperts(5), rows).output, expected(rows))).toBeLessThan(1e-12)
  for (const row of rows) {
    for (const dispatch of [gatheredExperts, branchedExperts]) {
      expect(largestDifference(computed(dispatch, [row]).output, expected([row]))).toBeLessThan(1e-12)
    }
  }
})

test('an empty place is no load, takes no room and has no number', () => {
  const rows = [...assignments.keys()]
  const { load, numbers, dropped } = computed(capacityExperts(2), rows)
  expect([...(load ?? [])]).toEqual([2, 2, 0, 3])
  expect([...(numbers ?? [])]).toEqual([1, -1, -1, -1, -1, -1, 3, 0, 1, 0, 3, -1, 3, -1, -1])
  // Only the third token that wants expert 3 finds it full.
  expect([...(dropped ?? [])].flatMap((each, place) => (each > 0 ? [place] : []))).toEqual([12])
})

test('the gradient of a token comes through its own experts alone', () => {
  const rows = [...assignments.keys()]
  const { gradient } = computed(groupedExperts, rows)
  const step = 1e-6
  const moved = (by: number) => computed(groupedExperts, rows, by).output ?? new Float64Array()
  const [above, below] = [moved(step), moved(-step)].map((output) => output.reduce((a, b) => a + b, 0))
  const along = gradient?.reduce((total, each) => total + each, 0)
  expect(along).toBeCloseTo(((above ?? 0) - (below ?? 0)) / (2 * step), 6)
  // The token without an expert.
  expect([...(gradient?.subarray(8, 16) ?? [])]).toEqual(new Array(8).fill(0))
})

/** Outputs for some of the tokens, whose inputs are all moved by a number. */
function computed(dispatch: ExpertDispatch, rows: readonly number[], by = 0) {
  const x = input('x', 'float32', [rows.length, 8])
  const routing = routingOf(rows)
  const { output, dropped } = dispatch({ x, routing, shape: moeShape(architecture, 0), weights, layer: 0 })
  const graph: Record<string, Expression> = {
    output,
    load: expertLoad(routing),
    numbers: expertNumbers(routing),
    ...(dropped ? { dropped } : {}),
    ...(dispatch === groupedExperts ? { gradient: gradients(sum(output), [x])[0] ?? output } : {})
  }
  const data = rows.flatMap((row) => tokenAt(row).map((each) => each + by))
  return compute(graph, { x: values('float32', [rows.length, 8], data) })
}

function routingOf(rows: readonly number[]): Routing {
  const places = rows.flatMap((row) => {
    const chosen = assignments[row] ?? []
    const others = [0, 1, 2, 3].filter((expert) => chosen.every(([each]) => each !== expert))
    return [0, 1, 2].map((place): readonly [number, number, number] => {
      const [expert, gate] = chosen[place] ?? []
      return expert === undefined ? [others[place - chosen.length] ?? 0, 0, 0] : [expert, gate ?? 0, 1]
    })
  })
  const column = (type: 'float32' | 'int64', of: 0 | 1 | 2) =>
    constant(
      values(
        type,
        [rows.length, 3],
        places.map((place) => place[of])
      )
    )
  return {
    logits: constant(values('float32', [rows.length, 4], new Array(4 * rows.length).fill(0))),
    experts: column('int64', 0),
    gates: column('float32', 1),
    filled: column('float32', 2)
  }
}

/** The gated sum, written without any dispatch. */
function expected(rows: readonly number[]): number[] {
  return rows.flatMap((row) => {
    const x = constant(values('float32', [1, 8], tokenAt(row)))
    const total = new Array<number>(8).fill(0)
    for (const [expert, gate] of assignments[row] ?? []) {
      const [gateUp, down] = (['expert_gate_up', 'expert_down'] as const).map((part) => weights.expert(0, part, expert))
      if (!gateUp || !down) throw new Error('unreachable')
      const { output } = compute({ output: swiGlu(x, gateUp, down) }, {})
      output?.forEach((each, i) => {
        total[i] = (total[i] ?? 0) + gate * each
      })
    }
    return total
  })
}

function tokenAt(row: number): number[] {
  const random = createRandom(row, 'model/token')
  return Array.from({ length: 8 }, () => random.normal())
}
