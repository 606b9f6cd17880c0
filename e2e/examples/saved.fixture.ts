/** The files that hold the examples. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'

/** The folder of the examples. */
export const saved = (...path: string[]) => resolve('e2e/examples/saved', ...path)

/** The value of a JSON file among the examples. */
export function savedJson(...path: string[]): unknown {
  return JSON.parse(readFileSync(saved(...path), 'utf8'))
}

/** Bytes of a file among the examples. */
export async function savedBytes(...path: string[]): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await readFile(saved(...path)))
}

export function sha256(bytes: Uint8Array | Float32Array): string {
  const view = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return createHash('sha256').update(view).digest('hex')
}

/** Tolerances of a value against the saved one. */
export interface Leeway {
  /** Of a number that is not whole; relative to numbers above 1. */
  readonly tolerance: number
  /** Keys whose values are of the machine and the moment. */
  readonly changing?: readonly string[]
}

/**
 * The places where a value differs from the saved one, in words. Fields may be added; whole numbers, texts and the
 * lengths of lists are equal.
 */
export function differences(
  found: unknown,
  before: unknown,
  { tolerance, changing = [] }: Leeway,
  place = ''
): string[] {
  if (Array.isArray(before) && Array.isArray(found) && before.length === found.length) {
    return before.flatMap((each, i) => differences(found[i], each, { tolerance, changing }, `${place}[${i}]`))
  }
  if (isRecord(before) && isRecord(found)) {
    return Object.entries(before).flatMap(([key, each]) =>
      changing.includes(key) ? [] : differences(found[key], each, { tolerance, changing }, `${place}.${key}`)
    )
  }
  if (typeof before === 'number' && typeof found === 'number' && !(isWhole(before) && isWhole(found))) {
    if (Math.abs(found - before) <= tolerance * Math.max(1, Math.abs(before))) return []
  }
  return Object.is(found, before) ? [] : [`${place}: ${JSON.stringify(before)} became ${JSON.stringify(found)}`]
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isWhole(value: number): boolean {
  return Number.isInteger(value)
}
