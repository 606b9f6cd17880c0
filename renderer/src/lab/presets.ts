/** Shapes that a run can begin with. */
import type { TrainingChoices } from './choices'

export interface Preset {
  readonly id: string
  readonly label: string
  readonly shape: Partial<TrainingChoices>
}

export const presets: readonly Preset[] = [
  { id: 'dense', label: 'Dense', shape: { kind: 'dense', width: 32 } },
  { id: 'fine', label: 'Top-2 of 16 half-size experts', shape: { kind: 'moe', width: 32, experts: 16, topK: 2 } },
  { id: 'coarse', label: 'Top-1 of 8', shape: { kind: 'moe', width: 32, experts: 8, topK: 1, expertWidth: 88 } },
  { id: 'large', label: 'Dense of equal total', shape: { kind: 'dense', width: 80 } },
  {
    id: 'unbalanced',
    label: 'Top-2 of 16, no balancing',
    shape: { kind: 'moe', width: 32, experts: 16, topK: 2, balanceLoss: 0 }
  },
  { id: 'shared', label: 'Top-2 of 16 and a shared expert', shape: { kind: 'moe', width: 32, sharedWidth: 48 } },
  {
    id: 'finer',
    label: 'Top-4 of 32 quarter-size experts',
    shape: { kind: 'moe', width: 32, experts: 32, topK: 4, expertWidth: 24 }
  }
]

/** The parts of a run that are none of its shape. */
const rest: readonly (keyof TrainingChoices)[] = [
  'text',
  'own',
  'beside',
  'ownShare',
  'characters',
  'textCharacters',
  'shares',
  'batch',
  'context',
  'schedule',
  'warmupSteps',
  'finalRate',
  'checkpoints',
  'seed',
  'teacher'
]

/** A run of a preset, which reads what another one reads, and as that one does. */
export function withPreset(chosen: TrainingChoices, { shape }: Preset, usual: TrainingChoices): TrainingChoices {
  const kept = Object.fromEntries(rest.flatMap((key) => (key in chosen ? [[key, chosen[key]]] : [])))
  return { ...usual, ...shape, ...kept }
}

/** The preset that a run is of, whatever it reads; undefined for another shape. */
export function presetOf(chosen: TrainingChoices, usual: TrainingChoices): Preset | undefined {
  const { lock: _lock, ...shape } = { lock: undefined, ...chosen }
  const written = (value: TrainingChoices) => JSON.stringify(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
  return presets.find((preset) => written(withPreset(chosen, preset, usual)) === written(shape))
}
