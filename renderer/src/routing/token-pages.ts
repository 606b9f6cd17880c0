import type { TokenWindow } from '@core/routing/statistics/token-window'
import type { RoutingApi } from '../engine/routing-protocol'

/** Tokens that are fetched at once. */
const pageTokens = 2048
/** Pages that are kept: those that were asked for last. */
const maxPages = 64

/** The tokens of a trace, fetched when they come into sight. */
export interface TokenPages {
  /** The page that holds a token, if it is here. */
  page(token: number): TokenWindow | undefined
  /** Fetches what is missing of tokens `from` to `to`. */
  request(from: number, to: number): void
  /** Calls back when another page is here. */
  subscribe(listener: () => void): () => void
  /** Another number for every page that came. */
  version(): number
}

export function createTokenPages(api: Pick<RoutingApi, 'window'>, trace: number, tokenCount: number): TokenPages {
  const pages = new Map<number, TokenWindow | 'coming'>()
  const listeners = new Set<() => void>()
  let version = 0
  const fetchPage = async (page: number) => {
    pages.set(page, 'coming')
    try {
      pages.set(page, await api.window(trace, page * pageTokens, (page + 1) * pageTokens))
    } catch {
      // It is asked for again when it comes into sight again.
      pages.delete(page)
    }
    for (const oldest of [...pages.keys()].slice(0, Math.max(0, pages.size - maxPages))) pages.delete(oldest)
    version++
    for (const listener of listeners) listener()
  }
  return {
    page: (token) => {
      const found = pages.get(Math.floor(token / pageTokens))
      return found === 'coming' ? undefined : found
    },
    request: (from, to) => {
      const last = Math.floor((Math.min(to, tokenCount) - 1) / pageTokens)
      for (let page = Math.floor(from / pageTokens); page <= last; page++) if (!pages.has(page)) void fetchPage(page)
    },
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    version: () => version
  }
}
