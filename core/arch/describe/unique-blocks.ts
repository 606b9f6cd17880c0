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

/** A number for each part, the same for equal ones. Layers share most of theirs, so that few are written out. */
function numbering(): (part: object) => number {
  const ofPart = new Map<object, number>()
  const ofText = new Map<string, number>()
  return (part) => {
    const found = ofPart.get(part)
    if (found !== undefined) return found
    const text = JSON.stringify(part)
    const number = ofText.get(text) ?? ofText.size
    ofText.set(text, number)
    ofPart.set(part, number)
    return number
  }
}
