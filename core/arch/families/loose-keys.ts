/** Keys of a file of an unknown kind as one flat list of sizes: parts that are nested, and lists of a size for each layer. */
import { isObject, type Keys } from '../describe/config-keys'

const ofPart = /^(moe|ffn|mlp|attn|attention|expert|experts|router)(_config|_cfg|_args)?$/

/**
 * The keys with those of nested parts (`ffn_config` of DBRX) beside them. One that is there already keeps the name of its
 * part, as `moe_config.hidden_size`.
 */
export function withParts(keys: Keys): Keys {
  const parts = Object.entries(keys).filter(([key, value]) => ofPart.test(key) && isObject(value))
  if (parts.length === 0) return keys
  const flat: Record<string, unknown> = { ...keys }
  for (const [part, inner] of parts) {
    delete flat[part]
    for (const [key, value] of Object.entries(inner as Keys))
      flat[flat[key] === undefined ? key : `${part}.${key}`] = value
  }
  return flat
}

/**
 * The keys as they are for one layer: of lists with a number for each layer, or for each that has experts, its number.
 *
 * @param sparse true for the layers that have experts
 */
export function keysOfLayers(keys: Keys, sparse: readonly boolean[]): (layer: number) => Keys {
  const places = placesOf(sparse)
  const experts = places.at(-1) ?? 0
  const lists = Object.entries(keys).flatMap(([key, value]) =>
    Array.isArray(value) &&
    (value.length === sparse.length || (value.length === experts && experts > 0)) &&
    value.every((each) => typeof each === 'number')
      ? [[key, value] as const]
      : []
  )
  if (lists.length === 0) return () => keys
  const known = new Map<string, Keys>()
  return (layer) => {
    const at = lists.map(([key, list]): [string, unknown] => [
      key,
      list.length === sparse.length ? list[layer] : sparse[layer] ? list[(places[layer] ?? 1) - 1] : undefined
    ])
    const name = JSON.stringify(at)
    const found = known.get(name) ?? { ...keys, ...Object.fromEntries(at) }
    known.set(name, found)
    return found
  }
}

/** For each layer the number of layers with experts up to it. */
function placesOf(sparse: readonly boolean[]): number[] {
  let place = 0
  return sparse.map((each) => (place += each ? 1 : 0))
}
