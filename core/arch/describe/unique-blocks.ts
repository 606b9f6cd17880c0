import type { Block } from './description'

/** The same blocks, equal ones being one object, so that each kind is counted once. Only speed depends on it. */
export function uniqueBlocks(blocks: readonly Block[]): Block[] {
  const numberOf = numbering()
  const known = new Map<string, Block>()
  return blocks.map((block) => {
    const { mixers, feedForwards, norm, norms, extras = [] } = block
    const parts = [mixers, feedForwards, extras].map((part) => part.map(numberOf).join(' '))
    const key = [norm, norms, ...parts].join()
    const first = known.get(key) ?? block
    known.set(key, first)
    return first
  })
}

/** Kinds of parts that are looked through before one is written out: a model seldom has more. */
const mostKinds = 8

/** A number for each part, the same for equal ones. Writing out each part of each layer takes three times as long. */
function numbering(): (part: object) => number {
  const ofPart = new Map<object, number>()
  const ofText = new Map<string, number>()
  const kinds: (readonly [object, number])[] = []
  return (part) => {
    const found = ofPart.get(part) ?? kinds.find(([kind]) => isEqual(kind, part))?.[1]
    if (found !== undefined) return found
    const text = JSON.stringify(part)
    const number = ofText.get(text) ?? ofText.size
    ofText.set(text, number)
    ofPart.set(part, number)
    if (kinds.length < mostKinds) kinds.push([part, number])
    return number
  }
}

function isEqual(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (!isObject(a) || !isObject(b)) return false
  for (const key in a) if (!isEqual(a[key], b[key])) return false
  for (const key in b) if (!(key in a)) return false
  return true
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
