import type { TokenWindow } from '@core/routing/statistics/token-window'
import { expect, test } from 'vitest'
import { createTokenPages } from './token-pages'

function pagesOf(tokenCount: number, fails = () => false) {
  const asked: [number, number][] = []
  const pages = createTokenPages(
    {
      window: async (_, from, to) => {
        asked.push([from, to])
        if (fails()) throw new Error('gone')
        return { from, to } as TokenWindow
      }
    },
    1,
    tokenCount
  )
  return { asked, pages }
}

const settled = () => new Promise((resolve) => setTimeout(resolve))

test('each page is fetched once, and told when it is there', async () => {
  const { asked, pages } = pagesOf(5000)
  let calls = 0
  pages.subscribe(() => calls++)
  pages.request(0, 100)
  pages.request(50, 3000)
  expect(pages.page(10)).toBeUndefined()
  await settled()
  expect(asked).toEqual([
    [0, 2048],
    [2048, 4096]
  ])
  expect(pages.page(3000)?.from).toBe(2048)
  expect(calls).toBe(2)
  pages.request(0, 9999)
  await settled()
  expect(asked).toHaveLength(3)
})

test('a page that could not be read is asked for again', async () => {
  let broken = true
  const { asked, pages } = pagesOf(100, () => broken)
  pages.request(0, 10)
  await settled()
  expect(pages.page(0)).toBeUndefined()
  broken = false
  pages.request(0, 10)
  await settled()
  expect(pages.page(0)?.from).toBe(0)
  expect(asked).toHaveLength(2)
})

test('only the pages that were asked for last are kept', async () => {
  const { pages } = pagesOf(2048 * 200)
  for (let page = 0; page < 100; page++) {
    pages.request(page * 2048, page * 2048 + 1)
    await settled()
  }
  expect(pages.page(0)).toBeUndefined()
  expect(pages.page(99 * 2048)).toBeDefined()
})
