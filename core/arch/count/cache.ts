/** The memory that a model keeps of a sequence: keys and values that grow with it, and states that do not. */

import type { LatentAttention, Mixer, ModelDescription } from '../describe/description'
import { distinctBlocks } from './parameters'

export interface CacheOptions {
  /** Tokens of each sequence, also of an encoder's. */
  readonly context: number
  /** Sequences at once; default 1. */
  readonly batch?: number
  /** Bytes of a number; default 2, as in bf16. States of linear attention and state spaces always take 4. */
  readonly bytesPerValue?: number
}

/** Bytes. */
export interface CacheBytes {
  /** Added by one further token of one sequence once all windows are full: layers without a window. */
  readonly perToken: number
  /** Keys and values, or their latents, of all sequences; a windowed layer holds its window at most. */
  readonly keysAndValues: number
  /** Of these, the encoder's own of an encoder-decoder model: it needs them only while it reads. */
  readonly whileEncoding: number
  /** States of linear attention and state spaces with their convolutions, of all sequences, at any context. */
  readonly state: number
  /**
   * Of keys, values and states, what decoding one token of each sequence reads: everything that an encoder-decoder model
   * keeps while it writes, but behind an indexer only the tokens that it chooses, and the indexer's own keys whole.
   */
  readonly readPerStep: number
}

/**
 * The cache of a model. A model that is an encoder only keeps none. Grouped-query attention: Ainslie et al. 2023
 * (arXiv 2305.13245); latent attention: DeepSeek-V2 (arXiv 2405.04434), table 1; cross-layer attention: Brandon et al.
 * 2024 (arXiv 2405.12981); sparse reading: DeepSeek-V3.2-Exp, section 1.
 */
export function cacheBytes({ stacks }: ModelDescription, options: CacheOptions): CacheBytes {
  const { context, batch = 1, bytesPerValue = 2 } = options
  const decodes = stacks.some(({ role }) => role === 'decoder')
  let [perToken, keysAndValues, whileEncoding, state, read] = [0, 0, 0, 0, 0]
  for (const { role, blocks } of decodes ? stacks : []) {
    for (const [block, times] of distinctBlocks(blocks)) {
      for (const mixer of block.mixers) {
        const values = cachedValuesPerToken(mixer) * bytesPerValue
        const window = mixer.kind === 'attention' || mixer.kind === 'listed' ? mixer.window : null
        const held = times * batch * values * Math.min(context, window ?? context)
        perToken += window === null ? times * values : 0
        keysAndValues += held
        whileEncoding += role === 'encoder' ? held : 0
        state += times * batch * (4 * stateSize(mixer) + bytesPerValue * convolutionSize(mixer))
        read += role === 'encoder' ? 0 : times * batch * bytesPerValue * valuesReadPerStep(mixer, context)
      }
    }
  }
  return { perToken, keysAndValues, whileEncoding, state, readPerStep: read + state }
}

/** Numbers that one token adds to the cache of a layer. */
export function cachedValuesPerToken(mixer: Mixer): number {
  switch (mixer.kind) {
    case 'attention':
      return mixer.source === 'earlierLayer' ? 0 : mixer.keyValueHeads * (mixer.headSize + mixer.valueHeadSize)
    case 'latentAttention':
      return mixer.keyValueRank + mixer.rotaryHeadSize + indexerKeySize(mixer)
    case 'routedAttention':
      return 2 * mixer.keyValueHeads * mixer.headSize
    case 'listed':
      return mixer.cachedValues
    case 'lightningAttention':
    case 'gatedDeltaNet':
    case 'mamba1':
    case 'mamba2':
      return 0
  }
}

/** Numbers of a layer's cache that the attention of one token reads, also from the cache of an earlier layer. */
function valuesReadPerStep(mixer: Mixer, context: number): number {
  switch (mixer.kind) {
    case 'attention': {
      const values = mixer.keyValueHeads * (mixer.headSize + mixer.valueHeadSize)
      return values * Math.min(context, mixer.window ?? context)
    }
    case 'latentAttention': {
      const chosen = Math.min(context, mixer.indexer?.topK ?? context)
      return (mixer.keyValueRank + mixer.rotaryHeadSize) * chosen + indexerKeySize(mixer) * context
    }
    case 'listed':
      return mixer.cachedValues * Math.min(context, mixer.window ?? context)
    case 'routedAttention':
    case 'lightningAttention':
    case 'gatedDeltaNet':
    case 'mamba1':
    case 'mamba2':
      return cachedValuesPerToken(mixer) * context
  }
}

/** The indexer's key of a token, in the layers that have an indexer of their own. */
function indexerKeySize({ indexer }: LatentAttention): number {
  return indexer?.source === 'own' ? indexer.headSize : 0
}

/** Numbers of a layer's constant state for one sequence. */
function stateSize(mixer: Mixer): number {
  switch (mixer.kind) {
    case 'attention':
    case 'latentAttention':
    case 'routedAttention':
      return 0
    case 'lightningAttention':
      return mixer.heads * mixer.headSize ** 2
    case 'gatedDeltaNet':
      return mixer.valueHeads * mixer.keyHeadSize * mixer.valueHeadSize
    case 'mamba1':
      return mixer.innerWidth * mixer.stateSize
    case 'mamba2':
      return mixer.heads * mixer.headSize * mixer.stateSize
    case 'listed':
      return mixer.stateSize
  }
}

/** The last inputs of a layer's short convolution for one sequence, as transformers keeps them: the whole kernel. */
function convolutionSize(mixer: Mixer): number {
  switch (mixer.kind) {
    case 'attention':
    case 'latentAttention':
    case 'routedAttention':
    case 'lightningAttention':
      return 0
    case 'gatedDeltaNet':
      return (2 * mixer.keyHeads * mixer.keyHeadSize + mixer.valueHeads * mixer.valueHeadSize) * mixer.kernel
    case 'mamba1':
      return mixer.innerWidth * mixer.kernel
    case 'mamba2':
      return (mixer.heads * mixer.headSize + 2 * mixer.groups * mixer.stateSize) * mixer.kernel
    case 'listed':
      return mixer.convolutionSize
  }
}
