import type { Block } from './description'

/** The same blocks, equal ones being one object, so that each kind is counted once. Only speed depends on it. */
export function uniqueBlocks(blocks: readonly Block[]): Block[] {
  const kinds: Block[] = []
  const ofText = new Map<string, Block>()
  return blocks.map((block) => {
    const found = kinds.find((kind) => isEqual(kind, block))
    if (found) return found
    const text = JSON.stringify(block)
    const first = ofText.get(text) ?? block
    ofText.set(text, first)
    if (kinds.length < mostKinds) kinds.push(first)
    return first
  })
}

/** Kinds of blocks that are looked through before one is written out: a model seldom has more. */
const mostKinds = 8

/** Far faster than writing out both: layers are mostly made of the same parts, and then nothing in them is compared. */
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
