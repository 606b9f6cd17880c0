import { expect, test } from 'vitest'
import type { EndedRun } from './ended-run'
import { experiments } from './experiments'
import { withLocks } from './lock'
import { trainingProblems } from './problems'
import { verdictOf } from './seed-verdict'

const ended = (name: string, loss: number, others: Partial<EndedRun> = {}): EndedRun => ({
  name,
  loss,
  before: undefined,
  lowest: loss,
  trainingLoss: loss,
  floor: 0.5,
  memory: { loss, right: 0.5 },
  computation: { loss, right: 0.5 },
  domains: {},
  largestLoad: undefined,
  total: 100,
  active: 50,
  characters: 1_000_000,
  text: 1_000_000,
  ...others
})

const experimentOf = (id: string) => {
  const found = experiments.find((each) => each.id === id)
  if (!found) throw new Error(`expected an experiment '${id}'`)
  return found
}

test.each(experiments)('$id can be trained, and its locks are kept', ({ runs }) => {
  expect(runs.length).toBeGreaterThan(1)
  expect(runs.flatMap(trainingProblems)).toEqual([])
  for (const run of withLocks(runs, [])) expect(trainingProblems(run)).toEqual([])
})

test('a claim is answered with figures, also when it did not come out', () => {
  const { check } = experimentOf('equal-active')
  const moe = ended('Top-2 of 16', 1, { total: 600, active: 55 })
  expect(check([ended('Dense', 1.15), moe])).toEqual({
    holds: true,
    sentence:
      'Top-2 of 16 ends 0.150 below Dense at equal active parameters: 1.000 against 1.150 nats per character, with 6.0× the total and 1.1× the active parameters.'
  })
  expect(check([ended('Dense', 0.9), moe])).toEqual({
    holds: false,
    sentence:
      'Top-2 of 16 does not end below Dense at equal active parameters, but 0.100 above: 1.000 against 0.900 nats per character, with 6.0× the total and 1.1× the active parameters.'
  })
})

test('a collapse is told by the busiest expert, and by nothing where no load is known', () => {
  const { check } = experimentOf('collapse')
  expect(check([ended('a', 1, { largestLoad: 0.5 }), ended('b', 1, { largestLoad: 0.1 })]).holds).toBe(true)
  expect(check([ended('a', 1, { largestLoad: 0.12 }), ended('b', 1, { largestLoad: 0.1 })]).holds).toBe(false)
  const unknown = check([ended('a', 1, { largestLoad: 0.5 }), ended('b', 1)])
  expect(unknown.holds).toBeUndefined()
  expect(unknown.sentence).not.toContain('NaN')
})

const groups = (memory: number, computation: number) => ({
  memory: { loss: 1, right: memory },
  computation: { loss: 1, right: computation }
})

test('memory against computation is told by the right answers that experts add', () => {
  const { check } = experimentOf('memory-or-computation')
  expect(check([ended('Dense', 1, groups(0.4, 0.2)), ended('MoE', 1, groups(0.75, 0.25))])).toEqual({
    holds: true,
    sentence:
      'MoE gets 75\u00a0% of the answers of memory against 40\u00a0% right, and 25\u00a0% of the answers of computation against 20\u00a0%: it gains more in memory.'
  })
  expect(check([ended('Dense', 1, groups(0.4, 0.2)), ended('MoE', 1, groups(0.45, 0.3))]).holds).toBe(false)
  const unscored = check([ended('Dense', 1, groups(Number.NaN, Number.NaN)), ended('MoE', 1, groups(0.4, 0.2))])
  expect(unscored.holds).toBeUndefined()
  expect(unscored.sentence).not.toContain('NaN')
})

test('returns diminish where each doubling saves less, along the power law that the losses lie on', () => {
  const { check } = experimentOf('diminishing')
  // loss = 0.5 + 2 N^-0.25, whose exponent a fit of all points gives back.
  const law = (total: number) => ended(`N ${total}`, 0.5 + 2 * total ** -0.25, { total })
  const found = check([law(1000), law(2000), law(4000), law(16_000)])
  expect(found.holds).toBe(true)
  const saved = 2 * 1000 ** -0.25 * (1 - 2 ** -0.25)
  expect(found.sentence).toContain(`saves ${saved.toFixed(3)} nats from N 1000 on`)
  expect(found.sentence).toContain('falls as N^-0.25, fitted')
  const sizes = [2, 1.9, 1.5].map((loss, i) => ended(`N ${i}`, loss, { total: 1000 * 2 ** i }))
  expect(check(sizes).holds).toBe(false)
})

test('a model overfits whose loss on other text rises again', () => {
  const { check } = experimentOf('overfitting')
  const repeated = { text: 10_000, characters: 500_000 }
  const small = ended('Small', 1.5, { ...repeated, lowest: 1.49, trainingLoss: 1.3 })
  const large = ended('Large', 2.5, { ...repeated, lowest: 1.4, trainingLoss: 0.2 })
  expect(check([small, large])).toEqual({
    holds: true,
    sentence:
      'On 10\u00a0k characters, read 50 times, Large ends 1.100 above its lowest validation loss, with a training loss of 0.200 against 2.500 on text that it has not seen; Small ends 0.010 above, with 1.300 against 1.500.'
  })
  expect(check([large, small]).holds).toBe(false)
})

