import { transforms } from '@core/compress'
import { expect, test } from 'vitest'
import { chainOf, settingsOf, stepsOf, unknownTransforms, withOneMore, withoutStep, withStep } from './chain'
import { type ChosenStep, compressChoicesSchema, defaultCompress, mostBeside } from './choices'

const step = (transform: string, settings: ChosenStep['settings'] = {}): ChosenStep => ({ transform, settings })
const [experts, wanda, rtn] = [step('experts', { keep: 6 }), step('wanda'), step('rtn')]

test('a chain has its steps in their order, whichever has the setting that is varied', () => {
  const steps = [experts, wanda, rtn]
  for (const varied of steps.keys()) {
    const chosen = chainOf(steps, varied)
    expect(stepsOf(chosen)).toEqual(steps)
    expect(chosen.transform).toBe(steps[varied]?.transform)
  }
  expect(() => chainOf(steps, 3)).toThrow(RangeError)
})

test('choices of before there were chains are a chain of one', () => {
  const older = compressChoicesSchema.parse({ model: 'dense-64', transform: 'gptq', settings: { block: 64 } })
  expect(stepsOf(older)).toEqual([step('gptq', { block: 64 })])
})

test('a changed step leaves the others and what is varied', () => {
  const chosen = withStep(chainOf([experts, rtn], 1), 0, step('layers'))
  expect(chosen).toEqual(chainOf([step('layers'), rtn], 1))
})

test('without the varied step the one after it is varied, or the last', () => {
  const steps = [experts, wanda, rtn]
  expect(withoutStep(chainOf(steps, 1), 1)).toEqual(chainOf([experts, rtn], 1))
  expect(withoutStep(chainOf(steps, 2), 2)).toEqual(chainOf([experts, wanda], 1))
  expect(withoutStep(chainOf(steps, 2), 0)).toEqual(chainOf([wanda, rtn], 1))
  expect(withoutStep(chainOf(steps, 0), 1)).toEqual(chainOf([experts, rtn], 0))
})

test('one more transform comes before the rounding, of which there is one, and what is varied stays', () => {
  const pruned = withOneMore(chainOf([rtn], 0))
  expect(pruned).toEqual(chainOf([step('magnitude'), rtn], 1))
  expect(withOneMore(chainOf([experts], 0))).toEqual(chainOf([experts, rtn], 0))
  expect(withOneMore(chainOf([experts, rtn], 0))).toEqual(chainOf([experts, step('magnitude'), rtn], 0))
  let chain = defaultCompress as ReturnType<typeof withOneMore>
  for (let i = 0; i < mostBeside; i++) chain = chain && withOneMore(chain)
  expect(chain?.before).toHaveLength(mostBeside)
  expect(chain && withOneMore(chain)).toBeUndefined()
})

test('a transform that this build does not have is named', () => {
  expect(unknownTransforms(chainOf([step('fold'), rtn], 1))).toEqual(['fold'])
  expect(
    unknownTransforms(
      chainOf(
        transforms.map(({ id }) => step(id)),
        0
      )
    )
  ).toEqual([])
})

test('settings have the defaults of what is not chosen; one that cannot be is told', () => {
  expect(settingsOf(rtn)).toEqual({ bits: 4, block: 32, symmetric: false, routers: true })
  expect(() => settingsOf(step('rtn', { block: 3 }))).toThrow(/block: .*16/)
})
