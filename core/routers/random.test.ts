import { expect, test } from 'vitest'
import { compute } from '../model/models.fixture'
import { createRandom } from '../random'
import { layerWith, rowsOf } from './plain.fixture'
import { randomRouter } from './random'
import { routerSite } from './router-site.fixture'

test('any k experts are as likely as any others', () => {
  const [tokens, experts] = [6000, 4]
  const random = createRandom(1, 'model/noise')
  const noise = Array.from({ length: tokens }, () => Array.from({ length: experts }, () => random.uniform()))
  const router = randomRouter.of(layerWith({ kind: 'random' }, { experts }), 8)
  const { experts: chosen, gates } = router.route(routerSite({ logits: noise.map((row) => row.map(() => 0)), noise }))
  const found = compute({ chosen, gates }, {})
  const counts = new Map<string, number>()
  for (const row of rowsOf(found.chosen, 2)) counts.set(row.join(), (counts.get(row.join()) ?? 0) + 1)
  // Twelve ordered pairs: 500 of each are expected, with a deviation of sqrt(6000 / 12 * 11 / 12) = 21.4.
  expect(counts.size).toBe(12)
  expect(Math.min(...counts.values())).toBeGreaterThan(500 - 4 * 21.4)
  expect(Math.max(...counts.values())).toBeLessThan(500 + 4 * 21.4)
  expect(new Set(found.gates)).toEqual(new Set([0.5]))
})
