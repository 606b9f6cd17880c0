import { assumedEfficiency, type Device, type Interconnect } from './device'

const giga = 1e9
const tera = 1e12
/** Memory of devices is sold in binary gigabytes. */
const gibi = 2 ** 30

/** NVLink figures of data sheets count both directions; InfiniBand's count one. */
const nvlink3: Interconnect = { name: 'NVLink 3', bandwidth: 300 * giga }
const nvlink4: Interconnect = { name: 'NVLink 4', bandwidth: 450 * giga }
const nvlink5: Interconnect = { name: 'NVLink 5', bandwidth: 900 * giga }
const infinityFabric: Interconnect = { name: 'Infinity Fabric', bandwidth: 448 * giga }
const infiniBand: Interconnect = { name: 'InfiniBand NDR', bandwidth: 50 * giga }

const a100 = single({
  id: 'a100-80gb',
  name: 'A100 SXM 80 GB',
  kind: 'data centre',
  gigabytesPerSecond: 2039,
  gigabytes: 80,
  teraflops: { fp32: 19.5, bf16: 312 },
  watts: 400,
  source: 'NVIDIA A100 Tensor Core GPU datasheet'
})
const h100 = single({
  id: 'h100-sxm',
  name: 'H100 SXM',
  kind: 'data centre',
  gigabytesPerSecond: 3350,
  gigabytes: 80,
  teraflops: { fp32: 67, bf16: 989.5, fp8: 1979 },
  watts: 700,
  source: 'NVIDIA H100 Tensor Core GPU datasheet: half of the figures with sparsity'
})
const h200 = single({
  id: 'h200-sxm',
  name: 'H200 SXM',
  kind: 'data centre',
  gigabytesPerSecond: 4800,
  gigabytes: 141,
  teraflops: { fp32: 67, bf16: 989.5, fp8: 1979 },
  watts: 700,
  source: 'NVIDIA H200 Tensor Core GPU datasheet: half of the figures with sparsity'
})
const b200 = single({
  id: 'b200',
  name: 'B200',
  kind: 'data centre',
  gigabytesPerSecond: 8000,
  gigabytes: 180,
  teraflops: { bf16: 2250, fp8: 4500 },
  watts: 1000,
  source: 'NVIDIA DGX B200 datasheet: an eighth of 1,440 GB, 64 TB/s and 72 PFLOP/s in fp8 with sparsity'
})
const mi300x = single({
  id: 'mi300x',
  name: 'Instinct MI300X',
  kind: 'data centre',
  gigabytesPerSecond: 5300,
  gigabytes: 192,
  teraflops: { bf16: 1307.4, fp8: 2614.9 },
  watts: 750,
  source: 'AMD Instinct MI300X data sheet'
})

/**
 * Devices by the figures of their makers' data sheets; `source` says which are derived from them. Laptops whose
 * processor and GPU share the memory have the largest that they are sold with.
 */
