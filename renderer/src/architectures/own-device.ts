import { assumedEfficiency, type Device } from '@core/bench/predicted'
import { type OwnDevice, ownDeviceId } from './choices'

/** A described device in the units that predictions compute in, with the usual shares of its limits. */
export function deviceOf(own: OwnDevice): Device {
  const { name, bandwidth, teraflops, memory, watts, devices, link } = own
  return {
    id: ownDeviceId,
    name: devices > 1 ? `${devices} x ${name}` : name,
    kind: 'described here',
    memoryBandwidth: bandwidth * 1e9,
    memoryBytes: memory * 2 ** 30,
    compute: { bf16: teraflops * 1e12 },
    devices,
    interconnect: devices > 1 ? { name: 'link', bandwidth: link * 1e9 } : null,
    watts: watts > 0 ? watts : null,
    efficiency: assumedEfficiency,
    source: 'typed in here, not verified'
  }
}

/** A preset as a description, to be changed from there; what it does not tell is taken from a usual device. */
export function describedAs(device: Device | undefined): OwnDevice {
  const { bf16, fp32, fp8 } = device?.compute ?? {}
  return {
    name: 'My device',
    bandwidth: rounded((device?.memoryBandwidth ?? 1000e9) / 1e9),
    teraflops: rounded((bf16 ?? fp32 ?? fp8 ?? 100e12) / 1e12),
    memory: rounded((device?.memoryBytes ?? 24 * 2 ** 30) / 2 ** 30),
    watts: device?.watts ?? 0,
    devices: device?.devices ?? 1,
    link: rounded((device?.interconnect?.bandwidth ?? 50e9) / 1e9)
  }
}

/** To four digits and above nothing, as the fields have it. */
function rounded(value: number): number {
  return Math.max(0.001, Number(value.toPrecision(4)))
}
