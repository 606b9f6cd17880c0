/** Items in packs: pack of each item, and its place in the pack. */
export interface Packing {
  readonly pack: Int32Array
  readonly place: Int32Array
}

/**
 * Packs items into packs of equally many items so that the packs weigh about the same: heaviest first, each into the
 * lightest pack that has room (longest processing time first; Graham 1969). Of equals the first wins. `weights.length`
 * is a multiple of `packs`.
 */
export function balancedPacking(weights: ArrayLike<number>, packs: number): Packing {
  const room = weights.length / packs
  const pack = new Int32Array(weights.length)
  const place = new Int32Array(weights.length)
  // One item in each pack: no choice changes the weights, so the items keep their order.
  if (room === 1) return { pack: pack.map((_, item) => item), place }
  const packed = new Int32Array(packs)
  const weighed = new Float64Array(packs)
  for (const item of heaviestFirst(weights)) {
    let lightest = -1
    for (let i = 0; i < packs; i++) {
      if ((packed[i] ?? 0) === room) continue
      if (lightest < 0 || (weighed[i] ?? 0) < (weighed[lightest] ?? 0)) lightest = i
    }
    const held = packed[lightest] ?? 0
    pack[item] = lightest
    place[item] = held
    packed[lightest] = held + 1
    weighed[lightest] = (weighed[lightest] ?? 0) + (weights[item] ?? 0)
  }
  return { pack, place }
}

function heaviestFirst(weights: ArrayLike<number>): number[] {
  const weight = (item: number) => weights[item] ?? 0
  return Array.from(weights, (_, item) => item).sort((a, b) => weight(b) - weight(a))
}
