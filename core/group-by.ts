/** The items of a list by their keys, in order: `Map.groupBy`, which Node has from version 21 on only. */
export function groupBy<T, Key>(list: Iterable<T>, keyOf: (each: T) => Key): Map<Key, [T, ...T[]]> {
  const groups = new Map<Key, [T, ...T[]]>()
  for (const each of list) {
    const key = keyOf(each)
    const group = groups.get(key)
    if (group) group.push(each)
    else groups.set(key, [each])
  }
  return groups
}
