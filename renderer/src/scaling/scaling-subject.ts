import type { ChartSubject } from '../ui/chart-subject'
import type { ScalingChoices, ScalingQuestion } from './choices'

/** Amounts that are kept as logarithms to base 10. */
const powers = ['parameters', 'tokens', 'flops', 'served', 'unique', 'speed'] as const

/** The choices that each question is asked with. */
const asked: Readonly<Record<ScalingQuestion, readonly (keyof ScalingChoices)[]>> = {
  law: ['law', 'along', 'parameters', 'tokens', 'flops', 'experts', 'granularity'],
  budget: ['law', 'flops'],
  lifetime: ['parameters', 'tokens', 'served'],
  repeats: ['parameters', 'unique', 'tokens'],
  experts: ['law', 'parameters', 'experts', 'tokens', 'granularity'],
  family: ['quantity'],
  'iso-flop': [],
  'small-text': [],
  cost: ['parameters', 'tokens', 'device', 'utilisation', 'watts', 'pue', 'gramsPerKwh', 'speed']
}

/** The settings of a question; amounts in full and not as powers. */
export function scalingSubject(chosen: ScalingChoices): ChartSubject {
  const valueOf = (key: keyof ScalingChoices) =>
    powers.some((power) => power === key) ? Number((10 ** Number(chosen[key])).toPrecision(6)) : chosen[key]
  return {
    name: '',
    settings: Object.fromEntries(['question' as const, ...asked[chosen.question]].map((key) => [key, valueOf(key)]))
  }
}
