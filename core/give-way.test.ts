import { expect, test, vi } from 'vitest'
import { giveWay } from './give-way'

test('a message that waits is heard, which awaiting promises does not do', async () => {
  const { port1, port2 } = new MessageChannel()
  const heard = vi.fn<() => void>()
  port1.onmessage = heard
  port2.postMessage('stop')
  for (let i = 0; i < 100; i++) await Promise.resolve()
  expect(heard).not.toHaveBeenCalled()
  // The ports have queues of their own, so one turn may go to the other.
  for (let i = 0; i < 10; i++) await giveWay()
  expect(heard).toHaveBeenCalledOnce()
  port1.close()
})
