import type { Page } from '@playwright/test'

/** The faults of a page as it is laid out now, a sentence for each: `misplaced` text, and what needs more room than there is. */
export async function layoutFaults(page: Page): Promise<string[]> {
  return [...(await misplaced(page)), ...(await cramped(page))]
}

/** Elements wider than the window or than their box, and a header of more than one line. */
function cramped(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const problems: string[] = []
    const { scrollWidth, clientWidth } = document.documentElement
    if (scrollWidth > clientWidth)
      problems.push(`the page is ${scrollWidth - clientWidth} pixels wider than the window`)
    const buttons = [...document.querySelectorAll('header:has(nav) > *, header:has(nav) > nav > *')]
    const lines = new Set(buttons.filter((each) => each.clientHeight > 0).map((each) => Math.round(middleOf(each) / 8)))
    if (lines.size > 1) problems.push(`the header takes ${lines.size} lines`)
    for (const box of document.querySelectorAll('main *')) {
      const { overflowX } = getComputedStyle(box)
      if (overflowX !== 'auto' && overflowX !== 'scroll') continue
      if (box.scrollWidth <= box.clientWidth + 1) continue
      problems.push(
        `${box.getAttribute('aria-label') ?? box.className} scrolls sideways by ${box.scrollWidth - box.clientWidth} pixels`
      )
    }
    return problems

    function middleOf(element: Element): number {
      const { top, height } = element.getBoundingClientRect()
      return top + height / 2
    }
  })
}

/**
 * Text that lies over other text, or is cut: by the window, by its panel, or by a box that does not scroll. A sentence
 * for each, with the words.
 */
function misplaced(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    interface Line {
      readonly words: string
      readonly element: Element
      readonly left: number
      readonly right: number
      readonly top: number
      readonly bottom: number
    }
    interface Box {
      readonly edge: DOMRect
      /** Shows only what is within it, and the rest by scrolling. */
      readonly scrolls: boolean
      /** Cuts what is outside of it. */
      readonly clips: boolean
      /** Is to hold its text, as a panel does. */
      readonly holds: boolean
      readonly isFixed: boolean
    }
    const problems: string[] = []
    const lines: Line[] = []
    /** Of elements that were looked at; undefined for those without a box. */
    const boxes = new Map<Element, Box | undefined>()
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const element = node.parentElement
      const words = node.textContent?.trim() ?? ''
      if (!element || words === '' || element.closest('title, style, script, option, [hidden]')) continue
      if (!element.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true })) continue
      const range = document.createRange()
      range.selectNodeContents(node)
      for (const rect of range.getClientRects()) {
        if (rect.width < 2 || rect.height < 2) continue
        const place = seen(element, rect, words)
        if (place) lines.push({ words: words.slice(0, 40), element, ...place })
      }
    }
    lines.sort((a, b) => a.top - b.top)
    lines.forEach((line, i) => {
      for (let j = i + 1; j < lines.length; j++) {
        const other = lines[j]
        // Those that follow begin below it, too.
        if (!other || other.top >= line.bottom) break
        if (line.element === other.element) continue
        const width = Math.min(line.right, other.right) - Math.max(line.left, other.left)
        const height = Math.min(line.bottom, other.bottom) - Math.max(line.top, other.top)
        // Boxes of lines are higher than their letters.
        const least = 0.35 * Math.min(line.bottom - line.top, other.bottom - other.top)
        if (width <= 2 || height <= least) continue
        // Letters of a formula lie over each other as its font has it.
        if (line.element.closest('math') && other.element.closest('math')) continue
        problems.push(`“${line.words}” lies over “${other.words}”`)
      }
    })
    return [...new Set(problems)]

    /** The part of a line that its scrolling boxes show; undefined for none. */
    function seen(element: Element, { left, right, top, bottom }: DOMRect, words: string) {
      let place = { left, right, top, bottom }
      for (let each: Element | null = element; each && each !== document.documentElement; each = each.parentElement) {
        const box = boxOf(each)
        if (!box) continue
        const { edge, scrolls, clips, holds, isFixed } = box
        if (scrolls) {
          place = {
            left: Math.max(place.left, edge.left),
            right: Math.min(place.right, edge.right),
            top: Math.max(place.top, edge.top),
            bottom: Math.min(place.bottom, edge.bottom)
          }
          if (place.right - place.left < 2 || place.bottom - place.top < 2) return undefined
        } else {
          // Text that is hidden from the eye alone.
          if (edge.width < 2 && clips) return undefined
          if ((clips || holds) && (place.left < edge.left - 2 || place.right > edge.right + 2)) {
            problems.push(
              `“${words.slice(0, 40)}” is cut by ${Math.round(Math.max(edge.left - place.left, place.right - edge.right))} pixels`
            )
            return place
          }
        }
        if (isFixed) break
      }
      return place
    }

    function boxOf(element: Element): Box | undefined {
      if (boxes.has(element)) return boxes.get(element)
      const { display, overflowX, overflowY, position } = getComputedStyle(element)
      const box = {
        edge: element.getBoundingClientRect(),
        scrolls: [overflowX, overflowY].some((each) => each === 'auto' || each === 'scroll'),
        clips: overflowX === 'hidden' || overflowX === 'clip',
        holds: element.matches('section, article, main, header'),
        isFixed: position === 'fixed'
      }
      boxes.set(element, display === 'contents' ? undefined : box)
      return boxes.get(element)
    }
  })
}
