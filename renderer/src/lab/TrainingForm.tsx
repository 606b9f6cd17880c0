import { formatCount } from '../charts/format'
import { limits } from '../compare/choices'
import { useApp, useAppState } from '../state/app'
import { Choice } from '../ui/Choice'
import { NumberInput } from '../ui/NumberInput'
import { Segments } from '../ui/Segments'
import {
  type TrainingChoices,
  trainingCharacters,
  trainingCheckpoints,
  trainingExperts,
  trainingWidths
} from './choices'
import { RouterFields } from './RouterFields'
import styles from './TrainView.module.css'

/** The architecture and the length of a training. */
export function TrainingForm() {
  const { store, choose } = useApp()
  const training = useAppState(({ choices }) => choices.training)
  const change = (changes: Partial<TrainingChoices>) =>
    choose({ training: { ...store.getState().choices.training, ...changes } })
  return (
    <div className={styles.form}>
      <Segments
        label="Kind"
        value={training.kind}
        options={[
          { value: 'dense', label: 'Dense' },
          { value: 'moe', label: 'MoE' }
        ]}
        onChange={(kind) => change({ kind })}
      />
      <Numbers label="Width" value={training.width} options={trainingWidths} onChange={(width) => change({ width })} />
      <Numbers
        label="Layers"
        value={training.layers}
        options={[1, 2, 3, 4]}
        onChange={(layers) => change({ layers })}
      />
      {training.kind === 'moe' && (
        <>
          <Numbers
            label="Experts"
            value={training.experts}
            options={trainingExperts}
            onChange={(experts) => change({ experts, topK: Math.min(training.topK, experts) })}
          />
          <Numbers
            label="Top-k"
            value={training.topK}
            options={[1, 2, 4, 8].filter((topK) => topK <= training.experts)}
            onChange={(topK) => change({ topK })}
          />
          <RouterFields />
          <div className={styles.field}>
            <span aria-hidden="true">Load-balancing loss</span>
            <Segments
              label="Load-balancing loss"
              value={training.balanceLoss > 0 ? 'on' : 'off'}
              options={[
                { value: 'on', label: 'on' },
                { value: 'off', label: 'off' }
              ]}
              onChange={(balance) => change({ balanceLoss: balance === 'on' ? 0.01 : 0 })}
            />
          </div>
        </>
      )}
      <Numbers
        label="Training characters"
        value={training.characters}
        options={trainingCharacters}
        write={formatCount}
        onChange={(characters) => change({ characters })}
      />
      {training.kind === 'moe' && (
        <Numbers
          label="Checkpoints"
          value={training.checkpoints}
          options={trainingCheckpoints}
          write={(checkpoints) => (checkpoints === 0 ? 'none' : String(checkpoints))}
          onChange={(checkpoints) => change({ checkpoints })}
        />
      )}
      <div className={`${styles.field} ${styles.seed}`}>
        <NumberInput
          label="Seed"
          value={training.seed}
          min={0}
          max={limits.seed}
          onChange={(seed) => change({ seed })}
        />
      </div>
    </div>
  )
}

interface NumbersProps {
  readonly label: string
  readonly value: number
  readonly options: readonly number[]
  readonly write?: (value: number) => string
  readonly onChange: (value: number) => void
}

/** One of some usual numbers; another one that came with a link stays among them. */
function Numbers({ label, value, options, write = String, onChange }: NumbersProps) {
  const all = options.includes(value) ? options : [...options, value].sort((a, b) => a - b)
  return (
    <div className={styles.field}>
      <span aria-hidden="true">{label}</span>
      <Choice
        label={label}
        value={value}
        options={all.map((option) => ({ value: option, label: write(option) }))}
        onChange={onChange}
      />
    </div>
  )
}
