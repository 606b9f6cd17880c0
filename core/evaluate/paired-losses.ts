/** Losses of one model under two treatments of the same text, and how sure their difference is. */
import type { DomainId, Windows } from '../corpus'
import { domainIds, uncounted } from '../corpus'

/** Mean loss in nats per character, and of how many characters. */
export interface MeasuredLoss {
  readonly loss: number
  readonly tokens: number
}

/** A loss beside that of the baseline on the same text. */
export interface ChangedLoss extends MeasuredLoss {
  /** The loss less that of the baseline. */
  readonly delta: number
  /** Of `delta`, over windows; null where it cannot be known, from fewer than two windows. */
  readonly standardError: number | null
}

export type ByDomain<T> = Readonly<Partial<Record<DomainId, T>>>

/** Counted characters or nats of each window by domain: `[windows, domains]`. */
export type WindowSums = Float64Array

/** Nothing yet for each window. */
export function windowSums({ count }: Windows): WindowSums {
  return new Float64Array(count * domainIds.length)
}

/** Counted characters of windows. */
export function countCharacters(windows: Windows): WindowSums {
  const sums = windowSums(windows)
  addTo(sums, windows.domains, windows.context, 0, () => 1)
  return sums
}

/** Adds the losses of the characters from window `first` on, `[windows * context]`; what is beyond the last is left out. */
export function addNats(sums: WindowSums, { context, domains }: Windows, first: number, nats: ArrayLike<number>): void {
  addTo(sums, domains.subarray(first * context, first * context + nats.length), context, first, (i) => nats[i] ?? 0)
}

/** The loss of all counted characters, and of those of each domain. */
export function lossesOf(nats: WindowSums, characters: WindowSums): MeasuredLoss & { domains: ByDomain<MeasuredLoss> } {
  const measured = (domain?: number): MeasuredLoss => {
    const tokens = total(characters, domain)
    return { loss: total(nats, domain) / tokens, tokens }
  }
  return { ...measured(), domains: byDomain(characters, measured) }
}

/**
 * The same with the change from a baseline. A window is what was drawn at random, its characters depend on each other,
 * and both treatments saw the same ones: so the standard error is that of a ratio of sums over windows of paired
 * differences, `sqrt(m / (m - 1) * sum (d_w - delta n_w)^2) / sum n_w` over the m windows that have such characters, with
 * d the difference in nats and n the characters of a window (Cochran 1977, "Sampling Techniques", chapter 6; for
 * language models Miller 2024, arXiv 2411.00640, who clusters and pairs alike).
 */
export function changesOf(
  nats: WindowSums,
  baseline: WindowSums,
  characters: WindowSums
): ChangedLoss & { domains: ByDomain<ChangedLoss> } {
  const differences = nats.map((each, i) => each - (baseline[i] ?? Number.NaN))
  const measured = (domain?: number): ChangedLoss => {
    const tokens = total(characters, domain)
    const delta = total(differences, domain) / tokens
    const [d, n] = [windowTotals(differences, domain), windowTotals(characters, domain)]
    const windows = n.filter((each) => each > 0).length
    const squares = n.reduce((sum, each, i) => sum + ((d[i] ?? Number.NaN) - delta * each) ** 2, 0)
    const standardError = windows > 1 ? Math.sqrt((windows / (windows - 1)) * squares) / tokens : null
    return { loss: total(nats, domain) / tokens, tokens, delta, standardError }
  }
  return { ...measured(), domains: byDomain(characters, measured) }
}

function addTo(
  sums: WindowSums,
  domains: Uint8Array,
  context: number,
  first: number,
  value: (i: number) => number
): void {
  domains.forEach((domain, i) => {
    if (domain === uncounted) return
    const place = (first + Math.floor(i / context)) * domainIds.length + domain
    sums[place] = (sums[place] ?? Number.NaN) + value(i)
  })
}

function byDomain<T>(characters: WindowSums, measured: (domain: number) => T): ByDomain<T> {
  const entries = domainIds.flatMap((id, domain) => (total(characters, domain) > 0 ? [[id, measured(domain)]] : []))
  return Object.fromEntries(entries)
}

function total(sums: WindowSums, domain?: number): number {
  return windowTotals(sums, domain).reduce((a, b) => a + b, 0)
}

/** One number for each window: of a domain, or of all. */
function windowTotals(sums: WindowSums, domain?: number): Float64Array {
  const size = domainIds.length
  return Float64Array.from({ length: sums.length / size }, (_, window) => {
    const row = sums.subarray(window * size, (window + 1) * size)
    return domain === undefined ? row.reduce((a, b) => a + b, 0) : (row[domain] ?? Number.NaN)
  })
}

/** Half of the 95 % interval of a normal distribution, in standard errors. */
export const halfInterval = 1.96

/** The ends of the 95 % interval of a change of the loss; null where it is not known. */
export function intervalOf({ delta, standardError }: ChangedLoss): { low: number | null; high: number | null } {
  if (standardError === null) return { low: null, high: null }
  return { low: delta - halfInterval * standardError, high: delta + halfInterval * standardError }
}
