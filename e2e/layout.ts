import type { Page } from '@playwright/test'

/**
 * Text that lies over other text, or is cut: by the window, by its panel, or by a box that does not scroll. A sentence
 * for each, with the words.
 */
export function misplaced(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    interface Line {
      readonly words: string
      readonly element: Element
      readonly left: number
      readonly right: number
      readonly top: number
      readonly bottom: number
    }
    const problems: string[] = []
    const lines: Line[] = []
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
    lines.forEach((line, i) => {
      for (const other of lines.slice(i + 1)) {
        // Letters of a formula lie over each other as its font has it.
        if (line.element === other.element || (line.element.closest('math') && other.element.closest('math'))) continue
        const width = Math.min(line.right, other.right) - Math.max(line.left, other.left)
        const height = Math.min(line.bottom, other.bottom) - Math.max(line.top, other.top)
        // Boxes of lines are higher than their letters.
        const least = 0.35 * Math.min(line.bottom - line.top, other.bottom - other.top)
        if (width > 2 && height > least) problems.push(`“${line.words}” lies over “${other.words}”`)
      }
    })
    return [...new Set(problems)]

    /** The part of a line that its scrolling boxes show; undefined for none. */
    function seen(element: Element, { left, right, top, bottom }: DOMRect, words: string) {
      let place = { left, right, top, bottom }
      for (let box: Element | null = element; box && box !== document.documentElement; box = box.parentElement) {
        const { display, overflowX, overflowY, position } = getComputedStyle(box)
        if (display === 'contents') continue
        const edge = box.getBoundingClientRect()
        if (overflowX === 'auto' || overflowX === 'scroll' || overflowY === 'auto' || overflowY === 'scroll') {
          place = {
            left: Math.max(place.left, edge.left),
            right: Math.min(place.right, edge.right),
            top: Math.max(place.top, edge.top),
            bottom: Math.min(place.bottom, edge.bottom)
          }
          if (place.right - place.left < 2 || place.bottom - place.top < 2) return undefined
        } else {
          const holds = overflowX === 'hidden' || overflowX === 'clip' || box.matches('section, article, main, header')
          // Text that is hidden from the eye alone.
          if (edge.width < 2 && overflowX === 'hidden') return undefined
          if (holds && (place.left < edge.left - 2 || place.right > edge.right + 2)) {
            problems.push(
              `“${words.slice(0, 40)}” is cut by ${Math.round(Math.max(edge.left - place.left, place.right - edge.right))} pixels`
            )
            return place
          }
        }
        if (position === 'fixed') break
      }
      return place
    }
  })
}
