import { Slider } from '@base-ui/react/slider'
import styles from './Range.module.css'

export interface RangeProps {
  readonly label: string
  readonly value: number
  readonly min: number
  readonly max: number
  readonly step: number
  readonly write: (value: number) => string
  readonly onChange: (value: number) => void
}

/** A number on a slider, with its value beside it. */
export function Range({ label, value, min, max, step, write, onChange }: RangeProps) {
  return (
    <Slider.Root
      className={styles.range}
      value={value}
      min={min}
      max={max}
      step={step}
      onValueChange={(changed) => onChange(Number(changed.toFixed(2)))}
    >
      <Slider.Label className={styles.label}>{label}</Slider.Label>
      <Slider.Control className={styles.control}>
        <Slider.Track className={styles.track}>
          <Slider.Indicator className={styles.indicator} />
          <Slider.Thumb className={styles.thumb} aria-label={label} />
        </Slider.Track>
      </Slider.Control>
      <output className={styles.value}>{write(value)}</output>
    </Slider.Root>
  )
}
