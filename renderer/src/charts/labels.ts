/** Placement of names without overlap. */

export interface Box {
  readonly x: number
  readonly y: number
}

/** Moves what lies in a column apart, downwards, by as little as makes every two at least `apart` for each line. */
export function spreadApart<T extends { readonly y: number; readonly lines?: readonly string[] }>(
  items: readonly T[],
  apart: number
): T[] {
  let free = Number.NEGATIVE_INFINITY
  return [...items]
    .sort((a, b) => a.y - b.y)
    .map((item) => {
      const y = Math.max(item.y, free)
      free = y + apart * (item.lines?.length ?? 1)
      return { ...item, y }
    })
}

/** The words of a label in lines that fit into so many pixels, at the usual text size; a longer word has its own. */
export function linesOf(text: string, room: number): string[] {
  return text.split(' ').reduce<string[]>((lines, word) => {
    const last = lines.at(-1)
    const joined = `${last} ${word}`
    return last === undefined || joined.length * letter > room ? [...lines, word] : [...lines.slice(0, -1), joined]
  }, [])
}

export interface PlacedLabel extends Box {
  readonly text: string
  readonly anchor: 'start' | 'end' | 'middle'
}

const [letter, line, gap] = [6.4, 13, 8]

/**
 * Names beside their points: right, left, above, below or at a corner, wherever there is room first, and rather where no
 * line passes; a name without room is left out. Those that come first go first.
 *
 * @param points what names must not cover
 * @param lines what they cover only where there is no other room: the corners of each
 * @param from what they must not go beyond on the left; 0 by default
 * @param width what they must not go beyond on the right
 */
export function placeLabels(
  labels: readonly (Box & { readonly text: string })[],
  points: readonly Box[],
  {
    lines = [],
    from = 0,
    width,
    textScale
  }: {
    readonly lines?: readonly (readonly Box[])[]
    readonly from?: number
    readonly width: number
    readonly textScale: number
  }
): PlacedLabel[] {
  const passed = lines.flatMap((corners) => corners.slice(1).flatMap((end, i) => stepsOf(corners[i] ?? end, end)))
  const taken: Rectangle[] = []
  return labels.flatMap(({ x, y, text }) => {
    const [long, high] = [text.length * letter * textScale, line * textScale]
    const candidates: readonly (PlacedLabel & { readonly box: Rectangle })[] = [
      candidate(text, 'start', x + gap, y + 4, long, high),
      candidate(text, 'end', x - gap, y + 4, long, high),
      candidate(text, 'middle', x, y - gap, long, high),
      candidate(text, 'middle', x, y + gap + 9 * textScale, long, high),
      candidate(text, 'start', x + gap, y - gap / 2, long, high),
      candidate(text, 'start', x + gap, y + gap + 5 * textScale, long, high),
      candidate(text, 'end', x - gap, y - gap / 2, long, high),
      candidate(text, 'end', x - gap, y + gap + 5 * textScale, long, high)
    ]
    // A name close to another point would be taken for its name.
    const occupied = points.map((point) => around(point, point.x === x && point.y === y ? 4 : 7))
    const free = candidates.filter(
      ({ box }) =>
        box.right < width &&
        box.left > from &&
        box.top > 0 &&
        ![...occupied, ...taken].some((other) => overlaps(box, other))
    )
    const found = free.find(({ box }) => !passed.some((step) => isWithin(box, step))) ?? free[0]
    if (!found) return []
    const { box, ...label } = found
    taken.push(box)
    return [label]
  })
}

interface Rectangle {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

function candidate(text: string, anchor: PlacedLabel['anchor'], x: number, y: number, long: number, high: number) {
  const left = anchor === 'start' ? x : anchor === 'end' ? x - long : x - long / 2
  return { text, anchor, x, y, box: { left, right: left + long, top: y - high + 3, bottom: y + 3 } }
}

function around({ x, y }: Box, room: number): Rectangle {
  return { left: x - room, right: x + room, top: y - room, bottom: y + room }
}

/** Points along a line, closer than letters are high. */
function stepsOf(from: Box, to: Box): Box[] {
  const count = Math.ceil(Math.hypot(to.x - from.x, to.y - from.y) / 5)
  return Array.from({ length: count + 1 }, (_, i) => {
    const part = i / (count || 1)
    return { x: from.x + part * (to.x - from.x), y: from.y + part * (to.y - from.y) }
  })
}

function isWithin({ left, right, top, bottom }: Rectangle, { x, y }: Box): boolean {
  return x > left && x < right && y > top && y < bottom
}

function overlaps(a: Rectangle, b: Rectangle): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom
}
