/** Points of sweeps as models of the app, with runs that compute on this thread. */
import { countParameters } from '@core/arch/count/count'
import { recordName } from '@core/lab/store'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { openedFile } from '../host/host'
import { openCheckpoint } from '../lab/open-checkpoint'
import { smallApp, smallHost } from '../lab/small-lab.fixture'
import { type LibraryModel, readLibrary } from '../state/library'
import type { CompressChoices } from './choices'
import { keepModel, keptRun } from './keep'
import { knownSweeps, type MeasuredPoint, measureSweep, type Sweep } from './sweeps'

vi.stubGlobal('navigator', { userAgent: 'this machine' })
afterAll(() => void vi.unstubAllGlobals())

const host = smallHost()
const { app } = smallApp(host)
const library = () => app.store.getState().library?.models ?? []
const chosen = (changes: Partial<CompressChoices>) =>
  app.choose({ compress: { ...app.store.getState().choices.compress, ...changes } })

async function sweepOf(model: string): Promise<Sweep> {
  await measureSweep(app)
  const { runs } = app.store.getState()
  await app.lab.queue.ended(runs.at(-1)?.id ?? '')
  const sweep = knownSweeps(app.store.getState(), model).at(-1)
  if (!sweep) throw new Error('expected a sweep')
  return sweep
}

/** The model of a point, once the app knows it. */
async function keptModel(sweep: Sweep, point: MeasuredPoint): Promise<LibraryModel> {
  await keepModel(app, sweep, point)
  return vi.waitFor(() => {
    const found = library().find(({ id }) => id === keptRun(app.store.getState().runs, sweep, point)?.id)
    if (!found) throw new Error('it is not kept yet')
    return found
  }, 60_000)
}

beforeAll(async () => {
  app.store.setState({ library: await readLibrary(host) })
  chosen({ model: 'dense-24', transform: 'magnitude', settings: {} })
})

test('a point is kept as a model of the app, which says what it was made of, and is made smaller like any other', async () => {
  const sweep = await sweepOf('dense-24')
  const half = sweep.measured.find(({ chain }) => chain[0]?.share === 0.5)
  if (!half) throw new Error('expected half of the weights')
  expect(keptRun(app.store.getState().runs, sweep, half)).toBeUndefined()
  const kept = await keptModel(sweep, half)
  expect(kept).toMatchObject({
    own: true,
    role: 'dense',
    compression: { transforms: half.chain, from: { id: 'dense-24', seed: app.store.getState().choices.seed } }
  })
  const original = library().find(({ id }) => id === 'dense-24')
  expect(countParameters(kept.architecture).total).toBe(original?.total)
  // The same change, on much more text.
  expect((kept.loss?.mean ?? 0) - (original?.loss?.mean ?? 0)).toBeGreaterThan(0.5 * half.delta)

  chosen({ model: kept.id, transform: 'rtn' })
  const again = await sweepOf(kept.id)
  expect(again.before.loss).toBeCloseTo(half.loss, 5)
  const [eight] = again.measured
  if (!eight) throw new Error('expected eight bits')
  const both = await keptModel(again, eight)
  expect(both.compression?.transforms.map(({ id }) => id)).toEqual(['magnitude', 'rtn'])
  expect(both.compression?.from?.id).toBe(kept.id)

  // A folder with these files, as the terminal's --out leaves one, opens as a model that says the same.
  const folder = host.models.files(both.id)
  const names = (await folder.names()).filter((name) => name !== recordName)
  const files = names.map(async (name) => openedFile(new File([(await folder.read(name)) ?? ''], name)))
  await openCheckpoint(app, { name: 'from outside', files: await Promise.all(files) })
  const opened = library().find(({ id }) => id === app.store.getState().choices.right)
  expect(opened?.id).toMatch(/^from-outside-/)
  expect(opened?.compression).toEqual(both.compression)
  expect(opened?.loss).toEqual(both.loss)
})
