import { weightFormats } from '@core/arch/weight-formats'
import type { ArchitectureChoices } from '../state/architecture-choices'
import { Choice } from '../ui/Choice'
import { Range } from '../ui/Range'
import styles from './Architectures.module.css'
import { useDeviceOptions } from './devices'
import { useArchitectures } from './use-architectures'

/** In what precision, how long, how many at once, and on what: what memory and speed depend on. */
export function Situation() {
  const [{ format, context, batch, device }, choose] = useArchitectures()
  return (
    <section className={styles.bar} aria-label="Where and how it runs">
      <Choice
        label="Device"
        value={device}
        options={useDeviceOptions()}
        onChange={(chosen) => choose({ device: chosen })}
      />
      <Choice<ArchitectureChoices['format']>
        label="Precision of the weights"
        value={format}
        options={Object.values(weightFormats).map(({ id, name }) => ({
          value: id,
          label: id,
          hint: name.split(/[,;:]/)[0] ?? ''
        }))}
        onChange={(chosen) => choose({ format: chosen })}
      />
      <Range
        label="Context"
        value={Math.log2(context)}
        min={7}
        max={20}
        step={1}
        write={() => `${context.toLocaleString('en')} tokens`}
        onChange={(power) => choose({ context: 2 ** Math.round(power) })}
      />
      <Range
        label="Batch"
        value={Math.log2(batch)}
        min={0}
        max={12}
        step={1}
        write={() => `${batch.toLocaleString('en')} ${batch === 1 ? 'sequence' : 'sequences'}`}
        onChange={(power) => choose({ batch: 2 ** Math.round(power) })}
      />
    </section>
  )
}
