/** Sessions that are kept for the next graph that is the same: making one takes longer than a short run. */
import type { InferenceSession } from 'onnxruntime-common'

export interface SessionPool {
  /** The session of a serialised graph, which nobody else has meanwhile; made where none is kept. */
  take(graph: Uint8Array, make: () => Promise<InferenceSession>): Promise<InferenceSession>
  /** Takes a session back, and releases the one that has waited longest where there are too many. */
  giveBack(graph: Uint8Array, session: InferenceSession): Promise<void>
}

/** Graphs with weights in them, which hardly come again, are beyond it. */
const largestGraph = 2 ** 20

/** @param most sessions that are kept while nobody uses them */
export function createSessionPool(most = 4): SessionPool {
  const free: { readonly graph: Uint8Array; readonly session: InferenceSession }[] = []
  return {
    take: async (graph, make) => {
      const place = free.findIndex((each) => isEqual(each.graph, graph))
      const [kept] = place < 0 ? [] : free.splice(place, 1)
      return kept?.session ?? make()
    },
    giveBack: async (graph, session) => {
      if (graph.length > largestGraph) return session.release()
      free.push({ graph, session })
      if (free.length > most) await free.shift()?.session.release()
    }
  }
}

function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i])
}
