/** An area cut into equal tiles, some of them highlighted: experts, and the active ones. */

/** Position of a tile, in pixels. */
export interface Tile {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** Tiles of equal area, nearly square, that fill an area row by row. */
export function tilePlaces(tiles: number, width: number, height: number): Tile[] {
  const rows = rowsOf(tiles, Math.sqrt((tiles * height) / width))
  return Array.from({ length: rows }, (_, row) => {
    const [first, end] = [Math.round((row * tiles) / rows), Math.round(((row + 1) * tiles) / rows)]
    const side = width / (end - first)
    return Array.from({ length: end - first }, (_, column) => ({
      x: column * side,
      y: (first / tiles) * height,
      width: side,
      height: ((end - first) / tiles) * height
    }))
  }).flat()
}

/** Rows for square tiles, of equal length where tiles that are not much longer than wide allow it. */
function rowsOf(tiles: number, square: number): number {
  const even = Array.from({ length: Math.min(tiles, Math.ceil(2 * square)) }, (_, i) => i + 1)
    .filter((rows) => tiles % rows === 0)
    .sort((a, b) => Math.abs(Math.log(a / square)) - Math.abs(Math.log(b / square)))
  const [closest = 1] = even
  if (Math.abs(Math.log(closest / square)) < Math.log(1.5)) return closest
  return Math.min(tiles, Math.max(1, Math.round(square)))
}

/** Which of some tiles are strong: as many as make up the part, at least one; spread, without a pattern. */
export function spreadOver(tiles: number, part: number): ReadonlySet<number> {
  const strong = Math.max(1, Math.round(tiles * part))
  // One in each of as many stretches, at a place that the golden ratio varies.
  return new Set(Array.from({ length: strong }, (_, i) => Math.floor(((i + ((i * 0.618 + 0.4) % 1)) * tiles) / strong)))
}
