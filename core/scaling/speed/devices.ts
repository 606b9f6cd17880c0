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
const infiniBandNdr: Interconnect = { name: 'InfiniBand NDR, 400 Gbit/s for each GPU', bandwidth: 50 * giga }

const a100 = gpu('a100-80gb', 'A100 SXM 80 GB', 2039, 80, { fp32: 19.5 * tera, bf16: 312 * tera }, 400, {
  source: 'NVIDIA A100 Tensor Core GPU datasheet'
})
const h100 = gpu('h100-sxm', 'H100 SXM', 3350, 80, { fp32: 67 * tera, bf16: 989.5 * tera, fp8: 1979 * tera }, 700, {
  source: 'NVIDIA H100 Tensor Core GPU datasheet: half of the figures with sparsity'
})
const h200 = gpu('h200-sxm', 'H200 SXM', 4800, 141, h100.compute, 700, {
  source: 'NVIDIA H200 Tensor Core GPU datasheet: half of the figures with sparsity'
})
const b200 = gpu('b200', 'B200', 8000, 180, { bf16: 2250 * tera, fp8: 4500 * tera }, 1000, {
  source: 'NVIDIA DGX B200 datasheet: an eighth of 1,440 GB, 64 TB/s and 72 PFLOP/s in FP8 with sparsity'
})
const mi300x = gpu('mi300x', 'Instinct MI300X', 5300, 192, { bf16: 1307.4 * tera, fp8: 2614.9 * tera }, 750, {
  source: 'AMD Instinct MI300X data sheet'
})

/** Devices whose figures stand in their makers' data sheets; `source` says which are derived from them. */
export const devices: readonly Device[] = [
  laptop('macbook-m1', 'MacBook with M1', 68.25, 16, 2.6, {
    source: 'Apple, M1 introduction: 2.6 TFLOP/s of the GPU; memory LPDDR4X-4266, 128 bits wide'
  }),
  laptop('macbook-m2', 'MacBook with M2', 100, 24, 3.6, {
    source: 'Apple, M2 introduction: 3.6 TFLOP/s of the GPU, 100 GB/s'
  }),
  laptop('macbook-m1-max', 'MacBook Pro with M1 Max', 400, 64, 10.4, {
    source: 'Apple, M1 Pro and M1 Max introduction: 10.4 TFLOP/s of the GPU, 400 GB/s'
  }),
  laptop('core-ultra-258v', 'thin laptop with Core Ultra 7 258V', 136.5, 32, 32, {
    source:
      'Intel, Core Ultra 7 258V specifications: LPDDR5X-8533, 128 bits wide; half of the 64 TOPS of its GPU in int8',
    precision: 'bf16'
  }),
  laptop('ryzen-ai-max-395', 'laptop with Ryzen AI Max+ 395', 256, 128, 59.4, {
    source:
      'AMD, Ryzen AI Max+ 395 specifications: LPDDR5X-8000, 256 bits wide; 40 compute units at 2.9 GHz, 512 FLOPs each',
    precision: 'bf16'
  }),
  {
    ...gpu('rtx-4070-laptop', 'gaming laptop with RTX 4070', 256, 8, { bf16: 40 * tera }, 115, {
      source:
        'NVIDIA, GeForce RTX 40 laptop specifications: GDDR6 at 16 Gbit/s, 128 bits wide; 4608 cores at up to 2.175 GHz, ' +
        '4 FLOPs each in tensor cores with fp32 sums; less at lower power limits'
    }),
    kind: 'laptop'
  },
  desktop('rtx-3090', 'RTX 3090', 936, 24, { fp32: 35.6 * tera, bf16: 71 * tera }, 350, {
    source: 'NVIDIA Ampere GA102 whitepaper, appendix A: with fp32 sums, without sparsity'
  }),
  desktop('rtx-4090', 'RTX 4090', 1008, 24, { fp32: 82.6 * tera, bf16: 165.2 * tera, fp8: 330.3 * tera }, 450, {
    source: 'NVIDIA Ada architecture whitepaper, appendix A: with fp32 sums, without sparsity'
  }),
  desktop('rtx-5090', 'RTX 5090', 1792, 32, { fp32: 104.8 * tera, bf16: 209.5 * tera, fp8: 419 * tera }, 575, {
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
  several(
    h100,
    32,
    infiniBandNdr,
    'NVIDIA DGX H100 datasheet: a ConnectX-7 of 400 Gbit/s for each GPU, taken for all traffic'
  )
]

/** The device of an id; undefined when there is none. */
export function findDevice(id: string): Device | undefined {
  return devices.find((device) => device.id === id)
}

interface Origin {
  readonly source: string
}

function gpu(
  id: string,
  name: string,
  gigabytesPerSecond: number,
  gigabytes: number,
  compute: Device['compute'],
  watts: number,
  { source }: Origin
): Device {
  return {
    id,
    name,
    kind: 'data centre',
    memoryBandwidth: gigabytesPerSecond * giga,
    memoryBytes: gigabytes * gibi,
    compute,
    devices: 1,
    interconnect: null,
    watts,
    efficiency: assumedEfficiency,
    source
  }
}

function desktop(...of: Parameters<typeof gpu>): Device {
  return { ...gpu(...of), kind: 'desktop' }
}

/** A laptop whose processor and GPU share their memory, here the largest that it is sold with. */
function laptop(
  id: string,
  name: string,
  gigabytesPerSecond: number,
  gigabytes: number,
  teraflops: number,
  { source, precision = 'fp32' }: Origin & { readonly precision?: 'fp32' | 'bf16' }
): Device {
  const device = gpu(id, name, gigabytesPerSecond, gigabytes, { [precision]: teraflops * tera }, 0, { source })
  return { ...device, kind: 'laptop', watts: null, efficiency: { ...assumedEfficiency, capacity: 0.75 } }
}

function several(device: Device, count: number, interconnect: Interconnect, source: string): Device {
  const joined = interconnect === infiniBandNdr ? 'infiniband' : 'linked'
  return {
    ...device,
    id: `${device.id}-x${count}-${joined}`,
    name: `${count} x ${device.name}, ${interconnect.name}`,
    devices: count,
    interconnect,
    source: `${device.source}; ${source}`
  }
}
