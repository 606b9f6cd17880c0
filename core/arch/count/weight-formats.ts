/** The formats that checkpoints really have, block scales included. */
import type { Component } from '../describe/component'
import type { QuantisedPart } from '../describe/quantisation'
import type { WeightFormatId } from '../describe/weight-format'
import { parametersOf, type Weights } from './weights'

export interface WeightFormat extends StoredFormat {
  readonly id: WeightFormatId
  /** Its numbers, its scales and its exceptions, in words. */
  readonly name: string
  readonly source: string
}

/** The bytes that matrices and vectors take. */
export interface StoredFormat {
  /** Bytes of a matrix `[outputs, inputs]` that the format stores in its own way. */
  readonly matrix: (outputs: number, inputs: number) => number
  /** True where the matrices of a component are stored so. */
  readonly applies: (component: Component) => boolean
  /** Bytes of each other weight. */
  readonly otherBytes: number
}

const inLayers: readonly Component[] = [
  'attention',
  'indexer',
  'linearAttention',
  'dense',
  'experts',
  'shared',
  'other'
]

/** Layers without routers: what quantisers of servers treat. Embedding, output, routers and norms stay in 16 bits. */
const applies = (component: Component) => inLayers.includes(component)

/** Rows of blocks along the inputs, each of `bytes`. */
const blocksOf = (size: number, bytes: number) => (outputs: number, inputs: number) =>
  outputs * Math.ceil(inputs / size) * bytes

export const weightFormats: Readonly<Record<WeightFormatId, WeightFormat>> = {
  fp32: {
    id: 'fp32',
    name: '32-bit floats',
    source: 'IEEE 754',
    matrix: (outputs, inputs) => 4 * outputs * inputs,
    applies: () => true,
    otherBytes: 4
  },
  bf16: {
    id: 'bf16',
    name: '16-bit floats',
    source: 'bfloat16, as most checkpoints are published',
    matrix: (outputs, inputs) => 2 * outputs * inputs,
    applies: () => true,
    otherBytes: 2
  },
  fp8: {
    id: 'fp8',
    name: '8-bit floats, a 32-bit scale for each block of 128 x 128; embedding, output, routers and norms in 16 bits',
    source: 'DeepSeek-V3 (arXiv 2412.19437, section 3.3.2; README_WEIGHTS.md of the checkpoint)',
    matrix: (outputs, inputs) => outputs * inputs + 4 * Math.ceil(outputs / 128) * Math.ceil(inputs / 128),
    applies,
    otherBytes: 2
  },
  int8: {
    id: 'int8',
    name: '8-bit integers, a 16-bit scale for each output; embedding, output, routers and norms in 16 bits',
    source: 'LLM.int8() (arXiv 2208.07339, section 2.1): row-wise constants',
    matrix: (outputs, inputs) => outputs * (inputs + 2),
    applies,
    otherBytes: 2
  },
  int4: {
    id: 'int4',
    name: '4-bit integers, a 16-bit scale and a 4-bit zero for each 128 inputs; the rest as for int8',
    source: 'AWQ (arXiv 2306.00978, section 5.1) and GPTQ (arXiv 2210.17323) with groups of 128',
    matrix: (outputs, inputs) => Math.ceil(outputs * (inputs / 2 + Math.ceil(inputs / 128) * 2.5)),
    applies,
    otherBytes: 2
  },
  mxfp4: {
    id: 'mxfp4',
    name: '4-bit floats of the routed experts, an 8-bit scale for each 32 inputs; everything else in 16 bits',
    source: 'gpt-oss model card (arXiv 2508.10925, section 2.1); OCP Microscaling Formats 1.0',
    matrix: blocksOf(32, 17),
    applies: (component) => component === 'experts',
    otherBytes: 2
  },
  q8_0: {
    id: 'q8_0',
    name: '8-bit integers, a 16-bit scale for each 32; routers and vectors in 32 bits',
    source: 'llama.cpp, ggml-common.h: block_q8_0',
    matrix: blocksOf(32, 34),
    applies: (component) => component !== 'router',
    otherBytes: 4
  },
  q4_0: {
    id: 'q4_0',
    name: '4-bit integers, a 16-bit scale for each 32; routers and vectors in 32 bits',
    source: 'llama.cpp, ggml-common.h: block_q4_0',
    matrix: blocksOf(32, 18),
    applies: (component) => component !== 'router',
    otherBytes: 4
  },
  q4_k: {
    id: 'q4_k',
    name: '4-bit integers in super-blocks of 256 with 6-bit scales; routers and vectors in 32 bits',
    source: 'llama.cpp, ggml-common.h: block_q4_K',
    matrix: blocksOf(256, 144),
    applies: (component) => component !== 'router',
    otherBytes: 4
  }
}

export function isWeightFormat(id: string): id is WeightFormatId {
  return id in weightFormats
}

/** The format of a part of a quantised checkpoint. */
export function quantisedFormat({ components, bits, block, scaleBytes }: QuantisedPart): StoredFormat {
  return {
    matrix: (outputs, inputs) => {
      const [rows, columns] = [block[0] ?? outputs, block[1] ?? inputs]
      return (outputs * inputs * bits) / 8 + Math.ceil(outputs / rows) * Math.ceil(inputs / columns) * scaleBytes
    },
    applies: (component) => components.includes(component),
    otherBytes: 2
  }
}

/**
 * Inputs below which a matrix stays as it is: short convolutions, decays of a state, the gates of a few outputs. No
 * block format fits them.
 */
const fewestInputs = 32

/** Bytes of a matrix or vector in a format, all its copies together. */
export function bytesIn(format: StoredFormat, weights: Weights): number {
  const [outputs, inputs = 0] = weights.shape
  const fits = weights.shape.length === 2 && inputs >= fewestInputs && format.applies(weights.component)
  return outputs !== undefined && fits
    ? weights.copies * format.matrix(outputs, inputs)
    : parametersOf(weights) * format.otherBytes
}
