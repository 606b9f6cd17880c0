import type { TokenWindow } from '@core/routing/statistics/token-window'
import { noExpert } from '@core/routing/trace'
import {
  type CSSProperties,
  memo,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore
} from 'react'
import { expertColour, type Theme } from '../charts/expert-colour'
import { formatExact, formatPercent, visible } from '../charts/format'
import { useMainHeight, useWidth } from '../charts/use-size'
import type { RoutingFacts } from '../engine/routing-protocol'
import { useApp, useAppState } from '../state/app'
import { Button } from '../ui/Button'
import { Panel } from '../ui/Panel'
import { useTheme } from '../ui/use-appearance'
import pages from './pages.module.css'
import styles from './TokensPage.module.css'
import { createTokenPages } from './token-pages'
import { layerName, useInspected } from './use-inspected'

/** Rows that are drawn above and below those in sight, so that scrolling finds them there. */
const spareRows = 6
const rowRem = 1.875

/** The text with the experts of every token, one layer at a time. */
export function TokensPage() {
  const { facts } = useInspected()
  if (facts.kind === 'counts')
    return <p className={pages.note}>This file counts experts, and tells nothing of tokens.</p>
  return <Tokens />
}

function Tokens() {
  const { trace, facts, inspection, layer, expert } = useInspected()
  const box = useRef<HTMLDivElement>(null)
  const theme = useTheme()
  const [widthRef, width] = useWidth()
  const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize)
  const rowHeight = rowRem * rem
  const { inspector } = useApp()
  const { id } = trace
  const pages = useMemo(() => createTokenPages(inspector.api, id, facts.tokenCount), [inspector, id, facts.tokenCount])
  useSyncExternalStore(pages.subscribe, pages.version)
  useEffect(() => pages.request(0, 1), [pages])
  const perRow = tokensPerRow(pages.page(0), width / rem)
  const rows = Math.ceil(facts.tokenCount / perRow)
  const [topRow, setTopRow] = useState(() => Math.floor(inspection.token / perRow))
  const [pointed, setPointed] = useState<number>()
  const height = Math.max(24 * rem, useMainHeight())
  useLayoutEffect(() => {
    box.current?.scrollTo({ top: Math.floor(inspection.token / perRow) * rowHeight })
  }, [inspection.token, perRow, rowHeight])
  const first = Math.max(0, topRow - spareRows)
  const last = Math.min(rows, topRow + Math.ceil(height / rowHeight) + 1 + spareRows)
  useEffect(() => pages.request(first * perRow, last * perRow), [pages, first, last, perRow])
  const inSight = Math.min(pointed ?? inspection.token, facts.tokenCount - 1)
  return (
    <div className={styles.tokens}>
      <Panel
        title={`The text, by the first choice of ${layerName(facts, layer)}`}
        aside={<span>[ and ]: another layer · underlined: expert {expert}</span>}
      >
        <div ref={widthRef} />
        {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- beside it stands what the pointer shows */}
        <section
          ref={box}
          className={styles.box}
          style={{ height }}
          // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reached by keys
          tabIndex={0}
          aria-label="Tokens with their experts"
          onScroll={(event) => setTopRow(Math.floor(event.currentTarget.scrollTop / rowHeight))}
          // And not when the pointer comes over a token: tokens that scroll past it do that, too.
          onPointerMove={(event) => setPointed(tokenOf(event.target))}
          onPointerLeave={() => setPointed(undefined)}
          onPointerDown={(event) => {
            const token = tokenOf(event.target)
            if (token !== undefined) setPointed(token)
          }}
        >
          <div style={{ height: rows * rowHeight, position: 'relative' }}>
            {Array.from({ length: Math.max(0, last - first) }, (_, i) => {
              const from = (first + i) * perRow
              const to = Math.min(from + perRow, facts.tokenCount)
              return (
                <Row
                  key={from}
                  facts={facts}
                  layer={layer}
                  expert={expert}
                  theme={theme}
                  top={(first + i) * rowHeight}
                  height={rowHeight}
                  from={from}
                  to={to}
                  first={pages.page(from)}
                  last={pages.page(to - 1)}
                />
              )
            })}
          </div>
        </section>
      </Panel>
      <Decision token={inSight} page={pages.page(inSight)} />
    </div>
  )
}

/** Room beside a row of tokens, around each token, and the width of a letter, in rem. */
const [besideRow, aroundToken, letter] = [6.5, 0.22, 0.604]

/** As many tokens as fill a line, by the mean length of the first ones. */
function tokensPerRow(sample: TokenWindow | undefined, width: number): number {
  const texts = sample?.tokens ?? []
  const letters = texts.length > 0 ? texts.reduce((sum, text) => sum + Math.max(1, text.length), 0) / texts.length : 6
  return Math.max(4, Math.floor((width - besideRow) / (letters * letter + aroundToken)))
}

interface RowProps {
  readonly facts: RoutingFacts
  readonly layer: number
  readonly expert: number
  readonly theme: Theme
  readonly top: number
  readonly height: number
  readonly from: number
  readonly to: number
  /** Pages that hold its first and its last token, once fetched. */
  readonly first: TokenWindow | undefined
  readonly last: TokenWindow | undefined
}

/** A line of tokens; drawn again only when something of it changes, and not with every step of the scrolling. */
const Row = memo(function Row({ facts, layer, expert, theme, top, height, from, to, first, last }: RowProps) {
  const k = facts.topK ?? 1
  const perToken = facts.layers.length * k
  return (
    <div className={styles.row} style={{ top, height, lineHeight: `${height}px` }}>
      <small>{formatExact(from)}</small>
      {Array.from({ length: Math.max(0, to - from) }, (_, i) => {
        const token = from + i
        const page = first && token < first.to ? first : last
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
})

interface DecisionProps {
  readonly token: number
  /** Page that holds the token, once fetched. */
  readonly page: TokenWindow | undefined
}

/** Experts of one token in all layers; not drawn again while the text scrolls. */
const Decision = memo(function Decision({ token, page }: DecisionProps) {
  const { facts, layer, expert, inspect } = useInspected()
  const theme = useTheme()
  const runs = useAppState(({ library }) => library?.models.some(({ id }) => id === facts.model))
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
      {text !== undefined && runs && (
        <Button look="quiet" onClick={() => inspect({ page: 'causes', change: 'force', forced: text })}>
          Force “{visible(text)}” to expert {expert} …
        </Button>
      )}
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
})

function tokenOf(target: EventTarget): number | undefined {
  const element = target instanceof Element ? target.closest<HTMLElement>('[data-token]') : null
  return element ? Number(element.dataset.token) : undefined
}
