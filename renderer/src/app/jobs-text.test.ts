import { expect, test } from 'vitest'
import { endedText } from './jobs-text'

test('a cancelled job is not finished; of several the last one counts, and what needs someone goes before', () => {
  const [finished, cancelled] = [{ status: 'finished', ended: 1 } as const, { status: 'cancelled', ended: 2 } as const]
  expect(endedText([finished])).toBe('finished')
  expect(endedText([cancelled])).toBe('cancelled')
  expect(endedText([cancelled, finished])).toBe('cancelled')
  expect(endedText([cancelled, { status: 'finished', ended: 3 }])).toBe('finished')
  expect(endedText([cancelled, { status: 'interrupted' }])).toBe('job interrupted')
  expect(endedText([{ status: 'interrupted' }, { status: 'failed', ended: 1 }, finished])).toBe('job failed')
})
