import fc from 'fast-check'
import { expect, test } from 'vitest'
import { findLaw, type LawPoint, laws, takesPoint } from './index'

const everything: LawPoint = {
  parameters: 1e9,
  active: 2e8,
  tokens: 20e9,
  uniqueTokens: 10e9,
  inferenceTokens: 1e12,
  experts: 64,
  granularity: 4,
  weightBits: 8,
  activationBits: 8,
  cacheBits: 8
}

test('ids are unique, and every law says where it comes from and where it was fitted', () => {
  expect(new Set(laws.map(({ id }) => id)).size).toBe(laws.length)
  for (const law of laws) {
    expect(findLaw(law.id)).toBe(law)
    expect(law.source.length * law.region.source.length * law.formula.length).toBeGreaterThan(0)
  }
  expect(findLaw('toString')).toBeUndefined()
})

test('every law gives what it says and nothing else, all positive', () => {
  for (const law of laws) {
    const sets = law.takes.map((inputs) => Object.fromEntries(inputs.map((input) => [input, at(input)])))
    const given = sets.map((point) => law.figures(point))
    const names = new Set(given.flatMap((figures) => Object.keys(figures)))
    expect([...names].sort()).toEqual([...law.gives].sort())
    for (const value of given.flatMap((figures) => Object.values(figures))) expect(value).toBeGreaterThan(0)
  }
})

const between = (low: number, high: number) =>
  fc.double({ min: Math.log(low), max: Math.log(high), noNaN: true }).map(Math.exp)

test.each(laws.filter((law) => takesPoint(law, { parameters: 1, tokens: 1 })).map((law) => [law.id, law] as const))(
  '%s: more parameters and more tokens never make the loss worse, however large',
  (_, law) => {
    const loss = (parameters: number, tokens: number) => law.figures({ parameters, tokens }).loss ?? Number.NaN
    fc.assert(
      fc.property(between(1e5, 1e14), between(1e7, 1e16), between(1, 1000), (parameters, tokens, factor) => {
        const here = loss(parameters, tokens)
        expect(Number.isFinite(here)).toBe(true)
        expect(loss(parameters * factor, tokens)).toBeLessThanOrEqual(here * (1 + 1e-12))
        expect(loss(parameters, tokens * factor)).toBeLessThanOrEqual(here * (1 + 1e-12))
      })
    )
  }
)

test('a point is inside, outside or not decided by what is known of the region', () => {
  const within = (id: string, point: LawPoint) => findLaw(id)?.within(point)
  expect(within('besiroglu2024', { parameters: 7e9, tokens: 100e9 })).toBe('inside')
  expect(within('besiroglu2024', { parameters: 70e9, tokens: 100e9 })).toBe('outside')
  expect(within('besiroglu2024', { parameters: 7e9, tokens: 1.4e12 })).toBe('outside')
  expect(within('besiroglu2024', { flops: 1e21 })).toBe('unknown')
  expect(within('muennighoff2023', { parameters: 1e9, tokens: 1e11 })).toBe('unknown')
  expect(within('muennighoff2023', { parameters: 1e10, tokens: 1e11 })).toBe('outside')
  expect(within('sardana2023', { parameters: 1e9, tokens: 2e10, inferenceTokens: 1e15 })).toBe('inside')
  expect(within('krajewski2024-moe', { parameters: 1e9, tokens: 2e10, granularity: 64 })).toBe('outside')
  expect(within('krajewski2024-dense', { parameters: 1e9, tokens: 2e10 })).toBe('unknown')
  expect(within('geometric-mean', { parameters: 1e9, active: 1e8 })).toBe('unknown')
})

test('what is missing or impossible is told with the name of the law', () => {
  const besiroglu = findLaw('besiroglu2024') ?? expect.fail('besiroglu2024 is missing')
  expect(takesPoint(besiroglu, { tokens: 1e9 })).toBe(false)
  expect(() => besiroglu.figures({ tokens: 1e9 })).toThrow(
    'besiroglu2024: expected parameters and tokens, or flops; found tokens'
  )
  expect(() => besiroglu.figures({ parameters: 1e9, flops: 1e21 })).toThrow('found flops beside one of them')
  expect(() => findLaw('clark2022-hash')?.figures({ parameters: 1e9, experts: 0.5 })).toThrow(
    'clark2022-hash: expected 1 or more experts, found 0.5'
  )
  expect(() => besiroglu.figures({})).toThrow('found none of them')
  expect(() => besiroglu.figures({ parameters: -1, tokens: 1e9 })).toThrow(
    'besiroglu2024: expected a positive number of parameters, found -1'
  )
  expect(() => besiroglu.figures({ parameters: 1e9, tokens: Number.NaN })).toThrow('number of tokens, found NaN')
})

function at(input: keyof LawPoint): number {
  if (input === 'flops') return 1e21
  if (input === 'loss') return 2.5
  return everything[input] ?? expect.fail(`no value of ${input}`)
}
