/** Laws that every router must keep, in the reference evaluator. A new one is tested here by standing in the list. */
import { describe, expect, test } from 'vitest'
import type { MoeFeedForward } from '../arch/architecture'
import { countParameters } from '../arch/count/count'
import { countDescription } from '../arch/count/parameters'
import { readDescription } from '../arch/describe/read'
import { withRouter } from '../arch/own-keys'
import { moeArchitecture } from '../arch/presets'
import { readConfig } from '../arch/runnable'
import { writeConfig } from '../arch/write-config'
import { maskedScore } from '../model/causal'
import { compute, largestDifference } from '../model/models.fixture'
import { parameterLayout } from '../model/parameters'
import { createRandom } from '../random'
import { routerOf, routerSpecSchema, routers } from '.'
import { type Rows, routerSite } from './router-site.fixture'
import type { Routing } from './routing'
import { expertLoad } from './routing'

const [tokens, experts, width] = [12, 16, 4]
const random = createRandom(1, 'model/logits')
const rows = (length: number, next: () => number) => Array.from({ length: tokens }, () => Array.from({ length }, next))
const logits = rows(experts, () => 2 * random.normal())
const x = rows(width, () => random.normal())
const noise = rows(experts, () => random.uniform())

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
  expect(() => routerOf(shapeOf('oracle'), 8)).toThrow(/router 'oracle': expected one of top-k/)
  expect(() => routerOf({ ...shapeOf('top-k'), router: { kind: 'top-k', temperature: 2 } }, 8)).toThrow(
    /^router 'top-k': .*temperature/
  )
})

describe.each(routers)('$kind', ({ kind, causal, of }) => {
  test('a model with it is described, counted and read back from its config.json', () => {
    const architecture = withRouter(moeArchitecture({ width: 16, vocabularySize: 55, experts }), shapeOf(kind).router)
    const config = JSON.parse(JSON.stringify(writeConfig(architecture))) as unknown
    expect(readConfig(config)).toEqual(architecture)
    const { total } = countDescription(readDescription(config))
    expect(total).toBe(countParameters(architecture).total)
    expect(total).toBe(parameterLayout(architecture).size)
  })

  const shape = shapeOf(kind)
  const router = of(shape, width)

  test.each([false, true])(
    'a token gets different experts, and an empty place has no gate: training %j',
    (training) => {
      const site = siteOf(logits, { training })
      const { experts: chosen, gates, filled } = assignmentsOf(router.route(site))
      const places = chosen.length / tokens
      for (let token = 0; token < tokens; token++) {
        const row = <T>(of: readonly T[]) => of.slice(token * places, (token + 1) * places)
        expect(new Set(row(chosen)).size).toBe(places)
        expect(row(chosen).every((expert) => Number.isInteger(expert) && expert >= 0 && expert < experts)).toBe(true)
        for (const [place, gate] of row(gates).entries()) {
          if (row(filled)[place] === 1) expect(gate).toBeGreaterThanOrEqual(0)
          else expect([row(filled)[place], gate]).toEqual([0, 0])
        }
      }
      const routing = router.route(site)
      const { load, dropped } = compute(
        { load: expertLoad(routing), ...(routing.dropped ? { dropped: routing.dropped } : {}) },
        {}
      )
      const sum = (data: ArrayLike<number> = []) => Array.from(data).reduce((a, b) => a + b, 0)
      expect(sum(load)).toBe(sum(filled) + sum(dropped))
    }
  )

  test('its gates for the experts that it chose are those that it gave them', () => {
    const site = siteOf(logits)
    const own = router.route(site)
    const { again } = compute({ again: router.gates(site, own.experts) }, {})
    const { gates, filled } = assignmentsOf(own)
    const kept = gates.map((gate, place) => ((filled[place] ?? 0) > 0 ? gate : 0))
    expect(
      largestDifference(
        Array.from(again ?? [], (each, i) => each * (filled[i] ?? 0)),
        kept
      )
    ).toBeLessThan(1e-12)
  })

  test('an expert that is masked is not chosen', () => {
    const mask = logits.map((_, token) =>
      Array.from({ length: experts }, (_, e) => (e === token % 6 ? maskedScore : 0))
    )
    const masked = logits.map((row, token) => row.map((each, e) => each + (mask[token]?.[e] ?? 0)))
    const { experts: chosen, filled } = assignmentsOf(router.route(siteOf(masked, { mask })))
    const forbidden = chosen.filter((expert, i) => filled[i] === 1 && expert === Math.floor(i / router.places) % 6)
    expect(forbidden).toEqual([])
  })

  test('the first expert of a token is the best by its scores', () => {
    const { scores } = compute({ scores: router.scores(siteOf(logits)) }, {})
    const { experts: chosen, filled } = assignmentsOf(router.route(siteOf(logits)))
    const { places } = router
    expect(chosen).toHaveLength(tokens * places)
    const routedTokens = logits.map((_, token) => token).filter((token) => filled[token * places] === 1)
    const best = routedTokens.map((token) => {
      const row = Array.from(scores?.subarray(token * experts, (token + 1) * experts) ?? [])
      return row.indexOf(Math.max(...row))
    })
    expect(routedTokens.length).toBeGreaterThan(0)
    expect(routedTokens.map((token) => chosen[token * places])).toEqual(best)
  })

  test.each([
    [true, causal],
    [false, true]
  ])(
    'the experts of a token depend on later tokens at most in training, and then if it says so',
    (training, hidden) => {
      const half = tokens / 2
      const other = logits.map((row, token) => (token < half ? row : row.map((each) => -3 * each)))
      const [one, two] = [logits, other].map((rows) => {
        const { experts: chosen, gates, filled } = assignmentsOf(router.route(siteOf(rows, { training })))
        return [chosen, gates, filled].map((each) => each.slice(0, each.length / 2))
      })
      if (hidden) expect(two).toEqual(one)
      else expect(two).not.toEqual(one)
    }
  )

  /** With the values that its parameters begin with; logits are 0 where no matrix makes them. */
  function siteOf(rows: Rows, { mask, training = false }: { readonly mask?: Rows; readonly training?: boolean } = {}) {
    const random = createRandom(1, 'model/parameters')
    const drawn = router.parameters.map(({ name, shape: [inputs = 0, outputs], draw }): [string, number[] | Rows] => {
      const next = draw(outputs === undefined ? [inputs] : [inputs, outputs])
      const row = (length: number) => Array.from({ length }, () => next(random))
      return [name, outputs === undefined ? row(inputs) : Array.from({ length: inputs }, () => row(outputs))]
    })
    return routerSite({
      logits: router.matrix ? rows : (mask ?? rows.map((row) => row.map(() => 0))),
      mask,
      x,
      noise,
      training,
      parameters: Object.fromEntries(drawn)
    })
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
  return { kind: 'moe', experts, topK: 2, expertWidth: 8, sharedWidth: 0, router }
}
