import type { Ablation, AblationRow } from '@core/evaluate/ablate'
import { loadAndLossIncrease } from '@core/evaluate/load-and-loss'
import type { RunRecord } from '@core/lab/run'
import type { Intervention } from '@core/model/intervention'
import { expect, test } from 'vitest'
import { knownAblation } from './ablate'

const experts = [0, 1, 2, 3]
const mask = (layer: number, expert: number): Intervention => ({ kind: 'mask', layer, experts: [expert] })

function run(id: string, model = 'moe'): RunRecord {
  const spec = { model: { id: model, weights: '' }, interventions: [], characters: 1, seed: 1 }
  return { format: 'moescope.lab-run/1', id, kind: 'ablate', spec, status: 'finished', created: 1, done: 1, detail: '' }
}

function row(intervention: Intervention, delta: number): AblationRow {
  return { intervention, delta, loss: 1 + delta, standardError: 0.1, tokens: 9, domains: {}, loads: [] }
}

function ablation(rows: readonly AblationRow[]): Ablation {
  const loads = [0, 1].map((layer) => ({ layer, experts: [1, 2, 3, 4] }))
  return { windows: 1, baseline: { loss: 1, tokens: 9, domains: {}, loads }, rows }
}

// An expert that is measured again must not become a 33rd of 32, nor weigh twice in the correlation.
test('after every expert, one more intervention counts its expert once: in the rows, and in the correlation', () => {
  const all = ablation([
    row({ kind: 'drop-best', replace: true }, 0.9),
    ...[0, 1].flatMap((layer) => experts.map((expert) => row(mask(layer, expert), 0.1 * (expert + 1))))
  ])
  const before = { runs: [run('all')], ablations: { all } }
  const again = {
    runs: [run('all'), run('one more'), run('of another model', 'other')],
    ablations: { all, 'one more': ablation([row(mask(1, 0), 0.7)]), 'of another model': ablation([row(mask(0, 3), 9)]) }
  }
  const known = knownAblation(again, 'moe')
  expect(known?.rows).toHaveLength(9)
  expect(known?.rows.filter(({ intervention }) => intervention.layer === 1)).toMatchObject([
    { intervention: { experts: [0] }, delta: 0.7 },
    { intervention: { experts: [1] }, delta: 0.2 },
    { intervention: { experts: [2] } },
    { intervention: { experts: [3] } }
  ])
  const counted = ({ rows }: Ablation) => loadAndLossIncrease(ablation(rows)).map((each) => each.experts)
  expect(counted(known ?? all)).toEqual([4, 4, 8])
  // Spearman: 1 - 6 sum d^2 / (n (n^2 - 1)) of the ranks 4 1 2 3 against 1 2 3 4 is -0.2.
  expect(loadAndLossIncrease(all)[1]?.correlation).toBeCloseTo(1)
  expect(loadAndLossIncrease(known ?? all)[1]?.correlation).toBeCloseTo(-0.2)
  // The same measurement again changes nothing.
  const same = { runs: [run('all'), run('same')], ablations: { all, same: ablation([row(mask(0, 2), 0.3)]) } }
  expect(knownAblation(same, 'moe')?.rows.length).toBe(knownAblation(before, 'moe')?.rows.length)
})
