/**
 * A description of any model, block by block: enough to count its weights, caches and arithmetic and, where its reader knows how
 * it computes, to run it. Plain data, so that it can be stored, sent, and changed field by field. Readers of config.json
 * make it (`read.ts`), as does `describe` of the architectures that Moescope runs; `count/` counts it, and `runnable.ts`
 * says whether the engine runs it.
 *
 * Every size is a number of features unless it says otherwise. Widths that follow from others (the input of every
 * projection is `width`) are not repeated, so that changing one field changes everything that depends on it.
 */
import type { Multipliers, RouterSpec } from '../architecture'
import type { Component } from './component'
import type { Quantisation, ShippedFormatId } from './quantisation'

export interface ModelDescription {
  /** Hugging Face `model_type`, or the name of the paper's family where there is no such file. */
  readonly modelType: string
  /** Number of tokens of the vocabulary. */
  readonly vocabularySize: number
  /** Width of the residual stream (d). */
  readonly width: number
  /** Width of the rows of the embedding and of the output projection, where it is another. */
  readonly embeddingWidth?: number
  /** Longest sequence the model was made for, in tokens; null where it is not known. */
  readonly context: number | null
  /** Factors of activations; absent where there are none, or its reader does not know them. */
  readonly multipliers?: Multipliers
  /** Epsilon of every norm; null where its reader does not know it. */
  readonly normEpsilon: number | null
  /** True where the output projection is the transposed input embedding. */
  readonly tiedEmbeddings: boolean
  /** True where the output projection has a bias. */
  readonly outputBias: boolean
  /** Rows of the output projection: null for one a token of the vocabulary, 0 for a model without a head, else labels. */
  readonly outputRows: number | null
  /** Learned absolute positions, in rows of `width`; 0 for none. */
  readonly learnedPositions: number
  /** Learned token types (BERT's segments), in rows of `width`; 0 for none. */
  readonly tokenTypes: number
  /** The norm that follows the embeddings. */
  readonly embeddingNorm: Norm
  /** The dense layer over the first token, as BERT has it. */
  readonly pooler: boolean
  /** One stack, or an encoder and a decoder. */
  readonly stacks: readonly Stack[]
  /** Blocks that predict further tokens: they lie in the checkpoint, but are no part of the model's total. */
  readonly multiTokenPrediction: readonly PredictionModule[]
  /** Tables beside the token embedding of which a token looks up rows, in `[rows, width of a row]`. */
  readonly lookups?: readonly ListedWeights[]
  /** Weights between embedding, blocks and output that have no field of their own. */
  readonly extras?: readonly ListedWeights[]
  /** The format of the published weights, as their file names it; bf16 where it names none that is known. */
  readonly shippedFormat: ShippedFormatId
  /** The groups, scales and exceptions of that format; null where the file names no quantiser. */
  readonly quantisation: Quantisation | null
  /** Assumptions of a best-effort reading, in words; empty when the kind is known. */
  readonly bestEffort: readonly string[]
  /** Caveats of the figures: other spellings, defaults of the class, contradictions of the file. */
  readonly notes: readonly string[]
  /** Parts of the file that are not described, in words, such as a vision tower. */
  readonly leftOut: readonly string[]
  /** The key of config.json that nests the language model, in files of several modalities; null where nothing does. */
  readonly nestedIn: string | null
}

/** A norm by the vectors it learns: `rms` and `layerWithoutBias` one, `layer` two (weight and bias), `none` none. */
export type Norm = 'rms' | 'layerWithoutBias' | 'layer' | 'none'

export interface Stack {
  /** An encoder sees all its tokens at once and keeps no cache between steps. */
  readonly role: 'decoder' | 'encoder'
  readonly blocks: readonly Block[]
  /** True where all blocks are one, whose weights a token passes again and again (ALBERT); absent for none. */
  readonly sharedBlocks?: true
  readonly finalNorm: Norm
  /** T5's learned attention biases: buckets of distances, for each head; counted once for the stack. */
  readonly distanceBiases: { readonly buckets: number; readonly heads: number } | null
}

/** One layer: what mixes tokens, what transforms each of them, and the norms between. */
export interface Block {
  readonly mixers: readonly Mixer[]
  readonly feedForwards: readonly FeedForward[]
  readonly norm: Norm
  /** Norms over the width of the residual stream. */
  readonly norms: number
  /** Further weights of the layer, such as scales of its parts. */
  readonly extras?: readonly ListedWeights[]
}

