/** Keys and layers of state spaces that several families have. */

import { z } from 'zod'
import { check } from '../describe/config-error'
import { expected } from '../describe/config-keys'
import type { Mamba2 } from '../describe/description'
import { flag, size } from './keys'

/** Rank of the step sizes; `auto` is a sixteenth of the width. */
export const rank = z.union([z.literal('auto'), size()], expected("a positive integer or 'auto'")).default('auto')

/** Keys of Mamba-2 beside attention. */
export const mamba2Keys = {
  mamba_n_heads: size(128),
  mamba_d_head: z
    .union([z.literal('auto'), size()])
    .nullable()
    .default('auto'),
  mamba_n_groups: size(1),
  mamba_d_state: size(256),
  mamba_d_conv: size(4),
  mamba_expand: size(2),
  mamba_conv_bias: flag(true),
  mamba_proj_bias: flag(false)
}

/** Mamba-2 of an inner width, which its heads must divide: else throws a `ConfigError`. */
export function mamba2Of(
  config: z.output<z.ZodObject<typeof mamba2Keys>>,
  inner: number,
  rest: Partial<Omit<Mamba2, 'kind'>> = {}
): Mamba2 {
  const headSize = inner / config.mamba_n_heads
  check(Number.isInteger(headSize), 'mamba_n_heads', `expected a divisor of ${inner}`, config.mamba_n_heads)
  return {
    kind: 'mamba2',
    heads: config.mamba_n_heads,
    headSize,
    groups: config.mamba_n_groups,
    stateSize: config.mamba_d_state,
    kernel: config.mamba_d_conv,
    kernelBias: config.mamba_conv_bias,
    projectionBias: config.mamba_proj_bias,
    ...rest
  }
}
