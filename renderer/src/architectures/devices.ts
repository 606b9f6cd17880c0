import { type Device, devices, findDevice, probedDevice } from '@core/bench/predicted'
import { useAppState } from '../state/app'
import { ownDeviceId } from './choices'
import { deviceOfMachine } from './machine-device'
import { deviceOf } from './own-device'

/** Id of the machine that the app runs on, among those of devices. */
export const thisMachineId = 'this-machine'

/** Bytes of memory as the browser tells them, which rounds and ends at some gigabytes; undefined where it does not. */
export function browserMemory(): number | undefined {
  const { deviceMemory } = navigator as { readonly deviceMemory?: number }
  return deviceMemory === undefined ? undefined : deviceMemory * 2 ** 30
}

/** The device of an id; undefined for this machine before it is measured, and for an id that means nothing. */
export function useDevice(id: string): Device | undefined {
  const machine = useAppState((state) => state.machine)
  const own = useAppState(({ choices }) => choices.architectures.ownDevice)
  if (id === ownDeviceId) return own ? deviceOf(own) : undefined
  if (id !== thisMachineId) return findDevice(id)
  // Experts of real models are so large that this app would branch to them.
  return machine && deviceOfMachine(machine, machine.stepCost.branchedLayerMs, browserMemory())
}

/** The device of an id for its memory alone, which is known of this machine before anything is measured. */
export function useMemoryOf(id: string): Device | undefined {
  const memoryBytes = browserMemory()
  const device = useDevice(id)
  if (device || id !== thisMachineId || memoryBytes === undefined) return device
  return probedDevice({ gflops: 0, readGigabytesPerSecond: 0, memoryBytes })
}

/** Devices on offer. */
export function useDeviceOptions(): { readonly value: string; readonly label: string; readonly hint: string }[] {
  const measured = useAppState((state) => state.machine !== undefined)
  const own = useAppState(({ choices }) => choices.architectures.ownDevice)
  return [
    { value: ownDeviceId, label: own ? own.name : 'another device …', hint: 'described by you' },
    { value: thisMachineId, label: 'this machine', hint: measured ? 'as this app computes on it' : 'not measured yet' },
    ...devices.map(({ id, name, kind }) => ({ value: id, label: name, hint: kind }))
  ]
}