/** Matrices or vectors by their shapes, in which `width` is the width of the residual stream. */
export interface ListedWeights {
  readonly name: string
  readonly component: Component
  readonly shape: readonly (number | 'width')[]
  /** Of the same shape; default 1. */
  readonly copies?: number
}

export type Mixer =
  | GroupedAttention
  | LatentAttention
  | RoutedAttention
  | LightningAttention
  | GatedDeltaNet
  | Mamba1
  | Mamba2
  | ListedMixer

/** Multi-head (`keyValueHeads === heads`), grouped and multi-query attention. */
export interface GroupedAttention {
  readonly kind: 'attention'
  readonly heads: number
  readonly keyValueHeads: number
  /** Of queries and keys. */
  readonly headSize: number
  readonly valueHeadSize: number
  /** Which projections have biases. */
  readonly bias: 'none' | 'queryKeyValue' | 'all'
  /** Norms of queries and keys: over each head, with one weight for all heads, or over all heads together. */
  readonly queryKeyNorm: 'none' | 'head' | 'headWithBias' | 'allHeads'
  /** A learned logit for each head that takes attention from the tokens. */
  readonly sinks: boolean
  /** A second query projection whose sigmoid scales the output. */
  readonly outputGate: boolean
  /** Tokens it looks back at most; null for all. */
  readonly window: number | null
  /** The source of keys and values: its own projections, the encoder's output, or an earlier layer's cache. */
  readonly source: 'own' | 'encoder' | 'earlierLayer'
  /** True where values are the keys, without a projection of their own; default false. */
  readonly valuesAreKeys?: boolean
  /** Transformer-XL's projection of relative positions, as wide as the queries. */
  readonly relativePositions: boolean
  /** Its rotary positions; null where it has none, or its reader does not know them. */
  readonly rotary: RotaryPositions | null
  /** Features of a head that turn, the first ones; absent where all do, or its reader does not know. */
  readonly rotarySize?: number
  /** Queries, keys and values are cut off at so much on either side of 0; absent where they are not. */
  readonly clip?: number
}

/** Rotary positions (arXiv 2104.09864): pairs of features turn by `base ** (-2 i / headSize)` a token. */
export interface RotaryPositions {
  readonly base: number
  /** Scaling of the frequencies for longer contexts; null where there is none. */
  readonly scaling: RotaryScaling | null
}

export interface RotaryScaling {
  /** The key of config.json that says so. */
  readonly key: 'rope_scaling' | 'rope_parameters'
  /** As that key has them: `rope_type` (formerly `type`) and what belongs to it. */
  readonly parameters: Readonly<Record<string, unknown>>
}

/** Multi-head latent attention (DeepSeek-V2, arXiv 2405.04434, section 2.1): the cache holds one latent for all heads. */
export interface LatentAttention {
  readonly kind: 'latentAttention'
  readonly heads: number
  /** Rank of the queries' latent; null when queries are projected directly. */
  readonly queryRank: number | null
  readonly keyValueRank: number
  /** The part of a query's or key's head without positions. */
  readonly plainHeadSize: number
  /** The part with rotary positions; keys have it once for all heads. */
  readonly rotaryHeadSize: number
  readonly valueHeadSize: number
  /** Biases on the projections into the latents and on the output. */
  readonly bias: boolean
  /** Its rotary positions, and whether the pairs that turn are neighbours; absent where its reader does not know them. */
  readonly rotary?: RotaryPositions & { readonly interleaved: boolean }
  /** The lightning indexer that chooses the tokens to attend to (DeepSeek-V3.2); null for full attention. */
  readonly indexer: Indexer | null
}

export interface Indexer {
  readonly heads: number
  readonly headSize: number
  /** Tokens it leaves to the attention. */
  readonly topK: number
  /** `own`, or the choice of an earlier layer. */
  readonly source: 'own' | 'earlierLayer'
}

/** Mixture of attention heads (JetMoE, arXiv 2404.07413): each expert has queries and outputs, all share keys and values. */
export interface RoutedAttention {
  readonly kind: 'routedAttention'
  readonly experts: number
  readonly topK: number
  /** Heads of keys and values, and of one expert's queries. */
  readonly keyValueHeads: number
  readonly headSize: number
}

/** Linear attention of MiniMax-01 (arXiv 2501.08313): a gate, a norm over all heads and a constant state. */
export interface LightningAttention {
  readonly kind: 'lightningAttention'
  readonly heads: number
  readonly headSize: number
}

