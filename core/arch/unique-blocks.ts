import type { Block } from './description'

/** The same blocks, equal ones being one object, so that each kind is counted once. Only speed depends on it. */
export function uniqueBlocks(blocks: readonly Block[]): Block[] {
  const known = new Map<string, Block>()
  return blocks.map((block) => {
    const key = JSON.stringify(block)
    const first = known.get(key) ?? block
    known.set(key, first)
    return first
  })
}
