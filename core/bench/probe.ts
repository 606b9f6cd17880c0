/** Limits of the machine, measured through a backend: model speeds are compared with them. */
import type { Turn } from '../give-way'
import { giveWay } from '../give-way'
import { input, weight } from '../graph/expression'
import { matmul } from '../graph/operators'
import type { Backend, HostTensor, Session } from '../runtime/backend'
import { float32 } from '../runtime/backend'

export interface MachineLimits {
  /** Billions of multiply-add operations x 2 per second of a large matrix product. */
  readonly gflops: number
  /** Billions of bytes per second when every byte of a large matrix is read once. */
  readonly readGigabytesPerSecond: number
  /** The same by the size of what is read again and again, smallest first: what fits into a cache is read faster. */
  readonly readRates: readonly ReadRate[]
}

/** Rate of reading so many bytes repeatedly, net of the cost of running a graph. */
export interface ReadRate {
  readonly bytes: number
  readonly gigabytesPerSecond: number
}

/**
 * Side of the square matrices whose product gives the arithmetic limit: large enough for it, and small enough that some
 * of the products are not interrupted by other programs.
 */
const side = 256
/** Matrices of 1 to 64 MiB: from what small caches hold to what no cache of a laptop holds. */
const shapes = [
  [512, 512],
  [1024, 1024],
  [2048, 2048],
  [2048, 8192]
] as const

/**
 * Measures the limits; takes about a second. The best of several repeats counts, because a limit is not an average.
 * @param turn awaited before each of them
 */
export async function probeMachine(backend: Backend, turn: Turn = giveWay): Promise<MachineLimits> {
  await turn()
  const square = new Float32Array(side * side).fill(0.5)
  const product = await backend.load({
    y: matmul(input('a', 'float32', [side, side]), input('b', 'float32', [side, side]))
  })
  const productMs = await best(product, { a: float32(square, [side, side]), b: float32(square, [side, side]) }, 60)
  const nothingMs = await readMs(backend, 1, 1, 300)
  const readRates: ReadRate[] = []
  let large = 0
  for (const [rows, columns] of shapes) {
    await turn()
    const bytes = 4 * rows * columns
    const ms = await readMs(backend, rows, columns, Math.max(10, Math.min(200, 2 ** 28 / bytes)))
    // On a busy machine a small matrix may take no longer than none: then its rate is not known.
    if (ms > 1.5 * nothingMs) readRates.push({ bytes, gigabytesPerSecond: bytes / (ms - nothingMs) / 1e6 })
    large = bytes / ms / 1e6
  }
  return { gflops: (2 * side ** 3) / productMs / 1e6, readGigabytesPerSecond: large, readRates }
}

/** Milliseconds of multiplying a row by a matrix, which reads all of it. */
async function readMs(backend: Backend, rows: number, columns: number, repeats: number): Promise<number> {
  const matrix = weight('matrix', [rows, columns], new Float32Array(rows * columns).fill(0.5))
  const reading = await backend.load({ y: matmul(input('x', 'float32', [1, rows]), matrix) })
  return best(reading, { x: float32(new Float32Array(rows).fill(0.5), [1, rows]) }, repeats)
}

async function best(session: Session, inputs: Readonly<Record<string, HostTensor>>, repeats: number): Promise<number> {
  let shortest = Number.POSITIVE_INFINITY
  for (let i = 0; i < repeats; i++) {
    const begun = performance.now()
    await session.run(inputs)
    shortest = Math.min(shortest, performance.now() - begun)
  }
  await session.release()
  return shortest
}
