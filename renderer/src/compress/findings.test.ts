/** Looks at smaller models, with runs that compute on this thread. */
import { isUnderWay } from '@core/lab/run'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { smallApp, smallHost } from '../lab/small-lab.fixture'
import { readLibrary } from '../state/library'
import { likenessFound, measureLikeness, measureParts, partsFound, readFindings, textsOf, writeTexts } from './findings'
import { firstDifference } from './first-difference'
import { knownSweeps, measureSweep } from './sweeps'

vi.stubGlobal('navigator', { userAgent: 'this machine' })
afterAll(() => void vi.unstubAllGlobals())

const host = smallHost()
const { app } = smallApp(host)
const state = () => app.store.getState()
const ended = async () => {
  for (const { id } of app.lab.queue.records.filter(isUnderWay)) await app.lab.queue.ended(id)
}

beforeAll(async () => {
  app.store.setState({ library: await readLibrary(host) })
  app.choose({ tokens: 20, compress: { ...state().choices.compress, model: 'dense-24', transform: 'rtn' } })
  await measureSweep(app)
  await ended()
})

test('texts belong to a point, the prompt and the seed', async () => {
  const sweep = knownSweeps(state(), 'dense-24').at(-1)
  const [eight, , , two] = sweep?.measured ?? []
  if (!sweep || !eight || !two) throw new Error('expected four points')
  expect(textsOf(state(), sweep, two)).toBeUndefined()
  await writeTexts(app, sweep, two)
  await ended()
  const texts = textsOf(state(), sweep, two)
  expect(texts?.before.length).toBeGreaterThan(10)
  expect(texts && firstDifference(texts.before, texts.after)).toBeLessThan(texts?.before.length ?? 0)
  expect(textsOf(state(), sweep, eight)).toBeUndefined()
  app.choose({ prompt: 'another one ' })
  expect(textsOf(state(), sweep, two)).toBeUndefined()
})

test('parts belong to the transform with its settings, and are there again in another session', async () => {
  await measureParts(app)
  await ended()
  const found = partsFound(state())
  expect(found?.parts.map(({ layer, expert }) => [layer, expert])).toEqual([
    [0, undefined],
    [1, undefined]
  ])
  await measureLikeness(app, 2)
  await ended()
  const alike = likenessFound(state(), 'dense-24')
  expect(alike?.finding.cka).toHaveLength(3)
  app.store.setState({ findings: {} })
  await readFindings(app, 'dense-24')
  expect(partsFound(state())).toEqual(found)
  expect(likenessFound(state(), 'dense-24')).toEqual(alike)
  app.choose({ compress: { ...state().choices.compress, settings: { bits: 2 } } })
  expect(partsFound(state())).toBeUndefined()
})
