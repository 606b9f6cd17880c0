/** The format of the weights by a config.json, from the keys of every quantiser that writes one. */

import type { Component } from './component'
import { isObject, type Keys, wordOf } from './config-keys'
import type { WeightFormatId } from './weight-format'

/** Matrices that are stored alike. */
export interface QuantisedPart {
  readonly components: readonly Component[]
  readonly bits: number
  /** Rows and inputs that share a scale; null for all of the matrix. */
  readonly block: readonly [rows: number | null, inputs: number | null]
  /** Bytes of a block's scale, with its zero where there is one. */
  readonly scaleBytes: number
}

/** A quantised checkpoint: what no part names is in 16 bits. */
export interface Quantisation {
  /** The method, its bits and groups, in words. */
  readonly name: string
  readonly parts: readonly QuantisedPart[]
}

/** The format of the published weights. */
export interface ShippedFormat {
  readonly shippedFormat: ShippedFormatId
  /** Null where the file names no quantiser that is known. */
  readonly quantisation: Quantisation | null
  readonly notes: readonly string[]
}

export type ShippedFormatId = WeightFormatId | 'nf4' | 'fp4' | 'nvfp4' | `int${1 | 2 | 3 | 5 | 6}`

/** Matrices that quantisers treat, in the layers. */
const inLayers: readonly Component[] = [
  'attention',
  'indexer',
  'linearAttention',
  'dense',
  'experts',
  'shared',
  'other'
]

/** The numbers that a matrix is made of, and how its scales lie. */
interface Scheme extends Omit<QuantisedPart, 'components'> {
  readonly id: ShippedFormatId
}

const integers = (bits: number, group: number | null, scaleBytes = 2): Scheme => ({
  id: integerId(bits),
  bits,
  block: [1, group],
  scaleBytes
})

const fp8 = (block: Scheme['block']): Scheme => ({ id: 'fp8', bits: 8, block, scaleBytes: 4 })
const mxfp4: Scheme = { id: 'mxfp4', bits: 4, block: [1, 32], scaleBytes: 1 }
const nvfp4: Scheme = { id: 'nvfp4', bits: 4, block: [1, 16], scaleBytes: 1 }

function integerId(bits: number): ShippedFormatId {
  return ([1, 2, 3, 4, 5, 6, 8] as const).find((each) => each === bits) === undefined
    ? 'int8'
    : (`int${bits}` as ShippedFormatId)
}

/**
 * The shipped format by `quantization_config` (or MLX's `quantization`), which is outside in models of several
 * modalities or beside the language model's keys, else by the type of the weights.
 */
export function shippedFormatOf(file: Keys, keys: Keys): ShippedFormat {
  const found = [file, keys].flatMap(({ quantization_config: config, quantization, compression_config }) =>
    [config, compression_config, quantization].filter(isObject)
  )[0]
  const type = keys.dtype ?? keys.torch_dtype ?? file.dtype ?? file.torch_dtype
  if (!found || Object.keys(found).length === 0) {
    return { shippedFormat: type === 'float32' ? 'fp32' : 'bf16', quantisation: null, notes: [] }
  }
  const method = methodOf(found)
  const scheme = schemeOf(method, found)
  if (!scheme) {
    const note = `the format of the shipped weights is not known (quant_method ${method || 'is not in the file'}): their bytes are those of 16 bits`
    return { shippedFormat: 'bf16', quantisation: null, notes: [note] }
  }
  const kept = keptIn(method, found)
  const treated = method === 'mlx' ? [...inLayers, 'embedding' as const, 'output' as const] : inLayers
  const components = treated.filter((each) => !kept.includes(each))
  const fp4Experts = keys.expert_dtype === 'fp4' && scheme.id === 'fp8'
  const parts: QuantisedPart[] = fp4Experts
    ? [
        { ...partOf(mxfp4), components: ['experts'] },
        { ...partOf(scheme), components: components.filter((each) => each !== 'experts') }
      ]
    : (groupParts(method, found, components) ?? [{ ...partOf(scheme), components }])
  return {
    shippedFormat: scheme.id,
    quantisation: { name: wordsOf(method, scheme, fp4Experts), parts },
    notes: assumptionsOf(method, found)
  }
}

/** Caveats of a format whose file says more, or less, than a part for each component can. */
function assumptionsOf(method: string, config: Keys): string[] {
  const own = Object.values(config).some((each) => isObject(each) && typeof each.bits === 'number')
  const oneByOne = exceptionsIn(config).some((name) => /\.\d+\./.test(name))
  return [
    ...(method === 'compressed-tensors' && !isObject(config.config_groups)
      ? ['compressed-tensors without its config_groups: every matrix of the layers is taken to be quantised']
      : []),
    ...(own || isObject(config.dynamic)
      ? ['the file gives some matrices bits of their own: their bytes are taken to be those of the others']
      : []),
    ...(oneByOne
      ? ['the file names layers whose matrices stay in 16 bits: the same matrices of all layers are taken to']
      : [])
  ]
}

