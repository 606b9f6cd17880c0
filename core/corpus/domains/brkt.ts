import { byEdition } from './by-edition'
import { chanceEntropy, type Domain, type Truth } from './domain'

const openers = '([{<'
const closers = ')]}>'
const opens = 0.6

/**
 * A walk of brackets of four kinds, then a bar and what closes the open ones: `([]{<|>})`. It has 6 to 16 brackets, at
 * most 7 deep, in the first edition; 8 to 24, at most 9 deep, in the second.
 *
 * Tests computation: every closing bracket follows from those before it. A step opens with probability 0.6, always at
 * depth 0 and never at the greatest. Entropy: the logarithm of how many lengths there are and, by dynamic programming
 * over the depth, the steps: H(0.6) where both ways are free, and log 4 for each opening. The walk is the text before
 * the bar, so there is one way to write it.
 */
export const brkt: Domain = {
  id: 'brkt',
  tests: 'computation',
  title: 'closing brackets',
  difficulty: 'open brackets',
  prompt: /^.*\|(?=.)/,
  ...byEdition(({ brackets: [shortest, longest, deepest] }) => bracketWalk(shortest, longest, deepest)),
  truths: readWalk
}

/** Writing and entropy of walks of a length uniform between two bounds, both included, and a greatest depth. */
export function bracketWalk(shortest: number, longest: number, deepest: number): Pick<Domain, 'write' | 'entropy'> {
  return {
    write(choices) {
      const length = choices.between(shortest, longest)
      const open: number[] = []
      let walk = ''
      while (walk.length < length) {
        if (open.length === 0 || (open.length < deepest && choices.chance(opens))) {
          const kind = choices.integer(openers.length)
          open.push(kind)
          walk += openers[kind]
        } else {
          walk += closers[open.pop() ?? 0]
        }
      }
      return `${walk}|${closing(open)}`
    },
    entropy() {
      const lengths = longest - shortest + 1
      let depths = Float64Array.from({ length: deepest + 1 }, (_, depth) => (depth === 0 ? 1 : 0))
      let walkNats = 0
      let nats = Math.log(lengths)
      let characters = 0
      for (let length = 1; length <= longest; length++) {
        walkNats += depths.reduce((sum, probability, depth) => sum + probability * stepEntropy(depth, deepest), 0)
        depths = step(depths)
        if (length < shortest) continue
        const meanDepth = depths.reduce((sum, probability, depth) => sum + probability * depth, 0)
        nats += walkNats / lengths
        characters += (length + '|'.length + meanDepth + '\n'.length) / lengths
      }
      return { nats, characters }
    }
  }
}

/** Closing brackets of a walk of any length and depth; the difficulty is their number. */
function readWalk(line: string): Truth[] {
  const [walk = ''] = /^[([{<>}\])]+(?=\|)/.exec(line) ?? []
  const expected = closing(stillOpen(walk))
  if (!expected) return []
  const depth = expected.length
  return [{ start: walk.length + '|'.length, expected, difficulty: depth, candidates: closers.length ** depth }]
}

/** Closing brackets for the open ones, given as kinds in the order of their opening. */
function closing(open: readonly number[]): string {
  return open
    .toReversed()
    .map((kind) => closers[kind])
    .join('')
}

/** The kinds that a walk leaves open, in the order of their opening; none where a bracket closes another kind. */
function stillOpen(walk: string): number[] {
  const open: number[] = []
  for (const bracket of walk) {
    const kind = openers.indexOf(bracket)
    if (kind >= 0) open.push(kind)
    else if (open.pop() !== closers.indexOf(bracket)) return []
  }
  return open
}

function openProbability(depth: number, deepest: number): number {
  return depth === 0 ? 1 : depth < deepest ? opens : 0
}

function stepEntropy(depth: number, deepest: number): number {
  const free = depth > 0 && depth < deepest
  return (free ? chanceEntropy(opens) : 0) + openProbability(depth, deepest) * Math.log(openers.length)
}

/** The distribution of the depth after one more bracket. */
function step(depths: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  const deepest = depths.length - 1
  const next = new Float64Array(depths.length)
  depths.forEach((probability, depth) => {
    const open = openProbability(depth, deepest)
    if (open > 0) next[depth + 1] = (next[depth + 1] ?? 0) + probability * open
    if (open < 1) next[depth - 1] = (next[depth - 1] ?? 0) + probability * (1 - open)
  })
  return next
}