export const devices: readonly Device[] = [
  single({
    id: 'macbook-m1',
    name: 'MacBook with M1',
    kind: 'laptop',
    gigabytesPerSecond: 68.25,
    gigabytes: 16,
    teraflops: { fp32: 2.6 },
    sharedMemory: true,
    source: 'Apple, M1 introduction: 2.6 TFLOP/s of the GPU; memory LPDDR4X-4266, 128 bits wide'
  }),
  single({
    id: 'macbook-m2',
    name: 'MacBook with M2',
    kind: 'laptop',
    gigabytesPerSecond: 100,
    gigabytes: 24,
    teraflops: { fp32: 3.6 },
    sharedMemory: true,
    source: 'Apple, M2 introduction: 3.6 TFLOP/s of the GPU, 100 GB/s'
  }),
  single({
    id: 'macbook-m1-max',
    name: 'MacBook Pro with M1 Max',
    kind: 'laptop',
    gigabytesPerSecond: 400,
    gigabytes: 64,
    teraflops: { fp32: 10.4 },
    sharedMemory: true,
    source: 'Apple, M1 Pro and M1 Max introduction: 10.4 TFLOP/s of the GPU, 400 GB/s'
  }),
  single({
    id: 'core-ultra-258v',
    name: 'thin laptop with Core Ultra 7 258V',
    kind: 'laptop',
    gigabytesPerSecond: 136.5,
    gigabytes: 32,
    teraflops: { bf16: 32 },
    sharedMemory: true,
    source: 'Intel, Core Ultra 7 258V specifications: LPDDR5X-8533, 128 bits wide; half of the 64 int8 TOPS of its GPU'
  }),
  single({
    id: 'ryzen-ai-max-395',
    name: 'laptop with Ryzen AI Max+ 395',
    kind: 'laptop',
    gigabytesPerSecond: 256,
    gigabytes: 128,
    teraflops: { bf16: 59.4 },
    sharedMemory: true,
    source:
      'AMD, Ryzen AI Max+ 395 specifications: LPDDR5X-8000, 256 bits wide; 40 compute units at 2.9 GHz, 512 FLOPs each'
  }),
  single({
    id: 'rtx-4070-laptop',
    name: 'gaming laptop with RTX 4070',
    kind: 'laptop',
    gigabytesPerSecond: 256,
    gigabytes: 8,
    teraflops: { bf16: 40 },
    watts: 115,
    source:
      'NVIDIA, GeForce RTX 40 laptop specifications: GDDR6 at 16 Gbit/s, 128 bits wide; 4608 cores at up to 2.175 ' +
      'GHz, 4 FLOPs each in tensor cores with fp32 sums; less at lower power limits'
  }),
  single({
    id: 'rtx-3090',
    name: 'RTX 3090',
    kind: 'desktop',
    gigabytesPerSecond: 936,
    gigabytes: 24,
    teraflops: { fp32: 35.6, bf16: 71 },
    watts: 350,
    source: 'NVIDIA Ampere GA102 whitepaper, appendix A: with fp32 sums, without sparsity'
  }),
  single({
    id: 'rtx-4090',
    name: 'RTX 4090',
    kind: 'desktop',
    gigabytesPerSecond: 1008,
    gigabytes: 24,
    teraflops: { fp32: 82.6, bf16: 165.2, fp8: 330.3 },
    watts: 450,
    source: 'NVIDIA Ada architecture whitepaper, appendix A: with fp32 sums, without sparsity'
  }),
  single({
    id: 'rtx-5090',
    name: 'RTX 5090',
    kind: 'desktop',
    gigabytesPerSecond: 1792,
    gigabytes: 32,
    teraflops: { fp32: 104.8, bf16: 209.5, fp8: 419 },
    watts: 575,
    source: 'NVIDIA RTX Blackwell architecture whitepaper, appendix A: with fp32 sums, without sparsity'
  }),
  a100,
  h100,
  h200,
  b200,
  mi300x,
  several(a100, 8, nvlink3, 'NVIDIA DGX A100 datasheet: NVLink 600 GB/s, both directions'),
  several(h100, 8, nvlink4, 'NVIDIA DGX H100 datasheet: NVLink 900 GB/s, both directions'),
  several(h200, 8, nvlink4, 'NVIDIA DGX H200 datasheet: NVLink 900 GB/s, both directions'),
  several(b200, 8, nvlink5, 'NVIDIA DGX B200 datasheet: NVLink 1.8 TB/s, both directions'),
  several(mi300x, 8, infinityFabric, 'AMD Instinct MI300X platform: 7 links of 128 GB/s, both directions'),
  several(h100, 32, infiniBand, 'NVIDIA DGX H100 datasheet: a ConnectX-7 of 400 Gbit/s for each GPU, for all traffic')
]

/** The device of an id; undefined when there is none. */
export function findDevice(id: string): Device | undefined {
  return devices.find((device) => device.id === id)
}

/** A device in the units of data sheets. */
interface DataSheet extends Pick<Device, 'id' | 'name' | 'kind' | 'source'> {
  readonly gigabytesPerSecond: number
  readonly gigabytes: number
  readonly teraflops: Device['compute']
  readonly watts?: number
  /** Processor and GPU share the memory, so that more of it is taken by other programs. */
  readonly sharedMemory?: boolean
}

function single({ id, name, kind, source, ...sheet }: DataSheet): Device {
  const compute = Object.fromEntries(Object.entries(sheet.teraflops).map(([key, value]) => [key, value * tera]))
  return {
    id,
    name,
    kind,
    memoryBandwidth: sheet.gigabytesPerSecond * giga,
    memoryBytes: sheet.gigabytes * gibi,
    compute,
    devices: 1,
    interconnect: null,
    watts: sheet.watts ?? null,
    efficiency: sheet.sharedMemory ? { ...assumedEfficiency, capacity: 0.75 } : assumedEfficiency,
    source
  }
}

/** Several of a device with the experts of a model divided among them: `h100-sxm-x8`. */
function several(device: Device, count: number, interconnect: Interconnect, source: string): Device {
  return {
    ...device,
    id: `${device.id}-x${count}`,
    name: `${count} x ${device.name}, ${interconnect.name}`,
    devices: count,
    interconnect,
    source: `${device.source}; ${source}`
  }
}
