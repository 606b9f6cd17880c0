import { expect, test, vi } from 'vitest'
import { createApp } from '../app/create-app'
import type { Engine } from '../engine/keeper'
import type { EngineApi } from '../engine/protocol'
import { createMemoryHost } from '../host/memory'
import { measureSpeed } from './speed-job'

const point = {
  width: 64,
  kind: 'moe' as const,
  parameters: { total: 4, active: 2 },
  tokensPerSecond: { median: 3, low: 2, high: 4 }
}

/** An app whose engine wakes when it is told to, and measures one point. */
function slowToWake() {
  const measured = vi.fn<EngineApi['measureSpeedAgainstSize']>(async (_, onPoint) => onPoint(point))
  const engine = { api: { measureSpeedAgainstSize: measured }, end: () => undefined } as unknown as Engine
  let wake = () => undefined as void
  const awake = new Promise<Engine>((woken) => {
    wake = () => woken(engine)
  })
  const app = createApp(createMemoryHost())
  return { app: { ...app, session: { ...app.session, awake: () => awake } }, measured, wake }
}

test('points come into the state as they are measured', async () => {
  const { app, wake } = slowToWake()
  const measuring = measureSpeed(app)
  wake()
  await measuring
  expect(app.store.getState()).toMatchObject({ speedPoints: [point], jobs: [{ status: 'done' }] })
})

test('what is cancelled before the engine is awake does not begin', async () => {
  const { app, measured, wake } = slowToWake()
  const measuring = measureSpeed(app)
  app.jobs.cancel(app.store.getState().jobs[0]?.id ?? 0)
  wake()
  await measuring
  expect(measured).not.toHaveBeenCalled()
  expect(app.store.getState().jobs).toMatchObject([{ status: 'cancelled' }])
})
