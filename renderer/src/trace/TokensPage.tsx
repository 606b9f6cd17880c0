import type { TokenWindow } from '@core/routing/statistics/token-window'
import { noExpert } from '@core/routing/trace'
import { type CSSProperties, type KeyboardEvent, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { useTextScale, useTheme } from '../app/use-appearance'
import { expertColour } from '../charts/expert-colour'
import { formatExact, formatPercent, visible } from '../charts/format'
import { useApp } from '../state/app'
import { Panel } from '../ui/Panel'
import pages from './pages.module.css'
import styles from './TokensPage.module.css'
import { layerName, useInspected } from './use-inspected'

/** Rows that are drawn above and below those in sight, so that scrolling finds them there. */
const spareRows = 12
/** Tokens that are fetched at once. */
const pageTokens = 2048
const rowRem = 1.875

/** The text with the experts of every token, one layer at a time. */
export function TokensPage() {
  const { facts } = useInspected()
  if (facts.kind === 'counts')
    return <p className={pages.note}>This file counts experts, and tells nothing of tokens.</p>
  return <Tokens />
}

function Tokens() {
  const { facts, inspection, layer, expert, inspect } = useInspected()
  const box = useRef<HTMLDivElement>(null)
  const textScale = useTextScale()
  const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize)
  const rowHeight = rowRem * rem
  const { pageOf, request, sample } = usePages()
  const perRow = tokensPerRow(sample, textScale)
  const rows = Math.ceil(facts.tokenCount / perRow)
  const [top, setTop] = useState(() => Math.floor(inspection.token / perRow) * rowHeight)
  const [pointed, setPointed] = useState<number>()
  const height = 24 * rem
  useLayoutEffect(() => {
    box.current?.scrollTo({ top: Math.floor(inspection.token / perRow) * rowHeight })
  }, [inspection.token, perRow, rowHeight])
  const first = Math.max(0, Math.floor(top / rowHeight) - spareRows)
  const last = Math.min(rows, Math.ceil((top + height) / rowHeight) + spareRows)
  useEffect(() => request(first * perRow, last * perRow), [request, first, last, perRow])
  const shown = pointed ?? inspection.token
  const onKeyDown = (event: KeyboardEvent) => {
    const layers: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1 }
    const step = layers[event.key]
    if (step === undefined) return
    event.preventDefault()
    inspect({ layer: Math.min(facts.layers.length - 1, Math.max(0, layer + step)) })
  }
  return (
    <div className={styles.tokens}>
      <Panel
        title={`The text, by the first choice of ${layerName(facts, layer)}`}
        aside={<span>← → another layer · underlined: expert {expert}</span>}
      >
        <div
          ref={box}
          className={styles.box}
          style={{ height }}
          // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reached by keys
          tabIndex={0}
          role="region"
          aria-label="Tokens with their experts"
          onScroll={(event) => setTop(event.currentTarget.scrollTop)}
          onKeyDown={onKeyDown}
          onPointerOver={(event) => setPointed(tokenOf(event.target))}
          onPointerLeave={() => setPointed(undefined)}
          onPointerDown={(event) => {
            const token = tokenOf(event.target)
            if (token !== undefined) setPointed(token)
          }}
        >
          <div style={{ height: rows * rowHeight, position: 'relative' }}>
            {Array.from({ length: Math.max(0, last - first) }, (_, i) => {
              const from = (first + i) * perRow
              return (
                <Row
                  key={from}
                  top={(first + i) * rowHeight}
                  height={rowHeight}
                  from={from}
                  to={Math.min(from + perRow, facts.tokenCount)}
                  pageOf={pageOf}
                />
              )
            })}
          </div>
        </div>
      </Panel>
      <Decision token={Math.min(shown, facts.tokenCount - 1)} pageOf={pageOf} />
    </div>
  )
}

/** As many tokens as fill a line of about a hundred letters. */
function tokensPerRow(sample: TokenWindow | undefined, textScale: number): number {
  const texts = sample?.tokens ?? []
  const letters = texts.length > 0 ? texts.reduce((sum, text) => sum + Math.max(1, text.length), 0) / texts.length : 6
  return Math.max(4, Math.round(76 / textScale / letters))
}

type PageOf = (token: number) => TokenWindow | undefined

