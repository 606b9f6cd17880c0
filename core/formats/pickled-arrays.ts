/** The arrays in the value of a pickle, however it nests them, and what it says beside them. */
import { type FiledTensor, tensorInMemory } from './filed-tensor'
import { FormatError } from './format-error'
import { NumpyArray } from './numpy-pickle'
import type { PickleValue } from './pickle'
import { storedTensor } from './tensor-data'
import { type TorchFile, TorchTensor } from './torch-file'

export interface PickledArrays {
  /**
   * In the order of the pickle, named by where they are: `router_logits.3` is entry 3 of the list `router_logits`; a
   * tensor alone has the name of the file.
   */
  readonly tensors: readonly FiledTensor[]
  /** Numbers and short texts beside them, by name. */
  readonly metadata: Readonly<Record<string, string>>
}

const mostDepth = 8
/** Values that are looked at: a pickle may hold the same list many times. */
const mostVisits = 2_000_000
/** Of all lists together. */
const mostNumbers = 2 ** 24

/**
 * Finds the arrays of a pickle: tensors, NumPy's arrays, and lists of numbers, nested or not. Rejects with a `FormatError`
 * that names one whose bytes are not in the file, and for what is nested too deep.
 */
export async function arraysOfPickle(file: TorchFile, name: string): Promise<PickledArrays> {
  const tensors: FiledTensor[] = []
  const metadata: Record<string, string> = {}
  let [visits, numbers] = [0, 0]
  const walk = async (value: PickleValue, path: readonly string[]): Promise<void> => {
    const place = path.join('.') || name
    if (path.length > mostDepth) throw new FormatError(`${place}: more than ${mostDepth} levels of lists and dicts`)
    if (++visits > mostVisits) throw new FormatError(`${place}: more than ${mostVisits} values beside arrays`)
    if (value instanceof TorchTensor) tensors.push(await file.tensor(value, place))
    else if (value instanceof NumpyArray) await walkNumpy(value, path, place)
    else if (value instanceof Map) {
      const counted = countersOf(value)
      for (const [key, each] of counted ?? value) await walk(each, [...path, nameOf(key)])
    } else if (Array.isArray(value)) {
      const array = numbersOf(value, place, mostNumbers - numbers)
      numbers += array?.shape.reduce((product, size) => product * size, 1) ?? 0
      if (array) tensors.push(array)
      else for (const [i, each] of value.entries()) await walk(each, [...path, String(i)])
    } else if (path.length <= 2 && (typeof value === 'number' || (typeof value === 'string' && value.length < 200))) {
      metadata[place] = String(value)
    }
  }
  const walkNumpy = async ({ tensor, items }: NumpyArray, path: readonly string[], place: string): Promise<void> => {
    if (tensor) tensors.push(tensorInMemory(place, tensor))
    else if (items) await walk(items, path)
  }
  await walk(file.value, [])
  return { tensors, metadata }
}

/**
 * Dicts of how often each whole number came, as Python's Counter is, as lists of the same length; undefined where the
 * values of a dict are anything else.
 */
function countersOf(value: ReadonlyMap<PickleValue, PickleValue>): Map<PickleValue, PickleValue> | undefined {
  const counters = [...value.values()]
  const isCount = ([key, each]: [PickleValue, PickleValue]) => /^\d{1,5}$/.test(nameOf(key)) && typeof each === 'number'
  const areCounters = counters.every((each) => each instanceof Map && each.size > 0 && [...each].every(isCount))
  if (counters.length < 2 || !areCounters) return undefined
  let length = 0
  for (const each of counters) {
    if (each instanceof Map) for (const key of each.keys()) length = Math.max(length, Number(key) + 1)
  }
  if (length * counters.length > mostNumbers) return undefined
  const lists = new Map<PickleValue, PickleValue>()
  for (const [name, each] of value) {
    const list = new Array<number>(length).fill(0)
    if (each instanceof Map) for (const [key, count] of each) list[Number(key)] = Number(count)
    lists.set(name, list)
  }
  return lists
}

/** Of a key of a dict: a number or a text, seldom anything else. */
function nameOf(key: PickleValue): string {
  return typeof key === 'string' || typeof key === 'number' ? String(key) : 'key'
}

/** Lists of at most so many numbers, all of a level equally long, as an array; undefined for other lists. */
function numbersOf(list: readonly PickleValue[], name: string, most: number): FiledTensor | undefined {
  const shape = shapeOf(list)
  if (shape.length === 0) return undefined
  const count = shape.reduce((product, size) => product * size, 1)
  if (!(count > 0 && count <= most)) return undefined
  const values = new Float64Array(count)
  let written = 0
  const fill = (value: PickleValue | readonly PickleValue[], axis: number): boolean => {
    if (axis === shape.length) {
      if (typeof value !== 'number') return false
      values[written++] = value
      return true
    }
    return Array.isArray(value) && value.length === shape[axis] && value.every((each) => fill(each, axis + 1))
  }
  if (!fill(list, 0)) return undefined
  const whole = values.every((value) => Number.isInteger(value) && Math.abs(value) < 2 ** 31)
  return tensorInMemory(name, storedTensor(whole ? Int32Array.from(values) : values, shape))
}

/** The lengths of the first lists, down to a number; empty where there is none. */
function shapeOf(list: readonly PickleValue[]): number[] {
  const sizes: number[] = []
  let value: PickleValue | readonly PickleValue[] | undefined = list
  while (Array.isArray(value) && sizes.length < mostDepth) {
    sizes.push(value.length)
    value = value[0]
  }
  return typeof value === 'number' ? sizes : []
}
