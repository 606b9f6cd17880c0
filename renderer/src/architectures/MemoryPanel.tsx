import { storedBytes } from '@core/arch/count/bytes'
import { weightFormats } from '@core/arch/count/weight-formats'
import type { WeightFormatId } from '@core/arch/describe/weight-format'
import { type Device, describeWorkload, type MemoryNeed, memoryNeed } from '@core/bench/predicted'
import { Bars } from '../charts/Bars'
import { formatExact } from '../charts/format'
import { formatMemory } from '../charts/format-large'
import { ChartPanel } from '../ui/ChartPanel'
import { thisMachineId, useMemoryOf } from './devices'
import { againstOriginal } from './difference'
import type { Subject } from './subjects'
import { useArchitectures } from './use-architectures'

/** Bytes of the weights in every precision, against the device's memory. */
export function MemoryPanel({ original, shown }: { original: Subject; shown: Subject }) {
  const [{ format, context, batch, device: deviceId }] = useArchitectures()
  const needOf = ({ description }: Subject, device: Device) =>
    memoryNeed(describeWorkload(description, { format, context, batch }), device)
  const sizes = (Object.keys(weightFormats) as WeightFormatId[]).map((id) => ({
    id,
    bytes: storedBytes(shown.description, id)
  }))
  const device = useMemoryOf(deviceId)
  const need = device && needOf(shown, device)
  const usable = device && need && need.available !== null ? need.available * device.devices : undefined
  return (
    <ChartPanel
      title="Does it fit?"
      fileName={`${original.id}-memory`}
      table={() => ({ columns: ['precision', 'bytes'], rows: sizes.map(({ id, bytes }) => [id, bytes]) })}
      legend={deviceId === thisMachineId ? 'weights counted; memory as the browser rounds it' : 'weights, counted'}
      answer={
        need && device
          ? answerOf(need, device, againstOriginal(need.needed, needOf(original, device).needed))
          : 'How much memory there is, is not known.'
      }
    >
      {(frame) => (
        <Bars
          {...frame}
          rows={sizes.map(({ id, bytes }) => ({
            name: id,
            value: bytes,
            title: `${weightFormats[id].name}: ${formatExact(bytes)} bytes. ${weightFormats[id].source}`,
            colour: id === format ? 'var(--ink)' : 'var(--mute)',
            strong: id === format
          }))}
          most={Math.max(usable ?? 0, ...sizes.map(({ bytes }) => bytes))}
          quantity="bytes of the weights"
          reference={usable}
          referenceName="usable"
          format={formatMemory}
          nameRoom={52}
          valueRoom={80}
        />
      )}
    </ChartPanel>
  )
}

/** Share of a device's memory that a model can have; system and program take the rest. */
function answerOf({ needed, available }: MemoryNeed, { name, devices }: Device, difference: string): string {
  const each = devices > 1 ? ` on each of ${devices} devices` : ''
  const takes = `Weights and caches take ${formatMemory(needed)}${each}${difference}`
  if (available === null) return `${takes}. How much memory ${name} has is not known.`
  return needed <= available
    ? `${takes}: they fit into the ${formatMemory(available)} that a model can have there.`
    : `${takes}: ${(needed / available).toPrecision(2)} times the ${formatMemory(available)} that a model can have there.`
}
