/** Amounts of bytes, tokens, FLOPs and energy as the screen writes them; a no-break space before each unit. */

/** Bytes in powers of 1000, as caches are published: `70.3 kB`. */
export function formatBytes(bytes: number): string {
  return withUnit(bytes, 1000, ['B', 'kB', 'MB', 'GB', 'TB', 'PB'])
}

/** Bytes in powers of 1024, as memory is sold: `80 GiB`. */
export function formatMemory(bytes: number): string {
  return withUnit(bytes, 1024, ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'])
}

/** Tokens, parameters and whatever is counted far beyond billions: `14.8 T`. */
export function formatLarge(count: number): string {
  return withUnit(count, 1000, ['', 'k', 'M', 'B', 'T', 'Q'])
}

/**
 * The amount in a text as people type it, or as `formatLarge` and `formatPower` write it: `70B`, `1.4 T`, `3e23`,
 * `5.8 × 10²³`; undefined where there is none.
 */
export function parseLarge(text: string): number | undefined {
  const plain = text
    .replaceAll(/[\s,_]/g, '')
    .replaceAll(/[⁰¹²³⁴⁵⁶⁷⁸⁹]/g, (digit) => String(superscripts.indexOf(digit)))
    .replace(/[×x*]10\^?/, 'e')
  const [, digits, unit = ''] = /^(\d*\.?\d+(?:e\+?\d+)?)([kmbgtq]?)$/i.exec(plain) ?? []
  return digits === undefined
    ? undefined
    : Number(`${digits}${digits.includes('e') ? '' : `e${exponents[unit.toLowerCase()] ?? 0}`}`)
}

const exponents: Readonly<Record<string, number>> = { k: 3, m: 6, b: 9, g: 9, t: 12, q: 15 }

const superscripts = '⁰¹²³⁴⁵⁶⁷⁸⁹'

/** FLOPs and other amounts of which only the power is known well: `5.8 × 10²³`. */
export function formatPower(value: number): string {
  if (!(value >= 1e4)) return Number(value.toPrecision(2)).toLocaleString('en')
  const [digits = '', exponent = ''] = value.toExponential(1).split('e+')
  const raised = [...exponent].map((digit) => superscripts[Number(digit)]).join('')
  return `${digits.replace('.0', '')}\u00a0×\u00a010${raised}`
}

/** Energy from kWh: `1.29 GWh`. */
export function formatEnergy(kilowattHours: number): string {
  return withUnit(kilowattHours * 1000, 1000, energyUnits)
}

const energyUnits = ['Wh', 'kWh', 'MWh', 'GWh', 'TWh']

/** Mass of CO2 equivalent from kg: `552 t`. */
export function formatCarbon(kilograms: number): string {
  return withUnit(kilograms * 1000, 1000, carbonUnits)
}

const carbonUnits = ['g', 'kg', 't', 'kt', 'Mt']

/** Formats kWh or kg of CO2 equivalent of one picture in one unit, of which the largest has ten or more: `433 MWh`. */
export function inOneUnit(what: 'energy' | 'carbon', largest: number): (value: number) => string {
  const { divisor, name } = unitOf(largest * 100, 1000, what === 'energy' ? energyUnits : carbonUnits)
  return (value) => {
    const amount = (value * 1000) / divisor
    const isSmall = amount > 0 && amount < 0.001
    return `${isSmall ? '<0.001' : amount.toLocaleString('en', { maximumSignificantDigits: 3 })}\u00a0${name}`
  }
}

/** A relative difference with its sign: `+3.4 %`, `−48 %`, `±0 %`. */
export function formatDifference(relative: number): string {
  if (relative === 0) return '±0\u00a0%'
  const percent = Math.abs(100 * relative)
  const digits = percent >= 9.95 ? percent.toFixed(0) : percent >= 0.095 ? percent.toFixed(1) : percent.toPrecision(1)
  return `${relative > 0 ? '+' : '−'}${Number(digits) === 0 ? '0' : digits}\u00a0%`
}

/** Three figures and the unit. */
function withUnit(value: number, base: number, units: readonly string[]): string {
  const { divisor, name } = unitOf(value, base, units)
  const size = value / divisor
  const text = Number(size.toPrecision(size >= 1000 ? 4 : 3)).toLocaleString('en', { maximumFractionDigits: 2 })
  return name === '' ? text : `${text}\u00a0${name}`
}

/** The largest unit that leaves at least one figure before the point, or the last of them. */
function unitOf(value: number, base: number, units: readonly string[]): { divisor: number; name: string } {
  let divisor = 1
  let unit = 0
  while (Math.abs(value) >= divisor * base * 0.9995 && unit < units.length - 1) {
    divisor *= base
    unit++
  }
  return { divisor, name: units[unit] ?? '' }
}
