/**
 * Floating-point operations of one token. All figures count 2 for each use of an active weight without the lookups (the vectors
 * of norms and biases, below 0.1 %, count as if they were matrices) and 2 for each product of attention scores and of
 * weighted values. Softmax, rotation, activations and the updates of constant states are left out, as in the
 * scaling-law papers (Kaplan et al. 2020, arXiv 2001.08361, section 2.1).
 */

import type { LatentAttention, Mixer, ModelDescription } from '../describe/description'
import { countDescription, distinctBlocks, repeatedWeights } from './parameters'

/**
 * The forward pass of one token that attends to `context` tokens (itself included), with keys and values of full size
 * in every head and no token left out by an indexer: the convention of published figures.
 */
export function modelFlopsPerToken(description: ModelDescription, context: number): number {
  return weightFlops(description) + attentionFlops(description, (mixer) => multiplyAdds(mixer, context))
}

/**
 * One token while decoding, as serving engines compute it. Latent attention is absorbed: scores and values are taken
 * in the latent (DeepSeek-V2, arXiv 2405.04434, section 2.1.2), which costs more arithmetic and reads a smaller cache.
 * An indexer scores every token and leaves `topK` of them to the attention (DeepSeek-V3.2-Exp, section 1).
 */
export function decodeFlopsPerToken(description: ModelDescription, context: number): number {
  return weightFlops(description) + attentionFlops(description, (mixer) => decodeMultiplyAdds(mixer, context))
}

/**
 * The mean over the tokens of a prompt: in a decoder each token attends to those before it, in an encoder to all. An
 * indexer scores all earlier tokens and leaves `topK` of them.
 */
export function prefillFlopsPerToken(description: ModelDescription, tokens: number): number {
  return (
    weightFlops(description) +
    attentionFlops(description, (mixer, causal) => {
      const window = windowOf(mixer) ?? tokens
      const attended = causal ? meanCausal(tokens, window) : Math.min(tokens, window)
      const scored = causal ? meanCausal(tokens, tokens) : tokens
      return pairMultiplyAdds(mixer) * attended + indexerMultiplyAdds(mixer) * scored
    })
  )
}

/** Tokens that one of `tokens` attends to on average, itself included, when it sees the last `window` of them. */
function meanCausal(tokens: number, window: number): number {
  const ramp = Math.min(tokens, window)
  return ((ramp * (ramp + 1)) / 2 + (tokens - ramp) * ramp) / tokens
}

function weightFlops(description: ModelDescription): number {
  const { active, components } = countDescription(description)
  return 2 * (active.no_input_embedding - components.positionEmbedding + repeatedWeights(description))
}

/** @param of multiply-adds of a mixer, given whether each token sees only earlier ones */
function attentionFlops({ stacks }: ModelDescription, of: (mixer: Mixer, causal: boolean) => number): number {
  let flops = 0
  for (const { role, blocks } of stacks) {
    for (const [{ mixers }, times] of distinctBlocks(blocks)) {
      for (const mixer of mixers) {
        const causal = role === 'decoder' && !(mixer.kind === 'attention' && mixer.source === 'encoder')
        flops += 2 * times * of(mixer, causal)
      }
    }
  }
  return flops
}

function multiplyAdds(mixer: Mixer, context: number): number {
  const window = mixer.kind === 'attention' || mixer.kind === 'listed' ? (mixer.window ?? context) : context
  return pairMultiplyAdds(mixer) * Math.min(context, window)
}

function decodeMultiplyAdds(mixer: Mixer, context: number): number {
  if (mixer.kind !== 'latentAttention') return multiplyAdds(mixer, context)
  const attended = Math.min(context, mixer.indexer?.topK ?? context)
  return absorbedPair(mixer) * attended + indexerMultiplyAdds(mixer) * context
}

function windowOf(mixer: Mixer): number | null {
  if (mixer.kind === 'attention' || mixer.kind === 'listed') return mixer.window
  return mixer.kind === 'latentAttention' ? (mixer.indexer?.topK ?? null) : null
}

/** Multiply-adds for one pair of tokens: the score and the weighted value in every head. */
function pairMultiplyAdds(mixer: Mixer): number {
  switch (mixer.kind) {
    case 'attention':
      return mixer.heads * (mixer.headSize + mixer.valueHeadSize)
    case 'latentAttention':
      return mixer.heads * (mixer.plainHeadSize + mixer.rotaryHeadSize + mixer.valueHeadSize)
    case 'routedAttention':
      return mixer.topK * mixer.keyValueHeads * 2 * mixer.headSize
    case 'listed':
      return mixer.pairMultiplyAdds
    case 'lightningAttention':
    case 'gatedDeltaNet':
    case 'mamba1':
    case 'mamba2':
      return 0
  }
}

function absorbedPair({ heads, keyValueRank, rotaryHeadSize }: LatentAttention): number {
  return heads * (2 * keyValueRank + rotaryHeadSize)
}

function indexerMultiplyAdds(mixer: Mixer): number {
  const indexer = mixer.kind === 'latentAttention' ? mixer.indexer : null
  return indexer?.source === 'own' ? indexer.heads * indexer.headSize : 0
}
