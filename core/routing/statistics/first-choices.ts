import { noExpert } from '../trace'
import type { Pass, Stretch } from './statistic'

/** First choices of each token id, which are many: in as little memory as exact counts take. */
export interface FirstChoices {
  /** The ids that the filter takes, most frequent first. */
  readonly ids: Int32Array
  /** Counts of each: `[ids]`. */
  readonly occurrences: Uint32Array
  add(stretch: Stretch): void
  /** Writes into `counts` (`[experts]`) how often an id of a layer was sent to each expert. */
  count(layer: number, id: number, counts: Uint32Array): void
}

/**
 * A frequent id has a row of counts; of a rare one all choices are listed, which takes less: at most 2 bytes for each
 * token and layer, and less the longer the text is.
 */
export function createFirstChoices({ trace, layers, takes }: Pass, tokenIds: Int32Array): FirstChoices {
  const { experts, topK, tokenCount } = trace
  const { ids, expected } = takenIds(tokenIds, tokenCount, takes)
  const places = new Map(Array.from(ids, (id, place) => [id, place]))
  // Most frequent first, so the ids with rows are the first ones.
  const firstListed = expected.findIndex((count) => count <= (experts * bytesOfCount) / bytesOfChoice)
  const rows = firstListed < 0 ? ids.length : firstListed
  const listStarts = new Uint32Array(ids.length + 1)
  for (let place = 0; place < ids.length; place++) {
    listStarts[place + 1] = (listStarts[place] ?? 0) + (place < rows ? 0 : (expected[place] ?? 0))
  }
  const listed = listStarts[ids.length] ?? 0
  const counts = new Uint32Array(layers.length * rows * experts)
  const lists = new Uint16Array(layers.length * listed)
  const occurrences = new Uint32Array(ids.length)
  return {
    ids,
    occurrences,
    add: ({ count, tokens, expertIds }) => {
      // Target of a choice: a row of counts (from 0 up), or a place in the lists (from -1 down).
      const targets = new Int32Array(count)
      for (let i = 0; i < count; i++) {
        const place = places.get(tokenIds[tokens[i] ?? 0] ?? 0) ?? 0
        const before = occurrences[place] ?? 0
        targets[i] = place < rows ? place * experts : -1 - ((listStarts[place] ?? 0) + before)
        occurrences[place] = before + 1
      }
      for (let layer = 0; layer < layers.length; layer++) {
        const countStart = layer * rows * experts
        const listStart = layer * listed
        for (let i = 0; i < count; i++) {
          const best = expertIds[(layer * count + i) * topK] ?? noExpert
          const target = targets[i] ?? 0
          if (target < 0) lists[listStart - 1 - target] = best
          else if (best !== noExpert) {
            const cell = countStart + target + best
            counts[cell] = (counts[cell] ?? 0) + 1
          }
        }
      }
    },
    count: (layer, id, into) => {
      if (id < rows) {
        const start = (layer * rows + id) * experts
        into.set(counts.subarray(start, start + experts))
        return
      }
      into.fill(0)
      const start = layer * listed + (listStarts[id] ?? 0)
      for (const best of lists.subarray(start, start + (occurrences[id] ?? 0))) {
        if (best !== noExpert) into[best] = (into[best] ?? 0) + 1
      }
    }
  }
}

const bytesOfCount = 4
const bytesOfChoice = 2

/** The ids of the tokens that are taken, most frequent first, and how often each is at most. */
function takenIds(tokenIds: Int32Array, tokenCount: number, takes: (token: number) => boolean) {
  const counts = new Map<number, number>()
  for (let token = 0; token < tokenCount; token++) {
    const id = tokenIds[token] ?? 0
    if (takes(token)) counts.set(id, (counts.get(id) ?? 0) + 1)
  }
  const sorted = [...counts].sort(([a, n], [b, m]) => m - n || a - b)
  return { ids: Int32Array.from(sorted, ([id]) => id), expected: Uint32Array.from(sorted, ([, count]) => count) }
}
