/** Formats of weights whose bytes are counted (`weightFormats`). */
export type WeightFormatId = 'fp32' | 'bf16' | 'fp8' | 'int8' | 'int4' | 'mxfp4' | 'q8_0' | 'q4_0' | 'q4_k'
