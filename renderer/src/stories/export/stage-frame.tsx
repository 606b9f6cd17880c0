/** The stage off the screen: any chapter at any moment, as a drawing. */
import type { Story } from '@core/stories/story'
import { flushSync } from 'react-dom'
import { createRoot } from 'react-dom/client'
import { linesOf, type TextLine } from '../../charts/export'
import { ChapterPage } from '../ChapterPage'
import stage from '../Stage.module.css'

/** CSS pixels of the stage in all exports; pictures of other sizes are scaled, as everything on it grows alike. */
export const stageSize: Size = { width: 1920, height: 1080 }

/** CSS pixels. */
export interface Size {
  readonly width: number
  readonly height: number
}

export type StageTheme = 'light' | 'dark'

export interface StageLine extends TextLine {
  /** CSS pixels. */
  readonly fontSize: number
}

export interface StageFrame {
  /** Shows a chapter, from 0, at a moment of its course. */
  show(chapter: number, moment: number): void
  /** The same, as an SVG that holds all it needs. */
  draw(chapter: number, moment: number): string
  /** Lines of the text that was shown last. */
  lines(): StageLine[]
  close(): void
}

/**
 * A stage in a frame of its own, which has the size of the stage whatever the window has. Drawing needs no frame of the
 * screen: it goes on in a window that nobody sees.
 */
export function openStageFrame(story: Story, theme: StageTheme, size: Size = stageSize): StageFrame {
  const frame = document.createElement('iframe')
  Object.assign(frame, size)
  frame.inert = true
  frame.ariaHidden = 'true'
  frame.style.cssText = 'position: fixed; left: -10000px; top: 0; border: 0'
  document.body.append(frame)
  const page = frame.contentDocument
  if (!page) throw new Error('the page has no frame to draw in')
  const rules = rulesOfPage()
  const style = page.createElement('style')
  style.textContent = rules.map(({ text }) => text).join('\n')
  page.head.append(style)
  const looks = { stage: '', theme, motion: 'reduce' }
  Object.assign(page.documentElement.dataset, looks)
  const ground = page.createElement('div')
  ground.id = 'root'
  page.body.append(ground)
  const root = createRoot(ground)
  const styleFor = usedStyle(rules)
  const show = (chapter: number, moment: number) =>
    flushSync(() =>
      root.render(
        <main className={stage.stage}>
          <ChapterPage story={story} number={chapter} moment={moment} />
        </main>
      )
    )
  return {
    show,
    draw: (chapter, moment) => {
      show(chapter, moment)
      return svgOf(page.body, styleFor(page.body), looks, size)
    },
    lines: () => [...linesOn(page)],
    close: () => {
      root.unmount()
      frame.remove()
    }
  }
}

function svgOf(
  body: HTMLElement,
  style: string,
  looks: Readonly<Record<string, string>>,
  { width, height }: Size
): string {
  const data = Object.entries(looks).map(([name, value]) => `data-${name}="${value}"`)
  // The root of the drawing stands for that of the page, whose rules it fulfils.
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" ${data.join(' ')}>` +
    `<style><![CDATA[${style}]]></style><foreignObject width="${width}" height="${height}">` +
    `${new XMLSerializer().serializeToString(body)}</foreignObject></svg>`
  )
}

function* linesOn(page: Document): Generator<StageLine> {
  const texts = page.createTreeWalker(page.body, NodeFilter.SHOW_TEXT)
  for (let node = texts.nextNode(); node; node = texts.nextNode()) {
    const parent = node.parentElement
    if (!parent || getComputedStyle(parent).visibility === 'hidden') continue
    const fontSize = Number.parseFloat(getComputedStyle(parent).fontSize)
    for (const line of linesOf(node as Text)) yield { ...line, fontSize }
  }
}

interface Rule {
  readonly text: string
  /** Without these it applies to nothing. */
  readonly classes: readonly string[]
}

function rulesOfPage(): Rule[] {
  return [...document.styleSheets].flatMap(({ cssRules }) =>
    [...cssRules].map((rule) => ({
      text: rule.cssText,
      classes:
        rule instanceof CSSStyleRule ? [...rule.selectorText.matchAll(/\.([\w-]+)/g)].map(([, name = '']) => name) : []
    }))
  )
}

/** The rules that a body needs: all of the page's would be read anew for each frame. */
function usedStyle(rules: readonly Rule[]): (body: HTMLElement) => string {
  const known = new Map<string, string>()
  return (body) => {
    const used = new Set([...body.querySelectorAll('[class]')].flatMap((element) => [...element.classList]))
    const key = [...used].sort().join(' ')
    const found = known.get(key)
    if (found !== undefined) return found
    const style = rules
      .filter(({ classes }) => classes.length === 0 || classes.some((name) => used.has(name)))
      .map(({ text }) => text)
      .join('\n')
    known.set(key, style)
    return style
  }
}