/** Gated DeltaNet (arXiv 2412.06464) as Qwen3-Next has it. */
export interface GatedDeltaNet {
  readonly kind: 'gatedDeltaNet'
  readonly keyHeads: number
  readonly keyHeadSize: number
  readonly valueHeads: number
  readonly valueHeadSize: number
  /** Tokens of the short convolution. */
  readonly kernel: number
}

/** Mamba (arXiv 2312.00752). */
export interface Mamba1 {
  readonly kind: 'mamba1'
  readonly innerWidth: number
  readonly stateSize: number
  readonly timeStepRank: number
  readonly kernel: number
  readonly kernelBias: boolean
  readonly projectionBias: boolean
  /** Norms of the time step and of both state projections, as Jamba has them. */
  readonly innerNorms: boolean
}

/** Mamba-2 (arXiv 2405.21060) with its gated norm. */
export interface Mamba2 {
  readonly kind: 'mamba2'
  readonly heads: number
  readonly headSize: number
  readonly groups: number
  readonly stateSize: number
  readonly kernel: number
  readonly kernelBias: boolean
  readonly projectionBias: boolean
  /** Default true. */
  readonly gatedNorm?: boolean
  /** Of the projection out; default that of the other. */
  readonly outputBias?: boolean
}

/** A mixer of few models, by its matrices, what it keeps and what it computes. */
export interface ListedMixer {
  readonly kind: 'listed'
  /** As its paper calls it. */
  readonly name: string
  readonly weights: readonly ListedWeights[]
  /** Numbers that a token adds to the cache; the mean where several tokens share an entry. */
  readonly cachedValues: number
  /** Tokens it looks back at most; null for all. */
  readonly window: number | null
  /** Multiply-adds for a pair of tokens: scores and weighted values of all heads. */
  readonly pairMultiplyAdds: number
  /** Numbers of its constant state and of the last inputs of its convolutions. */
  readonly stateSize: number
  readonly convolutionSize: number
}

export type FeedForward = DenseFeedForward | MoeFeedForward

export interface DenseFeedForward {
  readonly kind: 'dense'
  readonly width: number
  /** Three matrices (gate, up, down) instead of two. */
  readonly gated: boolean
  readonly bias: boolean
  /** By its name in config.json, e.g. `silu`; null where its reader does not know it. */
  readonly activation: string | null
}

export interface MoeFeedForward {
  readonly kind: 'moe'
  readonly experts: number
  /** Choices of a token, among the experts and the zero experts together. */
  readonly topK: number
  readonly expertWidth: number
  readonly gated: boolean
  readonly expertBias: boolean
  /** Of the experts, as in a dense feed-forward. */
  readonly activation: string | null
  /** True for gpt-oss's clamped SwiGLU in place of the plain one; absent for none. */
  readonly clamped?: true
  /** True when the weights of the chosen experts are divided by their sum; null where its reader does not know it. */
  readonly normaliseGates: boolean | null
  /** A router of Moescope's own (`core/routers`) in place of that of its kind; null where there is none. */
  readonly router: RouterSpec | null
  /** Experts that pass their input on and have no weights (LongCat-Flash, arXiv 2509.01322). */
  readonly zeroExperts: number
  /** One more weight for each expert: a bias of the logits, or one that only balances the choice. */
  readonly routerBias: boolean
  /** Experts that every token visits. */
  readonly sharedExperts: number
  /** Width of one shared expert. */
  readonly sharedExpertWidth: number
  /** Biases of the shared experts; default as the others have them. */
  readonly sharedBias?: boolean
  /** A sigmoid gate that scales what the shared experts give; there even when they have no width. */
  readonly sharedGate: boolean
  /** Width into which tokens are projected for the routed experts; null where those see the residual stream. */
  readonly latentWidth: number | null
  /** A bias over the width of the residual stream after the experts. */
  readonly outputBias: boolean
  /** False where the router is no matrix, and stands among the extras of the layer; default true. */
  readonly routerMatrix?: boolean
}

/** One step of multi-token prediction (DeepSeek-V3, arXiv 2412.19437, section 2.2); embedding and head are the model's. */
export interface PredictionModule {
  readonly blocks: readonly Block[]
  /** Projections of a hidden state and an embedding, side by side, to the width. */
  readonly projections: number
  readonly norm: Norm
  readonly norms: number
}
