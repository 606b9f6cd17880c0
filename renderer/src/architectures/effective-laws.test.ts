import { gallery } from '@core/arch/gallery.fixture'
import { expect, test } from 'vitest'
import { effectiveByLaws } from './effective-laws'
import { gallerySubjects } from './subjects'

const subjects = gallerySubjects(gallery)
const of = (id: string, tokens = 130e9) =>
  new Map(effectiveByLaws(subjects.find((each) => each.id === id) ?? expect.fail(id), tokens).map((w) => [w.law.id, w]))

// 46.7 B in all, 12.9 B active: their geometric mean; and far beyond every region that was fitted.
test('Mixtral', () => {
  const laws = of('mixtral-8x7b')
  expect((laws.get('geometric-mean')?.effective ?? 0) / Math.sqrt(46.7e9 * 12.9e9)).toBeCloseTo(1, 2)
  for (const id of ['krajewski2024-moe', 'clark2022-s-base', 'clark2022-rl-r', 'clark2022-hash']) {
    expect(laws.get(id)?.within).toBe('outside')
  }
  // 8 x 4096^2 / (3 x 4096 x 14336)
  expect(laws.get('krajewski2024-moe')?.asked).toContain('granularity 0.76')
  expect(laws.get('clark2022-hash')?.asked).toContain('4 experts per active expert')
})

// Granite 3.0 1B: 32 experts of 512, eight for a token, width 1024; within the sizes of both papers.
test('a small model lies within what was fitted', () => {
  const laws = of('granite-3.0-1b-a400m')
  expect(laws.get('krajewski2024-moe')).toMatchObject({ within: 'inside' })
  expect(laws.get('krajewski2024-moe')?.asked).toContain('granularity 5.33')
  expect(laws.get('clark2022-s-base')).toMatchObject({ within: 'inside' })
  expect(laws.get('clark2022-s-base')?.effective).toBeGreaterThan(400e6)
  expect(of('granite-3.0-1b-a400m', 15e12).get('krajewski2024-moe')?.within).toBe('outside')
})

test('no law is asked of a dense model', () => {
  expect(of('llama-3.1-8b').size).toBe(0)
})
