import { type ParseArgsConfig, parseArgs } from 'node:util'
import { UsageError } from './errors'

type Options = NonNullable<ParseArgsConfig['options']>
type Parsed<T extends Options> = ReturnType<typeof parseArgs<{ options: T; args: string[]; allowPositionals: true }>>

/**
 * Reads the arguments of a command. Throws a `UsageError` for an unknown option, a missing value, or another number of
 * positional arguments than are named; a last name that ends in `...` stands for one or more.
 */
export function readOptions<const T extends Options>(
  args: readonly string[],
  options: T,
  positionals: readonly string[] = []
): { readonly values: Parsed<T>['values']; readonly positionals: readonly string[] } {
  const parsed = parse(args, options)
  const missing = positionals[parsed.positionals.length]
  if (missing !== undefined) throw new UsageError(`${missing} is missing`)
  const isOpen = positionals.at(-1)?.endsWith('...') ?? false
  const extra = isOpen ? undefined : parsed.positionals[positionals.length]
  if (extra !== undefined) throw new UsageError(`unexpected argument '${extra}'`)
  return parsed
}

/** A whole number of an option; undefined stays undefined. Throws a `UsageError` that names the option. */
export function wholeNumber(option: string, text: string, least = 1, most = Number.MAX_SAFE_INTEGER): number {
  const value = Number(text)
  if (/^\d+$/.test(text) && value >= least && value <= most) return value
  const range = most === Number.MAX_SAFE_INTEGER ? `of ${least} or more` : `from ${least} to ${most}`
  throw new UsageError(`${option}: expected a whole number ${range}, found '${text}'`)
}

/** A number of an option. Throws a `UsageError` that names the option. */
export function numberWithin(option: string, text: string, least: number, most: number): number {
  const value = Number(text)
  if (text.trim() !== '' && value >= least && value <= most) return value
  throw new UsageError(`${option}: expected a number from ${least} to ${most}, found '${text}'`)
}

/** One of the values that an option knows. Throws a `UsageError` that lists them. */
export function oneOf<T extends string>(option: string, text: string, known: readonly T[]): T {
  const found = known.find((each) => each === text)
  if (found !== undefined) return found
  throw new UsageError(`${option}: expected one of ${known.join(', ')}, found '${text}'`)
}

function parse<const T extends Options>(args: readonly string[], options: T): Parsed<T> {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true })
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    if (!(error instanceof Error) || !code.startsWith('ERR_PARSE_ARGS')) throw error
    // Node's own advice, about positional arguments that look like options, is no help here.
    const [first = error.message] = error.message.split(/\. (?=To |Did )/)
    throw new UsageError(`${first.charAt(0).toLowerCase()}${first.slice(1)}`, { cause: error })
  }
}
