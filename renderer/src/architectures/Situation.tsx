import { weightFormats } from '@core/arch/count/weight-formats'
import { type Device, findDevice } from '@core/bench/predicted'
import { formatBytes, formatLarge, formatMemory } from '../charts/format-large'
import { Choice } from '../ui/Choice'
import { Range } from '../ui/Range'
import styles from './Architectures.module.css'
import { type ArchitectureChoices, ownDeviceId } from './choices'
import { useDevice, useDeviceOptions } from './devices'
import { OwnDeviceForm } from './OwnDeviceForm'
import { describedAs } from './own-device'
import { useArchitectures } from './use-architectures'

/** In what precision, how long, how many at once, and on what: what memory and speed depend on. */
export function Situation() {
  const [{ format, context, batch, device, ownDevice }, choose] = useArchitectures()
  const shown = useDevice(device)
  return (
    <section className={styles.bar} aria-label="Where and how it runs">
      <Choice
        label="Device"
        value={device}
        options={useDeviceOptions()}
        onChange={(chosen) =>
          // One's own begins as the device that was chosen, so that a figure or two are changed and not all typed.
          choose({
            device: chosen,
            ...(chosen === ownDeviceId && !ownDevice && { ownDevice: describedAs(findDevice(device)) })
          })
        }
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
      {device === ownDeviceId && ownDevice && (
        <OwnDeviceForm own={ownDevice} onChange={(changed) => choose({ ownDevice: changed })} />
      )}
      {shown && shown.kind !== 'this machine' && (
        <p className={styles.source}>
          {shown.name}: {deviceWords(shown)} ({shown.source}).{' '}
          {device !== ownDeviceId && 'Figures of data sheets, not verified here.'}
        </p>
      )}
    </section>
  )
}

/** A device in the units of its data sheet. */
function deviceWords({ memoryBandwidth, compute, memoryBytes, watts, interconnect }: Device): string {
  const flops = Object.entries(compute).map(
    ([precision, value]) => `${formatLarge(value / 1e12)}\u00a0TFLOP/s ${precision}`
  )
  return [
    `${formatBytes(memoryBandwidth)}/s`,
    ...flops,
    memoryBytes !== null && formatMemory(memoryBytes),
    watts !== null && `${watts}\u00a0W`,
    interconnect && `${formatBytes(interconnect.bandwidth)}/s ${interconnect.name}`
  ]
    .filter(Boolean)
    .join(', ')
}
