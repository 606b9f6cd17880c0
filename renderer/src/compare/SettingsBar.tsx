import { useApp, useAppState } from '../state/app'
import { Choice } from '../ui/Choice'
import { CommandButton } from '../ui/CommandButton'
import { NumberInput } from '../ui/NumberInput'
import { Range } from '../ui/Range'
import { Segments } from '../ui/Segments'
import { limits, type Pair, paces, pairModels } from './choices'
import styles from './SettingsBar.module.css'

/** Which two models, and how they write. */
export function SettingsBar() {
  const { choose } = useApp()
  const { pair, seed, temperature, topP, tokens, pace } = useAppState(({ choices }) => choices)
  const missing = useAppState(
    ({ library }) => library && !library.models.some(({ id }) => id === pairModels['equal-total'].left)
  )
  return (
    <div className={styles.bar}>
      <Segments
        label="Pair of models"
        value={pair}
        options={[
          { value: 'equal-active', label: 'Equal active' },
          { value: 'equal-total', label: 'Equal total', disabled: missing ?? false },
          { value: 'free', label: 'Free choice' }
        ]}
        onChange={(chosen: Pair) => choose({ pair: chosen, ...(chosen === 'free' ? {} : pairModels[chosen]) })}
      />
      <span className={styles.seed}>
        <NumberInput
          label="Seed"
          value={seed}
          min={0}
          max={limits.seed}
          onChange={(chosen) => choose({ seed: chosen })}
        />
        <CommandButton id="new-seed" look="quiet">
          Next
        </CommandButton>
      </span>
      <Range
        label="Temperature"
        value={temperature}
        min={0}
        max={limits.temperature}
        step={0.05}
        write={(value) => value.toFixed(2)}
        onChange={(chosen) => choose({ temperature: chosen })}
      />
      <Range
        label="Top-p"
        value={topP}
        min={0.05}
        max={1}
        step={0.05}
        write={(value) => value.toFixed(2)}
        onChange={(chosen) => choose({ topP: chosen })}
      />
      <NumberInput
        label="Length"
        value={tokens}
        min={1}
        max={limits.tokens}
        onChange={(chosen) => choose({ tokens: chosen })}
      />
      <span className={styles.pace}>
        <span aria-hidden="true">Pace</span>
        <Choice
          label="Pace"
          value={pace}
          options={(paces.includes(pace as (typeof paces)[number]) ? [...paces] : [pace, ...paces]).map((value) => ({
            value,
            label: value === 0 ? 'as fast as it computes' : `${value} tokens/s`
          }))}
          onChange={(chosen) => choose({ pace: chosen })}
        />
      </span>
    </div>
  )
}
