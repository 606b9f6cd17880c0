/** Functions cannot be cloned from one world of a page to another: a mark with a number goes instead. */

type Callable = (...args: unknown[]) => unknown

/** Functions of this world by their numbers, and values with and without them. */
export interface Marks {
  /** The value with marks instead of its functions. */
  mark(value: unknown): unknown
  /** The value with functions instead of the other world's marks. */
  unmark(value: unknown): unknown
  /** The function of this world that a number means. */
  functionOf(id: number): Callable
}

const key = 'electron-double:function'
/** As deep as Electron goes, so that a value that contains itself has an end. */
const deepest = 1000

/** @param call what calling a function of the other world does */
export function createMarks(call: (id: number, args: readonly unknown[]) => unknown): Marks {
  const functions: Callable[] = []
  const mark = (value: unknown, depth: number): unknown => {
    if (depth > deepest) throw new TypeError('Electron contextBridge recursion depth exceeded.')
    if (typeof value === 'function') return { [key]: functions.push(value as Callable) - 1 }
    return mapped(value, (each) => mark(each, depth + 1))
  }
  const unmark = (value: unknown): unknown => {
    const id = isPlain(value) ? value[key] : undefined
    if (typeof id === 'number') return (...args: unknown[]) => call(id, args)
    return mapped(value, unmark)
  }
  return {
    mark: (value) => mark(value, 0),
    unmark,
    functionOf: (id) => {
      const found = functions[id]
      if (!found)
        throw new Error(`expected a function that was passed between the worlds, found none with number ${id}`)
      return found
    }
  }
}

/** The value, of which nothing can be changed any more. */
export function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) for (const each of Object.values(value)) frozen(each)
  return Object.freeze(value)
}

function mapped(value: unknown, map: (each: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map(map)
  if (!isPlain(value)) return value
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, map(each)]))
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
}
