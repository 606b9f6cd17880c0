import type { TransformSpec } from '.'

/** A transform with its settings as the terminal's `--with` takes it: `rtn:bits=4,block=32`. */
export function specText({ id, ...settings }: TransformSpec): string {
  const given = Object.entries(settings).map(([key, value]) => `${key}=${value}`)
  return given.length === 0 ? id : `${id}:${given.join(',')}`
}
