/** The memory that a model takes as a whole, and that this machine has. */
import { freemem } from 'node:os'
import type { Architecture } from '@core/arch/architecture'
import { countParameters } from '@core/arch/count/count'

export interface MemoryNeed {
  /** Bytes of its weights as float32, of which a graph holds at most `mostGraphBytes`. */
  readonly weights: number
  /** Bytes that opening it takes at most: its files, the weights, and two graphs with their copies. */
  readonly needed: number
  /** Bytes of memory that are free. */
  readonly free: number
}

/** A graph is a message of protobuf, which has at most 2 GiB. */
const mostGraphBytes = 2 ** 31

/**
 * An estimate: files are read whole, and shards joined to one; the weights lie in one vector; each of the graphs that
 * read and that write is serialised with them, and ONNX Runtime keeps its own copy.
 */
export function memoryToOpen(architecture: Architecture, fileBytes: readonly number[]): MemoryNeed {
  const weights = 4 * countParameters(architecture).total
  const files = fileBytes.reduce((sum, bytes) => sum + bytes, 0)
  return { weights, needed: files * (fileBytes.length > 1 ? 2 : 1) + 5 * weights, free: freemem() }
}

/** True where a model can be opened as a whole. */
export function fits({ weights, needed, free }: MemoryNeed): boolean {
  return weights < mostGraphBytes && needed < free
}

/** In words, for a sentence. */
export function needText({ weights, needed, free }: MemoryNeed): string {
  if (weights >= mostGraphBytes) {
    return `as float32 its weights take ${gibibytes(weights)}, and a graph holds at most ${gibibytes(mostGraphBytes)}`
  }
  return `opening it takes about ${gibibytes(needed)} of memory, and ${gibibytes(free)} are free`
}

function gibibytes(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(1)} GiB`
}
