import { expect, test } from 'vitest'
import { agreementOf } from './agreement'

// Counts of the checkpoints' own files: DeepSeek-V3, Kimi K2, Ling-flash-2.0, Phi-1.5, Qwen3-30B-A3B.
test.each([
  ['rounded', 671e9, 671_026_419_200, true],
  ['one digit', 1e12, 1_026_408_232_448, true],
  ['cut', 21e9, 21_825_437_888, true],
  ['another count', 1.3e9, 1_418_270_720, false],
  ['three digits', 30.5e9, 30_532_122_624, true],
  ['a digit off', 30.7e9, 30_532_122_624, false]
])('%s', (_, published, counted, agrees) => {
  const found = agreementOf(published, counted)
  expect(found.agrees).toBe(agrees)
  expect(found.difference).toBeCloseTo((counted - published) / published, 12)
})