/** The parts of compressed-tensors' groups where there are several, by the modules that each targets. */
function groupParts(method: string, config: Keys, components: readonly Component[]): QuantisedPart[] | undefined {
  const groups = isObject(config.config_groups) ? Object.values(config.config_groups).filter(isObject) : []
  if (method !== 'compressed-tensors' || groups.length < 2) return undefined
  const left = new Set(components)
  const parts: QuantisedPart[] = []
  const inOrder = groups.filter((each) => !isForAll(each)).concat(groups.filter(isForAll))
  for (const group of inOrder) {
    const scheme = compressedTensors({ ...config, config_groups: { group } })
    const targets = isForAll(group) ? [...left] : componentsOf(namesIn(group.targets)).filter((each) => left.has(each))
    for (const each of targets) left.delete(each)
    if (scheme && targets.length > 0) parts.push({ ...partOf(scheme), components: targets })
  }
  return parts
}

function isForAll({ targets }: Keys): boolean {
  return !Array.isArray(targets) || targets.includes('Linear')
}

const partOf = ({ bits, block, scaleBytes }: Scheme) => ({ bits, block, scaleBytes })

function wordsOf(method: string, { id, block }: Scheme, fp4Experts: boolean): string {
  const [rows, inputs] = block
  const scale =
    inputs === null
      ? rows === null
        ? 'a scale a matrix'
        : 'a scale a row'
      : rows === 1
        ? `a scale each ${inputs} inputs`
        : `a scale each ${rows} x ${inputs}`
  return `${method}: ${id}, ${scale}${fp4Experts ? '; routed experts fp4, a scale each 32 inputs' : ''}`
}

/** `quant_method` where it is there; MLX and NVIDIA's ModelOpt are known by their other keys. */
function methodOf(config: Keys): string {
  const { quant_method: method, quant_algo, producer } = config
  if (typeof method === 'string') return method.toLowerCase().replaceAll('_', '-')
  if (typeof quant_algo === 'string' || isObject(producer) || isObject(config.quantization)) return 'modelopt'
  if (isIn4Bits(config) || config.load_in_8bit === true) return 'bitsandbytes'
  if (isObject(config.config_groups) || typeof config.format === 'string') return 'compressed-tensors'
  return typeof config.bits === 'number' && typeof config.group_size === 'number' ? 'mlx' : ''
}

/** Files that transformers saved have the flag with an underscore, too. */
function isIn4Bits(config: Keys): boolean {
  return ['load_in_4bit', '_load_in_4bit'].some((key) => config[key] === true)
}

function schemeOf(method: string, config: Keys): Scheme | undefined {
  const bits = numberOf(config.bits) ?? numberOf(config.w_bit)
  const group = groupOf(config.group_size ?? config.q_group_size)
  switch (method) {
    case 'gptq':
    case 'awq':
    case 'auto-round':
    case 'intel/auto-round':
    case 'gptq-marlin':
    case 'awq-marlin': {
      if (config.data_type === 'mx_fp' || config.data_type === 'nv_fp')
        return bits === 4 ? (config.data_type === 'mx_fp' ? mxfp4 : nvfp4) : undefined
      const width = bits ?? 4
      return integers(width, group === undefined ? 128 : group, 2 + width / 8)
    }
    case 'bitsandbytes': {
      if (!isIn4Bits(config)) return integers(8, null, 4)
      const id = config.bnb_4bit_quant_type === 'nf4' ? 'nf4' : 'fp4'
      // Dettmers et al. 2023 (arXiv 2305.14314, section 3): scales of blocks of 64, themselves in 8 bits if double.
      return { id, bits: 4, block: [1, 64], scaleBytes: config.bnb_4bit_use_double_quant === true ? 1 + 4 / 256 : 4 }
    }
    case 'compressed-tensors':
      return compressedTensors(config)
    case 'modelopt':
    case 'modelopt-fp4':
    case 'modelopt-mixed':
    case 'nvfp4': {
      const inner = isObject(config.quantization) ? config.quantization : config
      return byAlgorithm(wordOf(inner.quant_algo ?? config.quant_algo ?? method), inner) ?? compressedTensors(config)
    }
    case 'fp8':
    case 'fbgemm-fp8': {
      const block = config.weight_block_size
      if (Array.isArray(block)) return fp8([numberOf(block[0]) ?? 128, numberOf(block[1]) ?? 128])
      return fp8(method === 'fp8' ? [null, null] : [1, null])
    }
    case 'mxfp4':
    case 'mxfp4-static':
      return mxfp4
    case 'hqq': {
      const inner = nestedIn(config.quant_config, 'weight_quant_params')
      const width = numberOf(inner?.nbits) ?? bits ?? 4
      return integers(width, groupOf(inner?.group_size ?? config.group_size) ?? 64, 4)
    }
    case 'torchao':
      return byAlgorithm(JSON.stringify(config.quant_type ?? config), config)
    case 'quark': {
      const weight = nestedIn(config.global_quant_config, 'weight')
      return byAlgorithm(wordOf(weight?.dtype ?? config.export), { group_size: weight?.group_size })
    }
    case 'eetq':
    case 'quanto':
      return byAlgorithm(wordOf(config.weights ?? 'int8'), config)
    case 'mlx':
      if (config.mode === 'mxfp4') return mxfp4
      if (config.mode === 'nvfp4') return nvfp4
      return integers(bits ?? 4, group ?? 64, 4)
    case 'bitnet':
      return { id: 'int2', bits: 2, block: [null, null], scaleBytes: 2 }
    default:
      return undefined
  }
}

