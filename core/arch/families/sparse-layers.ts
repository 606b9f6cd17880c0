/** Which layers of a model have experts, by every usual key of such a schedule. */
import { ConfigError, problem } from '../describe/config-error'
import { found, type Keys } from '../describe/config-keys'
import { namesOfMeaning } from './spellings'

/** Keys with a word, a flag or 1 for each layer. */
const ofEachLayer = ['is_moe_layer', 'moe_layer_freq', 'mlp_layer_types']
/** Keys with the indices of the layers that have experts, and of those that have none. */
const ofSparse = ['moe_layers', 'moe_layers_enum', 'moe_layer_indices', 'moe_layer_ids']
const ofDense = ['mlp_only_layers', 'dense_layers', 'dense_layer_indices', 'dense_layer_ids']
/** Every so many layers, counted so that the last of each step has experts, or (DeepSeek, Megatron) the first. */
const steps = ['decoder_sparse_step', 'moe_layer_interval', 'interleave_moe_layer_step', 'moe_every_n_layers']
const stepsFromFirst = ['moe_layer_freq', 'expert_layer_period']

/** Keys of which layers have experts. */
export const scheduleKeys: readonly string[] = [...ofEachLayer, ...ofSparse, ...ofDense, ...steps, ...stepsFromFirst]

/**
 * For each layer, true where it has experts. Throws `ConfigError`, naming the key, for a schedule that cannot be read.
 *
 * @param numberIn reads an integer of 0 or more
 */
export function sparseLayers(
  keys: Keys,
  layers: number,
  numberIn: (key: string) => number | undefined
): readonly boolean[] {
  const all = Array.from({ length: layers }, (_, layer) => layer)
  for (const key of ofEachLayer) {
    const list = listIn(keys, key)
    if (!list) continue
    if (list.length !== layers) throw wrong(key, `a list with one of each of ${layers} layers`, keys)
    return list.map((each) => each === true || each === 1 || each === 'sparse' || each === 'moe')
  }
  for (const key of ofSparse) {
    const list = listIn(keys, key)
    if (list) return all.map((layer) => list.includes(layer))
  }
  const dense = ofDense.flatMap((key) => listIn(keys, key) ?? [])
  const firstOf = (names: readonly string[]) => names.map(numberIn).find((each) => each !== undefined)
  const first = firstOf(namesOfMeaning('firstDense')) ?? 0
  const end = numberIn('moe_layer_end_index')
  const last = Math.min(layers - 1 - (numberIn('last_k_dense_replace') ?? 0), end === undefined ? layers : end)
  const fromLast = firstOf(steps)
  const fromFirst = firstOf(stepsFromFirst)
  const key = [...steps, ...stepsFromFirst].find((each) => keys[each] === 0)
  if (key !== undefined) throw wrong(key, 'a positive integer', keys)
  const offset = numberIn('expert_layer_offset') ?? 0
  return all.map(
    (layer) =>
      layer >= first &&
      layer <= last &&
      !dense.includes(layer) &&
      (fromLast === undefined ? (layer - offset) % (fromFirst ?? 1) === 0 : (layer + 1) % fromLast === 0)
  )
}

/** A list, or one in a word: '3,4,5', or Megatron's '[0]*3+[1]*29'. Throws `ConfigError` for any other word. */
function listIn(keys: Keys, key: string): readonly unknown[] | undefined {
  const value = keys[key]
  if (Array.isArray(value)) return value
  if (typeof value !== 'string') return undefined
  const terms = value.replaceAll(/[\s()]/g, '')
  const numbers = (text: string) => (text === '' ? [] : text.split(',').map(Number))
  if (/^(\d+(,\d+)*)?$/.test(terms)) return numbers(terms)
  const isSum = /^\[[\d,]*\](\*\d{1,5})?(\+\[[\d,]*\](\*\d{1,5})?)*$/
  // A factor outside of brackets would need an order of operations.
  if (!isSum.test(terms) || /\)\s*\*/.test(value)) throw wrong(key, 'a list', keys)
  const list: number[] = []
  for (const [, inside = '', times = '1'] of terms.matchAll(/\[([\d,]*)\](?:\*(\d+))?/g)) {
    const part = numbers(inside)
    if (list.length + part.length * Number(times) > mostLayers) throw wrong(key, `at most ${mostLayers} layers`, keys)
    for (let time = 0; time < Number(times); time++) list.push(...part)
  }
  return list
}

const mostLayers = 10_000

function wrong(key: string, expected: string, keys: Keys): ConfigError {
  return new ConfigError(problem(key, `expected ${expected}, found ${found(keys[key])}`))
}
