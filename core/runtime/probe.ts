/** What the machine itself can do, measured through a backend: the limit that model speeds are compared with. */
import { input, weight } from '../graph/expression'
import { matmul } from '../graph/operators'
import type { Backend, HostTensor, Session } from './backend'
import { float32 } from './backend'

export interface MachineLimits {
  /** Billions of multiply-add operations x 2 per second of a large matrix product. */
  readonly gflops: number
  /** Billions of bytes per second when every byte of a large matrix is read once. */
  readonly readGigabytesPerSecond: number
}

/** Side of the square matrices whose product gives the arithmetic limit. */
const side = 512
/** A matrix of 64 MiB, which no cache of a laptop holds. */
const large = [2048, 8192] as const

/** Measures the limits; takes about a second. The best of several repeats counts, because a limit is not an average. */
export async function probeMachine(backend: Backend): Promise<MachineLimits> {
  const square = new Float32Array(side * side).fill(0.5)
  const product = await backend.load({
    y: matmul(input('a', 'float32', [side, side]), input('b', 'float32', [side, side]))
  })
  const productMs = await best(product, { a: float32(square, [side, side]), b: float32(square, [side, side]) }, 10)
  const [rows, columns] = large
  const matrix = weight('matrix', large, new Float32Array(rows * columns).fill(0.5))
  const reading = await backend.load({ y: matmul(input('x', 'float32', [1, rows]), matrix) })
  const readMs = await best(reading, { x: float32(new Float32Array(rows).fill(0.5), [1, rows]) }, 10)
  return {
    gflops: (2 * side ** 3) / productMs / 1e6,
    readGigabytesPerSecond: (4 * rows * columns) / readMs / 1e6
  }
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
