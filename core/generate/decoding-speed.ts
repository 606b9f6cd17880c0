import type { Turn } from '../give-way'
import { giveWay } from '../give-way'
import type { Decoder } from './decoder'
import type { Speed } from './records'
import { speedOf } from './speed'

/** Rounds that are not measured: the first runs of a graph also set it up. */
const warmRounds = 2

/**
 * Speeds of models that write, in tokens per second, one for each decoder: every round each of them reads half of the
 * shortest context and goes on token by token to its end, in the opposite order of the round before. What is read makes
 * no difference to a dense model and hardly any to one with experts. The decoders forget what they had read.
 */
export async function decodingSpeeds(
  decoders: readonly Decoder[],
  { rounds = 10, turn = giveWay }: { readonly rounds?: number; readonly turn?: Turn } = {}
): Promise<Speed[]> {
  const context = Math.min(...decoders.map(({ model }) => model.architecture.context))
  const before = Math.ceil(context / 2)
  const milliseconds: number[][] = decoders.map(() => [])
  for (let round = -warmRounds; round < rounds; round++) {
    const order = round % 2 === 0 ? decoders.keys() : [...decoders.keys()].reverse()
    for (const i of order) {
      await turn()
      await decoders[i]?.prefill(new Array<number>(before).fill(0))
      for (let token = before; token < context; token++) {
        const begun = performance.now()
        await decoders[i]?.step(token % (decoders[i]?.model.architecture.vocabularySize ?? 1))
        if (round >= 0) milliseconds[i]?.push(performance.now() - begun)
      }
    }
  }
  return milliseconds.flatMap((each) => speedOf(each) ?? [])
}
