/** Laws that every router must keep, in the reference evaluator. A new one is tested here by standing in the list. */
import { describe, expect, test } from 'vitest'
import type { MoeFeedForward } from '../../arch/architecture'
import { constant } from '../../graph/expression'
import { values } from '../../graph/tensor'
import { createRandom } from '../../random'
import { maskedScore } from '../causal'
import { compute, largestDifference } from '../models.fixture'
import type { Routing } from '../routing'
import { expertLoad } from '../routing'
import { routerOf, routerSpecSchema, routers } from '.'
import { lossFreeRouter } from './loss-free.fixture'
import type { RouterSite } from './router'

const tokens = 12
const random = createRandom(1, 'model/logits')
const logits = Array.from({ length: tokens }, () => Array.from({ length: 6 }, () => 2 * random.normal()))

test('kinds are unique, and settings are named as in files and say what they mean', () => {
  expect(new Set(routers.map(({ kind }) => kind)).size).toBe(routers.length)
  for (const { kind, papers, settings } of routers) {
    expect(kind).toMatch(/^[a-z]+(-[a-z]+)*$/)
    for (const paper of papers) expect(paper).toMatch(/^\d{4}\.\d{5}$/)
    for (const [name, { description }] of Object.entries(settings.shape)) {
      expect(name).toMatch(/^[a-z]+(_[a-z]+)*$/)
      expect(description).toBeTruthy()
    }
  }
})

test('an unknown router, and a setting that it does not have, are refused', () => {
  expect(() => routerOf(shapeOf('oracle'))).toThrow(/router 'oracle': expected one of top-k/)
  expect(() => routerOf({ ...shapeOf('top-k'), router: { kind: 'top-k', temperature: 2 } })).toThrow(
    /^router 'top-k': .*temperature/
  )
})

describe.each([...routers, lossFreeRouter])('$kind', ({ kind, causal, of }) => {
  const shape = shapeOf(kind)
  const router = of(shape)

  test('a token gets at most k different experts, and an empty place has no gate', () => {
    const { experts, gates, filled } = routed(logits)
    for (let token = 0; token < tokens; token++) {
      const row = <T>(of: readonly T[]) => of.slice(token * shape.topK, (token + 1) * shape.topK)
      expect(new Set(row(experts)).size).toBe(shape.topK)
      expect(row(experts).every((expert) => Number.isInteger(expert) && expert >= 0 && expert < 6)).toBe(true)
      for (const [place, gate] of row(gates).entries()) {
        if (row(filled)[place] === 1) expect(gate).toBeGreaterThanOrEqual(0)
        else expect([row(filled)[place], gate]).toEqual([0, 0])
      }
    }
    const { load } = compute({ load: expertLoad(router.route(siteOf(logits))) }, {})
    expect(load?.reduce((a, b) => a + b)).toBe(filled.reduce((a, b) => a + b))
  })

  test('its gates for the experts that it chose are those that it gave them', () => {
    const site = siteOf(logits)
    const own = router.route(site)
    const { again } = compute({ again: router.gates(site, own.experts) }, {})
    const { gates, filled } = routed(logits)
    const kept = gates.map((gate, place) => ((filled[place] ?? 0) > 0 ? gate : 0))
    expect(
      largestDifference(
        Array.from(again ?? [], (each, i) => each * (filled[i] ?? 0)),
        kept
      )
    ).toBeLessThan(1e-12)
  })

  test('an expert that is masked is not chosen', () => {
    const mask = logits.map((_, token) => Array.from({ length: 6 }, (_, e) => (e === token % 6 ? maskedScore : 0)))
    const masked = logits.map((row, token) => row.map((each, e) => each + (mask[token]?.[e] ?? 0)))
    const { experts, filled } = routed(masked, mask)
    const forbidden = experts.filter((expert, i) => filled[i] === 1 && expert === Math.floor(i / shape.topK) % 6)
    expect(forbidden).toEqual([])
  })

  test.runIf(causal)('the first expert of a token is the best by its scores', () => {
    const { scores } = compute({ scores: router.scores(siteOf(logits)) }, {})
    const { experts, filled } = routed(logits)
    const routedTokens = logits.map((_, token) => token).filter((token) => filled[token * shape.topK] === 1)
    const best = routedTokens.map((token) => {
      const row = Array.from(scores?.subarray(token * 6, (token + 1) * 6) ?? [])
      return row.indexOf(Math.max(...row))
    })
    expect(routedTokens.map((token) => experts[token * shape.topK])).toEqual(best)
  })

  test(`the experts of a token ${causal ? 'do not depend' : 'depend'} on later tokens`, () => {
    const half = tokens / 2
    const other = logits.map((row, token) => (token < half ? row : row.map((each) => -3 * each)))
    const [one, two] = [routed(logits), routed(other)].map(({ experts, gates, filled }) =>
      [experts, gates, filled].map((each) => each.slice(0, half * shape.topK))
    )
    if (causal) expect(two).toEqual(one)
    else expect(two).not.toEqual(one)
  })

  function routed(rows: readonly (readonly number[])[], mask?: readonly (readonly number[])[]) {
    return assignmentsOf(router.route(siteOf(rows, mask)))
  }

  /** With the values that its parameters begin with. */
  function siteOf(rows: readonly (readonly number[])[], mask?: readonly (readonly number[])[]): RouterSite {
    const matrix = (data: readonly (readonly number[])[]) => constant(values('float32', [data.length, 6], data.flat()))
    return {
      logits: matrix(rows),
      mask: mask && matrix(mask),
      tokens: constant(values('int32', [rows.length], [...rows.keys()])),
      parameter: (name) => {
        const found = router.parameters.find((each) => each.name === name)
        if (!found) throw new Error(`no parameter '${name}'`)
        const next = found.draw(found.shape)
        const size = found.shape.reduce((a, b) => a * b, 1)
        return constant(
          values(
            'float32',
            found.shape,
            Array.from({ length: size }, () => next(random))
          )
        )
      }
    }
  }
})

function assignmentsOf({ experts, gates, filled }: Routing) {
  const found = compute({ experts, gates, ...(filled ? { filled } : {}) }, {})
  const numbers = Array.from(found.gates ?? [])
  return {
    experts: Array.from(found.experts ?? []),
    gates: numbers,
    filled: found.filled ? Array.from(found.filled) : numbers.map(() => 1)
  }
}

function shapeOf(kind: string): MoeFeedForward {
  const parsed = routerSpecSchema.safeParse({ kind })
  const router = parsed.success ? parsed.data : { kind }
  return { kind: 'moe', experts: 6, topK: 2, expertWidth: 8, sharedWidth: 0, router }
}
