import { z } from 'zod'
import { constant } from '../graph/expression'
import { add, gather, topK } from '../graph/operators'
import { values } from '../graph/tensor'
import { createRandom } from '../random'
import { evenGates } from './even-gates'
import type { RouterSite } from './router'
import { defineRouter } from './router'

/**
 * The experts of a token are fixed by its id: k that are drawn once for each id of the vocabulary, the same in every layer
 * (Roller et al. 2021, "Hash Layers For Large Sparse Models", section 3.1, random hash). Their outputs are averaged.
 * Nothing is learned, and no loss is needed; the load follows the frequencies of the tokens.
 */
export const hashRouter = defineRouter({
  kind: 'hash',
  name: 'hash of the token',
  papers: ['2106.04426'],
  causal: true,
  settings: z.strictObject({
    seed: z.int().nonnegative().default(1).describe('of the draw of experts for each token id')
  }),
  of: ({ seed }, shape) => {
    const scores = ({ logits, tokens, vocabularySize }: RouterSite) =>
      add(logits, gather(table(seed, vocabularySize, shape.experts), tokens))
    return {
      matrix: false,
      route: (site) => {
        const logits = scores(site)
        const experts = topK(logits, shape.topK).indices
        return { logits, experts, gates: evenGates(logits, experts), filled: undefined }
      },
      scores,
      gates: ({ logits }, experts) => evenGates(logits, experts),
      losses: () => []
    }
  }
})

/** Numbers in [0, 1) by which experts are compared: `[vocabulary, experts]`. */
function table(seed: number, vocabularySize: number, experts: number) {
  const random = createRandom(seed, 'routers/hash')
  const drawn = Float32Array.from({ length: vocabularySize * experts }, () => random.uniform())
  return constant(values('float32', [vocabularySize, experts], drawn))
}
