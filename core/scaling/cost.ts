/**
 * Energy and carbon of computing: estimates, as good as the power and the grid that they are given.
 *
 *   device-hours = FLOPs / (peak FLOP/s x utilisation) / 3600
 *   kWh          = device-hours x watts / 1000 x PUE        (Patterson et al. 2021, section 2.4)
 *   kg CO2e      = kWh x g CO2e per kWh / 1000
 *
 * Only running is counted: not the making of the devices nor the time they idle, which together were half of BLOOM's
 * footprint (Luccioni et al. 2022, table 3).
 */

/** Power and carbon intensity of a site. */
export interface Site {
  /** Mean power of one device at work with its share of the host, in watts. */
  readonly watts: number
  /** Power usage effectiveness: energy of the building over that of its computers, 1 or more. */
  readonly pue: number
  /** Carbon intensity of the electricity, in grams of CO2 equivalent per kWh. */
  readonly gramsPerKwh: number
}

/** Data centres and their electricity as papers describe them. */
export const publishedSites: readonly (Omit<Site, 'watts'> & { readonly name: string; readonly source: string })[] = [
  {
    name: 'Jean Zay, France',
    pue: 1.2,
    gramsPerKwh: 57,
    source: 'Luccioni et al. 2022 (arXiv 2211.02001), section 4'
  },
  {
    name: 'United States, as LLaMA reports',
    pue: 1.1,
    gramsPerKwh: 385,
    source: 'Touvron et al. 2023 (arXiv 2302.13971), section 6'
  },
  {
    name: 'United States, as estimated for GPT-3',
    pue: 1.1,
    gramsPerKwh: 429,
    source: 'Patterson et al. 2021 (arXiv 2104.10350), table 4'
  }
]

/** Published energy and emissions of a training. */
export interface PublishedTraining {
  readonly name: string
  readonly kilowattHours: number
  /** Kilograms of CO2 equivalent of that electricity. */
  readonly kilogramsCo2e: number
  readonly source: string
}

/** Trainings whose energy was published. BLOOM's is that of its computers alone; the others hold the building's. */
export const publishedTrainings: readonly PublishedTraining[] = [
  training('T5', 85.7, 46.7, 'Patterson et al. 2021 (arXiv 2104.10350), table 4'),
  training('Switch (1.5 T)', 179, 59.1, 'Patterson et al. 2021 (arXiv 2104.10350), table 4'),
  training('BLOOM', 433.196, 24.69, 'Luccioni et al. 2022 (arXiv 2211.02001), section 4.2'),
  training('LLaMA 65B', 449, 173, 'Touvron et al. 2023 (arXiv 2302.13971), table 15'),
  training('GPT-3', 1287, 552.1, 'Patterson et al. 2021 (arXiv 2104.10350), table 4')
]

function training(name: string, megawattHours: number, tonnes: number, source: string): PublishedTraining {
  return { name, kilowattHours: 1000 * megawattHours, kilogramsCo2e: 1000 * tonnes, source }
}

/** Estimated device-hours, energy and emissions of a computation. */
export interface Cost {
  readonly standing: 'estimate'
  readonly deviceHours: number
  readonly kilowattHours: number
  /** Kilograms of CO2 equivalent. */
  readonly kilogramsCo2e: number
}

/** The device that computes: its peak FLOP/s and the share of it that is reached, 0 to 1. */
export interface Throughput {
  readonly flopsPerSecond: number
  readonly utilisation: number
}

/** Cost of so many hours of one device. Throws a `RangeError` for a negative or impossible figure. */
export function costOfDeviceHours(deviceHours: number, { watts, pue, gramsPerKwh }: Site): Cost {
  atLeast('device-hours', deviceHours, 0)
  atLeast('watts', watts, 0)
  atLeast('PUE', pue, 1)
  atLeast('g CO2e per kWh', gramsPerKwh, 0)
  const kilowattHours = (deviceHours * watts * pue) / 1000
  return { standing: 'estimate', deviceHours, kilowattHours, kilogramsCo2e: (kilowattHours * gramsPerKwh) / 1000 }
}

/** Cost of so many FLOPs, such as the 6 N D of a training. Throws a `RangeError` for an impossible figure. */
export function costOfFlops(flops: number, device: Throughput, site: Site): Cost {
  return costOfDeviceHours(deviceHoursOf(flops, device), site)
}

/** Cost of a million tokens at a speed of all devices together. Throws a `RangeError` for an impossible figure. */
export function costOfMillionTokens(tokensPerSecond: number, devices: number, site: Site): Cost {
  positive('tokens per second', tokensPerSecond)
  return costOfDeviceHours((devices * 1e6) / tokensPerSecond / 3600, site)
}

/** Hours of one device for so many FLOPs. Throws a `RangeError` for an impossible figure. */
export function deviceHoursOf(flops: number, { flopsPerSecond, utilisation }: Throughput): number {
  atLeast('FLOPs', flops, 0)
  positive('FLOP/s', flopsPerSecond)
  positive('utilisation', utilisation)
  if (utilisation > 1) throw new RangeError(`utilisation: expected a share from 0 to 1, found ${utilisation}`)
  return flops / (flopsPerSecond * utilisation) / 3600
}

function atLeast(what: string, value: number, least: number): void {
  if (!(value >= least && Number.isFinite(value))) {
    throw new RangeError(`${what}: expected a number of ${least} or more, found ${value}`)
  }
}

function positive(what: string, value: number): void {
  if (!(value > 0 && Number.isFinite(value)))
    throw new RangeError(`${what}: expected a positive number, found ${value}`)
}