/** Fetches the tokens that are asked for, a page at a time, and keeps them. */
function usePages() {
  const { inspector } = useApp()
  const { trace, facts } = useInspected()
  const pagesById = useRef({ id: trace.id, pages: new Map<number, TokenWindow | 'coming'>() })
  const [, redraw] = useState(0)
  if (pagesById.current.id !== trace.id) pagesById.current = { id: trace.id, pages: new Map() }
  const { pages: known } = pagesById.current
  const fetchPage = useRef<(page: number) => void>(() => undefined)
  fetchPage.current = (page) => {
    if (page < 0 || page * pageTokens >= Math.max(1, facts.tokenCount) || known.has(page)) return
    known.set(page, 'coming')
    void inspector.api.window(trace.id, page * pageTokens, (page + 1) * pageTokens).then((window) => {
      known.set(page, window)
      redraw((count) => count + 1)
    })
  }
  useEffect(() => fetchPage.current(0), [])
  const request = useRef((from: number, to: number) => {
    for (let page = Math.floor(from / pageTokens); page <= Math.floor(to / pageTokens); page++) fetchPage.current(page)
  })
  const pageOf: PageOf = (token) => {
    const page = known.get(Math.floor(token / pageTokens))
    return page === 'coming' ? undefined : page
  }
  return { pageOf, request: request.current, sample: pageOf(0) }
}

interface RowProps {
  readonly top: number
  readonly height: number
  readonly from: number
  readonly to: number
  readonly pageOf: PageOf
}

function Row({ top, height, from, to, pageOf }: RowProps) {
  const { facts, layer, expert } = useInspected()
  const theme = useTheme()
  const k = facts.topK ?? 1
  const perToken = facts.layers.length * k
  return (
    <div className={styles.row} style={{ transform: `translateY(${top}px)`, height }}>
      <small>{formatExact(from)}</small>
      {Array.from({ length: Math.max(0, to - from) }, (_, i) => {
        const token = from + i
        const page = pageOf(token)
        if (!page) return <span key={token} className={styles.coming} />
        const at = token - page.from
        const start = at * perToken + layer * k
        const best = page.expertIds[start] ?? noExpert
        const chosen = page.expertIds.subarray(start, start + k).includes(expert)
        const colour = best === noExpert ? undefined : expertColour(best, facts.experts, theme)
        return (
          <span
            key={token}
            data-token={token}
            data-chosen={chosen || undefined}
            className={styles.token}
            style={{ '--expert': colour } as CSSProperties}
          >
            {visible(
              page.tokens?.[at] ?? (page.tokenIds ? `#${page.tokenIds[at]}` : `·${best === noExpert ? '–' : best}`)
            )}
          </span>
        )
      })}
    </div>
  )
}

/** What all layers decided on one token. */
function Decision({ token, pageOf }: { token: number; pageOf: PageOf }) {
  const { facts, layer, inspect } = useInspected()
  const theme = useTheme()
  const page = pageOf(token)
  const k = facts.topK ?? 1
  if (!page) return null
  const at = token - page.from
  const text = page.tokens?.[at]
  const id = page.tokenIds?.[at]
  const domain = page.domainIds && facts.domains[page.domainIds[at] ?? 0]
  return (
    <Panel title={`Token ${formatExact(token)}`} className={styles.decision ?? ''}>
      <p className={styles.text}>
        {text !== undefined && <code>{visible(text)}</code>} {id !== undefined && `id ${id}`} {domain}
      </p>
      <table>
        <tbody>
          {facts.layers.map((_, place) => {
            const start = (at * facts.layers.length + place) * k
            const experts = [...page.expertIds.subarray(start, start + k)]
            return (
              <tr key={place} aria-current={place === layer || undefined}>
                <th scope="row">{layerName(facts, place)}</th>
                <td>
                  {experts.map((each, choice) => {
                    if (each === noExpert) return choice === 0 ? 'dropped' : null
                    const weight = page.expertWeights?.[start + choice]
                    return (
                      <button
                        key={each}
                        type="button"
                        style={{ borderColor: expertColour(each, facts.experts, theme) }}
                        onClick={() => inspect({ page: 'expert', layer: place, expert: each })}
                      >
                        {each}
                        {weight !== undefined && <small> {formatPercent(weight)}</small>}
                      </button>
                    )
                  })}
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </Panel>
  )
}

function tokenOf(target: EventTarget): number | undefined {
  const element = target instanceof Element ? target.closest<HTMLElement>('[data-token]') : null
  return element ? Number(element.dataset.token) : undefined
}