/** The groups of compressed-tensors; packed weights whose groups are not in the file have 4 bits. */
function compressedTensors(config: Keys): Scheme | undefined {
  const groups = isObject(config.config_groups) ? Object.values(config.config_groups).filter(isObject) : []
  const weights = groups.map((each) => each.weights).find(isObject)
  const bits = numberOf(weights?.num_bits)
  const format = wordOf(groups.map((each) => each.format).find((each) => typeof each === 'string') ?? config.format)
  if (bits === undefined) return byAlgorithm(format === 'pack-quantized' ? 'int4' : format, config)
  const strategy = weights?.strategy
  const group = groupOf(weights?.group_size) ?? null
  if (weights?.type !== 'float') return integers(bits, group, weights?.symmetric === false ? 2 + bits / 8 : 2)
  if (bits === 4) return group === 32 || format.includes('mx') ? mxfp4 : nvfp4
  const block = weights.block_structure
  if (strategy === 'block' && Array.isArray(block)) return fp8([numberOf(block[0]) ?? 128, numberOf(block[1]) ?? 128])
  return fp8(strategy === 'channel' ? [1, null] : [null, null])
}

/** The names of formats that several quantisers use: `NVFP4`, `W4A16_AWQ`, `Int4WeightOnlyConfig`, `fp8_e4m3`. */
function byAlgorithm(name: string, config: Keys): Scheme | undefined {
  const text = name.toLowerCase()
  const group = groupOf(config.group_size) ?? groupOf(Number(/group_size\D{1,4}(\d+)/.exec(text)?.[1] ?? Number.NaN))
  if (/mxfp4|mx_fp4/.test(text)) return mxfp4
  if (/nvfp4/.test(text)) return nvfp4
  if (/fp4/.test(text)) return group === 32 ? mxfp4 : nvfp4
  if (/fp8|float8|float-quantized|e4m3/.test(text)) return fp8(/block/.test(text) ? [128, 128] : [null, null])
  if (/int4|w4a|uint4|intx.*4/.test(text)) return integers(4, group ?? 128)
  if (/int8|w8a|naive-quantized|int-quantized/.test(text)) return integers(8, group ?? null)
  return undefined
}

/** Words in the names of modules that say which component they are; routers, norms and ends stay as they are anyway. */
const moduleWords: readonly (readonly [Component, RegExp])[] = [
  ['attention', /attn|attention|[qkvo]_proj|kv_a|kv_b/],
  ['linearAttention', /linear_attn|mamba|mixer|conv1d|in_proj/],
  ['shared', /shared/],
  ['dense', /^(?!.*expert).*(mlp|feed_forward|ffn).*(\*|proj|dense|up|down|$)/],
  ['experts', /(?<!shared_|shared)experts/],
  ['embedding', /embed/],
  ['output', /lm_head|output/]
]

/** The components that a quantiser is told to leave alone; gpt-oss quantises its experts only. */
function keptIn(method: string, config: Keys): Component[] {
  const names = exceptionsIn(config)
  // A router is called gate, and so is a part of a feed-forward.
  const modules = names.map((name) => name.slice(0, 200)).filter((name) => !/mlp\.gate(\W*|\.weight)$/.test(name))
  const kept = componentsOf(modules)
  return method === 'mxfp4' ? [...kept, ...inLayers.filter((each) => each !== 'experts')] : kept
}

function componentsOf(modules: readonly string[]): Component[] {
  return moduleWords.flatMap(([component, words]) => (modules.some((name) => words.test(name)) ? [component] : []))
}

/** The names of modules that are left alone. */
function exceptionsIn(config: Keys): string[] {
  const inner = isObject(config.quantization) ? config.quantization : config
  const lists = [
    config.ignore,
    config.modules_to_not_convert,
    config.exclude,
    inner.exclude_modules,
    config.ignored_layers,
    config.llm_int8_skip_modules
  ]
  return lists.flatMap(namesIn)
}

function namesIn(list: unknown): string[] {
  return Array.isArray(list) ? list.filter((each) => typeof each === 'string') : []
}

function nestedIn(value: unknown, key: string): Keys | undefined {
  const inner = isObject(value) ? value[key] : undefined
  return isObject(inner) ? inner : undefined
}

/** Null for a whole row, which quantisers write as -1. */
function groupOf(value: unknown): number | null | undefined {
  if (value === -1) return null
  return numberOf(value)
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) && value > 0 ? value : undefined
}
