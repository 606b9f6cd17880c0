/** Objects of which many follow one another with the same parts, as the specs of a sweep's runs. */

/**
 * Calls `make` for a part under a key only where the last object had another part there. Parts are the same by identity,
 * and never change.
 */
export function onceForPart<T>(make: (part: unknown, key: string) => T): (part: unknown, key: string) => T {
  const last = new Map<string, { readonly part: unknown; readonly made: T }>()
  return (part, key) => {
    const known = last.get(key)
    if (known && known.part === part) return known.made
    const made = make(part, key)
    last.set(key, { part, made })
    return made
  }
}

/** Makes JSON text of objects one after the other, as `JSON.stringify`; that of a part as `onceForPart`. */
export function jsonByParts(): (of: object) => string {
  const textOf = onceForPart((part) => JSON.stringify(part))
  return (of) => {
    const members = Object.entries(of).filter(([, part]) => part !== undefined)
    return `{${members.map(([key, part]) => `${JSON.stringify(key)}:${textOf(part, key)}`).join()}}`
  }
}
