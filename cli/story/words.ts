/** Figures as sentences have them, and what a story may claim. */
import type { Range } from '@core/scaling/worth'
import { sizeText } from '../terminal/model-figures'

/** A share: `58 %`. */
export function percentText(share: number): string {
  return `${(100 * share).toFixed(share < 0.0995 ? 1 : 0)} %`
}

/** A change, with so many decimals: `0.024`, `−0.09`. */
export function changeText(change: number, decimals = 3): string {
  return change.toFixed(decimals).replace('-', '−')
}

/** A ratio: `3.2 times`, `5,392 times`. */
export function timesText(ratio: number): string {
  const digits = ratio < 9.95 ? 1 : 0
  return `${ratio.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits })} times`
}

/** A size with its interval: `339 k (248 k to 513 k)`. */
export function rangeText({ estimate, low, high }: Range): string {
  const ends = low !== null && high !== null ? `${sizeText(low)} to ${sizeText(high)}` : ''
  if (estimate !== null) return ends === '' ? sizeText(estimate) : `${sizeText(estimate)} (${ends})`
  if (ends !== '') return ends
  return low === null ? `less than ${sizeText(high ?? Number.NaN)}` : `more than ${sizeText(low)}`
}

/**
 * The sentence that says what the figures say. Throws where they say something else: then the models were trained anew,
 * and the story is to be written anew.
 */
export function claimed(holds: boolean, sentence: string): string {
  if (!holds) throw new Error(`the figures do not say this any more: ${sentence}`)
  return sentence
}