test('a specialist is judged on its domain alone', () => {
  const { check } = experimentOf('specialist')
  const small = ended('Small', 0.9, { total: 100, domains: { var: 0.9 } })
  const large = ended('Large', 0.5, { total: 400, domains: { var: 1, fact: 0.1 } })
  expect(check([small, large])).toEqual({
    holds: true,
    sentence: 'On var Small, with 0.3× the parameters, ends 0.100 nats per character below Large: 0.900 against 1.000.'
  })
  expect(check([{ ...small, domains: { var: 1.2 } }, large]).holds).toBe(false)
  expect(check([{ ...small, domains: {} }, large]).holds).toBeUndefined()
})

test('a fine-tuned model is judged on its domain, beside what it was and what the same steps make of drawn weights', () => {
  const { check } = experimentOf('fine-tuned')
  const on = (name: string, loss: number, total: number) =>
    ended(name, 1, { total, before: 1.2, domains: { var: loss } })
  expect(check([on('Tuned', 0.8, 100), on('Large', 1, 400), on('Small', 1.2, 100), on('Drawn', 1.1, 100)])).toEqual({
    holds: true,
    sentence:
      'On var Tuned, with 0.3× the parameters, ends 0.200 nats per character below Large: 0.800 against 1.000. Before, it had 1.200; from random weights the same training comes to 1.100.'
  })
  expect(check([on('Tuned', 1.1, 100), on('Large', 1, 400), on('Small', 1.2, 100), on('Drawn', 1, 1)]).holds).toBe(
    false
  )
})

test('a student learns more from a teacher where it ends below itself alone, with little text and with much', () => {
  const { check } = experimentOf('distillation')
  const runs = (...losses: readonly [number, number, number, number]) =>
    losses.map((loss, i) => ended(`Student ${i}`, loss, { text: i < 2 ? 10_000 : 500_000 }))
  expect(check(runs(2, 1.5, 1.2, 1.1))).toEqual({
    holds: true,
    sentence:
      'A student with a teacher learns more in both cases: with little text (10\u00a0k characters) it ends 0.500 below the same student alone, 1.500 against 2.000; with much (500\u00a0k characters) it ends 0.100 below the same student alone, 1.100 against 1.200 nats per character.'
  })
  const little = check(runs(2, 1.5, 1.2, 1.3))
  expect(little.holds).toBe(false)
  expect(little.sentence).toContain('learns more with little text alone: ')
  expect(little.sentence).toContain('with much (500\u00a0k characters) it ends 0.100 above')
  expect(check(runs(1, 2, 1, 2)).sentence).toContain('learns more in neither case')
})

test('healing is told by what is left of what pruning broke, against the same steps unpruned', () => {
  const { check } = experimentOf('healing')
  const pruned = ended('Pruned', 1.12, { before: 1.9, characters: 100_000 })
  const control = ended('On', 1.04, { before: 1.1 })
  expect(check([ended('Base', 1.1), pruned, control])).toEqual({
    holds: true,
    sentence:
      'Pruning raises the loss from 1.100 to 1.900; after 100\u00a0k characters of training it is 1.120, against 1.040 after the same steps unpruned: of 0.800 broken 0.080 are left, 90\u00a0% is healed.'
  })
  expect(check([ended('Base', 1.1), { ...pruned, loss: 1.5 }, control]).holds).toBe(false)
  expect(check([ended('Base', 1.1), { ...pruned, before: undefined }, control]).holds).toBeUndefined()
})

test('tied layers are judged against one layer of as many parameters, and told against untied ones', () => {
  const { check } = experimentOf('tied-layers')
  const runs = (...losses: readonly number[]) =>
    losses.map((loss, i) => ended(['Untied', 'Tied', 'One'][i] ?? '', loss, { total: i === 0 ? 90_000 : 15_000 }))
  expect(check(runs(1, 1.1, 1.4))).toEqual({
    holds: true,
    sentence:
      'Tied, the layers have 15\u00a0k parameters instead of 90\u00a0k and end 0.100 above the untied ones, 1.100 against 1.000 nats per character; they end 0.300 below One of 15\u00a0k parameters (1.400).'
  })
  const { holds, sentence } = check(runs(1, 1.5, 1.4))
  expect(holds).toBe(false)
  expect(sentence).toContain('they end 0.100 above One')
})

test('the best size for a budget is inside, or at the edge', () => {
  const { check } = experimentOf('iso-flop')
  const sizes = (...losses: number[]) => losses.map((loss, i) => ended(`d ${i}`, loss, { total: 1000 * (i + 1) }))
  expect(check(sizes(1.2, 1, 1.1))).toEqual({
    holds: true,
    sentence:
      'At equal training FLOPs d 1 ends lowest, between smaller and larger ones: d 0 (1\u00a0k) 1.200, d 1 (2\u00a0k) 1.000 and d 2 (3\u00a0k) 1.100 nats per character.'
  })
  expect(check(sizes(1, 1.1, 1.2)).holds).toBe(false)
  expect(check(sizes(1.3, 1.1, 1.05)).holds).toBe(false)
})

test('the thorough form judges the means of seeds, and says with how many alone it comes out', () => {
  const { check } = experimentOf('top-k')
  const seed = (one: number, two: number) => [ended('Top-1', one), ended('Top-2', two)]
  expect(verdictOf(check, [seed(1.2, 1)]).shows).toBe('Small form: one seed, measured here.')
  const { holds, sentence, shows } = verdictOf(check, [seed(1.2, 1), seed(1.1, 1.2), seed(1.3, 1.1)])
  expect(holds).toBe(true)
  expect(sentence).toContain('1.100 against 1.200 nats')
  expect(shows).toBe('Thorough form: means of 3 seeds, measured here; it comes out with 2 of the 3 alone.')
})
