/** Trainings of a sweep that were never computed, for tests of what is made of them. */
import { countParameters } from '../../arch/count/count'
import { denseArchitecture, moeArchitecture } from '../../arch/presets'
import { writeConfig } from '../../arch/write-config'
import { tokenizer } from '../../corpus'
import { corpusSpecSchema, recipeSchema } from '../../formats/training-report'
import type { SweepRun } from './read-run'

export interface SweptShape {
  readonly kind: 'dense' | 'moe'
  readonly width: number
  readonly seed: number
  readonly loss: number
  readonly characters?: number
  readonly flops?: number
}

/** A training that is whole, of such a shape and with such a loss. */
export function sweptRun({ kind, width, seed, loss, characters = 1000, flops = 1e6 }: SweptShape): SweepRun {
  const shape = { width, vocabularySize: tokenizer.size }
  const architecture = kind === 'dense' ? denseArchitecture(shape) : moeArchitecture({ ...shape, experts: 4 })
  const { total, active } = countParameters(architecture)
  const size = { total, active: active.all, flops }
  const recipe = recipeSchema.parse({ learning_rate: 0.01, characters, seed })
  return {
    id: `${kind}-${width}-${characters}-${seed}`,
    kind: 'train',
    varied: { 'architecture.kind': kind, 'architecture.width': width, 'recipe.seed': seed },
    settings: {},
    size,
    state: { kind: 'whole' },
    figures: { ...size, loss },
    training: {
      config: writeConfig(architecture),
      corpus: corpusSpecSchema.parse({}),
      recipe,
      characters,
      flops,
      result: { step: 1, characters, loss, memory: loss, computation: loss, domains: {} }
    },
    curve: []
  }
}
