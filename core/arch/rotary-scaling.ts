/** Rotary frequencies that are scaled for longer contexts than a model was trained on at first. */
import { z } from 'zod'

/** Frequencies divided by a factor (Chen et al. 2023, arXiv 2306.15595). */
const linear = z.object({ kind: z.literal('linear'), factor: z.number().positive() })

/** Llama 3.1: low frequencies are divided by a factor, high ones are not, and those between are blended. */
const llama3 = z.object({
  kind: z.literal('llama3'),
  factor: z.number().positive(),
  low_freq_factor: z.number().positive(),
  high_freq_factor: z.number().positive(),
  original_max_position_embeddings: z.number().positive()
})

/** YaRN (Peng et al. 2023, arXiv 2309.00071, section 3): the same by dimensions, and a factor of queries and keys. */
const yarn = z.object({
  kind: z.literal('yarn'),
  factor: z.number().positive(),
  original_max_position_embeddings: z.number().positive(),
  beta_fast: z
    .number()
    .positive()
    .nullish()
    .transform((given) => given ?? 32),
  beta_slow: z
    .number()
    .positive()
    .nullish()
    .transform((given) => given ?? 1),
  /** Of cosines and sines. */
  attention_factor: z.number().positive(),
  /** See `scoreFactor`. */
  mscale_all_dim: z.number().optional(),
  /** The bounds between low and high dimensions are whole numbers. */
  truncate: z.boolean().default(true)
})

const scaling = z.discriminatedUnion('kind', [linear, llama3, yarn])

/** A scaling, with the names of config.json for its numbers. */
export type RotaryScaling = z.output<typeof scaling>

/**
 * The scaling that the parameters of a config.json say (`rope_scaling` or `rope_parameters`), as transformers 5.18
 * understands them; undefined for one of another kind, and for one that lacks a number.
 * @param context of the model, which is also the original one where they say none
 */
export function readScaling(parameters: Readonly<Record<string, unknown>>, context: number): RotaryScaling | undefined {
  const { rope_type: kind = parameters.type, factor, mscale, mscale_all_dim: allMscale } = parameters
  const given = {
    original_max_position_embeddings: context,
    ...parameters,
    kind,
    attention_factor: parameters.attention_factor ?? attentionFactor(Number(factor), mscale, allMscale)
  }
  return scaling.safeParse(given).data
}

function attentionFactor(factor: number, mscale: unknown, allMscale: unknown): number {
  const of = (by: number) => (factor <= 1 ? 1 : 0.1 * by * Math.log(factor) + 1)
  return mscale && allMscale ? of(Number(mscale)) / of(Number(allMscale)) : of(1)
}

/** The value of `rope_scaling` in a config.json. */
export function writeScaling({ kind, ...numbers }: RotaryScaling): Record<string, unknown> {
  return { rope_type: kind, ...numbers }
}

/**
 * The factor of the scores of latent attention that belongs to a scaling, `(0.1 mscale_all_dim ln(factor) + 1)^2`
 * (`yarn_apply_mscale` of transformers 5.18).
 */
export function scoreFactor(scaling: RotaryScaling | undefined): number {
  if (scaling?.kind !== 'yarn' || !scaling.mscale_all_dim || scaling.factor <= 1) return 1
  return (0.1 * scaling.mscale_all_dim * Math.log(scaling.factor) + 1) ** 2
}

/** Radians by which each pair of a head turns at a step of the position, and what cosines and sines are multiplied by. */
export interface RotaryFrequencies {
  readonly frequencies: readonly number[]
  readonly factor: number
}

/** Frequencies `base^(-2i / headSize)` (Su et al. 2021, "RoFormer", section 3.2.2), scaled or as they are. */
export function rotaryFrequencies(headSize: number, base: number, scaling?: RotaryScaling): RotaryFrequencies {
  const half = headSize / 2
  const frequencies = Array.from({ length: half }, (_, i) => base ** (-i / half))
  switch (scaling?.kind) {
    case undefined:
      return { frequencies, factor: 1 }
    case 'linear':
      return { frequencies: frequencies.map((each) => each / scaling.factor), factor: 1 }
    case 'llama3':
      return { frequencies: frequencies.map((each) => llama3Frequency(each, scaling)), factor: 1 }
    case 'yarn': {
      const ramp = yarnRamp(headSize, base, scaling)
      return {
        frequencies: frequencies.map((each, i) => (each / scaling.factor) * ramp(i) + each * (1 - ramp(i))),
        factor: scaling.attention_factor
      }
    }
  }
}

function llama3Frequency(frequency: number, scaling: z.output<typeof llama3>): number {
  const { factor, low_freq_factor: low, high_freq_factor: high, original_max_position_embeddings: context } = scaling
  const turns = (context * frequency) / (2 * Math.PI)
  if (turns > high) return frequency
  if (turns < low) return frequency / factor
  const share = (turns - low) / (high - low)
  return ((1 - share) * frequency) / factor + share * frequency
}

/** From 0 for pairs that keep their frequency to 1 for those whose frequency is divided. */
function yarnRamp(headSize: number, base: number, scaling: z.output<typeof yarn>): (pair: number) => number {
  const { original_max_position_embeddings: context, beta_fast: fast, beta_slow: slow, truncate } = scaling
  const pairOf = (turns: number) => (headSize * Math.log(context / (turns * 2 * Math.PI))) / (2 * Math.log(base))
  const [first, last] = truncate ? [Math.floor(pairOf(fast)), Math.ceil(pairOf(slow))] : [pairOf(fast), pairOf(slow)]
  const [low, high] = [Math.max(first, 0), Math.min(last, headSize - 1)]
  const width = high === low ? 0.001 : high - low
  return (pair) => Math.min(1, Math.max(0, (pair - low) / width))
}
