/** Sweeps: one setting of a transform is varied, and each value is measured on the model as it was. */
import type { Architecture } from '@core/arch/architecture'
import { canonicalJson } from '@core/canonical-json'
import { baselineOf, isDrawn, type TransformSpec, transformOf } from '@core/compress'
import type { Chain, CompressedPoint, Compression } from '@core/compress/measure'
import type { Settings } from '@core/compress/transform'
import type { ByDomain } from '@core/evaluate/paired-losses'
import { groupBy } from '@core/group-by'
import { type CompressSpec, compressForm, compressionName, readCompression } from '@core/lab/kinds/compress'
import type { RunRecord } from '@core/lab/run'
import { meanOf } from '@core/scaling/spread'
import { computeAnew } from '../lab/compute-anew'
import { referenceOf } from '../lab/models'
import type { App } from '../state/app'
import type { AppState } from '../state/app-state'
import { type ChosenChain, specOf } from './chain'

/** Characters of validation text for each point, and of training text that transforms look at. */
export const [measuredCharacters, calibrationCharacters] = [30_000, 16_384]

/** Seeds with which is measured what chance decides. */
export const draws = 3

type Measured = Extract<CompressedPoint, { readonly bytes: number }>

/** A value that was measured: what chance decides as the mean of its draws. */
export interface MeasuredPoint extends Omit<Measured, 'domains'> {
  readonly domains: ByDomain<{ readonly delta: number }>
  /** The loss increase of each draw; one where chance has no part. */
  readonly drawn: readonly number[]
}

/** A value of the setting: measured, or refused by the model. */
export type SweepPoint = MeasuredPoint | Extract<CompressedPoint, { readonly refused: string }>

/** One setting of a transform on a model, all values or as far as they are measured. */
export interface Sweep {
  readonly id: string
  /** The run that measured it. */
  readonly spec: CompressSpec
  /** The transforms with the settings that are the same in all of its points. */
  readonly name: string
  /** Place of the transform whose setting is varied. */
  readonly varied: number
  /** The setting that is varied. */
  readonly setting: string
  /** The model as it was. */
  readonly before: Compression['before']
  readonly points: readonly SweepPoint[]
  readonly measured: readonly MeasuredPoint[]
  /** The same values by chance; undefined where chance has no part in it. */
  readonly baseline: Sweep | undefined
}

/** The chains of the chosen sweep on a model, and then the same by chance; none where the transform does not apply. */
export function chosenChains(chosen: ChosenChain, architecture: Architecture): TransformSpec[][] {
  const { sweep, settings } = transformOf(chosen.transform)
  const own = specOf(chosen)
  const chance = baselineOf(own)
  const [before, after] = [chosen.before.map(specOf), chosen.after.map(specOf)]
  // Some settings are of one value alone.
  const values = sweep.values(architecture).filter((value) => {
    const { id: _id, ...others } = own
    return settings.safeParse({ ...others, [sweep.setting]: value }).success
  })
  const kinds = chance && canonicalJson(chance) !== canonicalJson(own) ? [own, chance] : [own]
  return kinds.flatMap((each) => values.map((value) => [...before, { ...each, [sweep.setting]: value }, ...after]))
}

/** Measures the chosen sweep. One that is there already is measured anew. */
export async function measureSweep(app: App): Promise<void> {
  const { choices, library } = app.store.getState()
  const { compress } = choices
  const model = library?.models.find(({ id }) => id === compress.model)
  if (!model) throw new Error(`${compress.model} is not among the models here`)
  const chains = chosenChains(compress, model.architecture)
  const varied = compress.before.length
  const spec: CompressSpec = {
    model: await referenceOf(app.host, model.id),
    chains,
    characters: measuredCharacters,
    calibration: calibrationCharacters,
    seed: choices.seed,
    ...(varied > 0 ? { varied } : {}),
    ...(chains.some(isDrawn) ? { draws } : {})
  }
  const { status } = await app.lab.queue.add({ kind: compressForm.kind, spec })
  if (status === 'finished') await computeAnew(app.lab, compressForm, spec)
}

/** Reads the sweeps of earlier sessions that had the model's present weights. */
export async function readSweeps(app: App, model: string): Promise<void> {
  const { lab, store } = app
  const present = canonicalJson(await referenceOf(app.host, model))
  for (const run of lab.queue.records.filter((each) => isOf(each, model))) {
    if (store.getState().compressions[run.id] || canonicalJson((run.spec as CompressSpec).model) !== present) continue
    const content = await lab.files(run.id).read(compressionName)
    if (content) {
      const compression = readCompression(content)
      store.setState(({ compressions }) => ({ compressions: { [run.id]: compression, ...compressions } }))
    }
  }
}

/** The sweeps of a model, in the order in which they were asked for. */
export function knownSweeps({ runs, compressions }: Pick<AppState, 'runs' | 'compressions'>, model: string): Sweep[] {
  return runs.flatMap((run) => {
    const compression = isOf(run, model) ? compressions[run.id] : undefined
    return compression ? sweepsOf(run.id, run.spec as CompressSpec, compression) : []
  })
}

/** The sweep of a run, with its baseline; none of a run without chains. */
function sweepsOf(run: string, spec: CompressSpec, compression: Compression): Sweep[] {
  const { chains, varied = 0 } = spec
  const [own, chance] = [...new Set(chains.map((chain) => sweepName(chain, varied)))]
  const sweepOf = (name: string, baseline?: Sweep): Sweep => {
    const points = pointsOf(compression.points.filter(({ chain }) => sweepName(chain, varied) === name))
    const id = chains.find((chain) => sweepName(chain, varied) === name)?.[varied]?.id
    return {
      id: `${run} ${name}`,
      spec,
      name,
      varied,
      setting: id === undefined ? '' : transformOf(id).sweep.setting,
      before: compression.before,
      points,
      measured: points.filter((point) => 'bytes' in point),
      baseline
    }
  }
  return own === undefined ? [] : [sweepOf(own, chance === undefined ? undefined : sweepOf(chance))]
}

/** One point for each chain: the mean of its draws. */
function pointsOf(points: readonly CompressedPoint[]): SweepPoint[] {
  return [...groupBy(points, ({ chain }) => canonicalJson(chain)).values()].flatMap((trials): SweepPoint[] => {
    const measured = trials.filter((point) => 'bytes' in point)
    const [first] = measured
    if (!first) return trials.filter((point) => 'refused' in point).slice(0, 1)
    const domains = Object.keys(first.domains) as (keyof typeof first.domains)[]
    return [
      {
        ...first,
        loss: meanOf(measured.map(({ loss }) => loss)),
        delta: meanOf(measured.map(({ delta }) => delta)),
        domains: Object.fromEntries(
          domains.map((id) => [id, { delta: meanOf(measured.flatMap((point) => point.domains[id]?.delta ?? [])) }])
        ),
        drawn: measured.map(({ delta }) => delta)
      }
    ]
  })
}

/** Transforms in words, with their settings that are not usual but for the one that is varied. */
function sweepName(chain: Chain, varied: number): string {
  return chain.map((spec, place) => stepName(spec, place === varied)).join(', then ')
}

function stepName(spec: TransformSpec, isVaried: boolean): string {
  const { name, sweep, settings } = transformOf(spec.id)
  const defaults: Settings = settings.parse({})
  const others = Object.entries(spec).flatMap(([key, value]) => {
    const isTold = key === sweep.setting ? !isVaried : value !== defaults[key]
    return key !== 'id' && isTold ? [`${key} ${value}`] : []
  })
  return [name, ...others].join(', ')
}

/** The value of the setting that is varied. */
export function valueOf(
  { chain }: Pick<SweepPoint, 'chain'>,
  { setting, varied }: Pick<Sweep, 'setting' | 'varied'>
): string {
  return String(chain[varied]?.[setting] ?? '')
}

/** A loss increase that is small beside what experts buy, in nats per character. */
export const smallIncrease = 0.05

/** The fewest bytes of a sweep that raise the loss by no more than a little; undefined where all raise it more. */
export function smallestGood({ measured }: Sweep): MeasuredPoint | undefined {
  return measured
    .filter(({ delta }) => delta <= smallIncrease)
    .reduce<MeasuredPoint | undefined>(
      (least, point) => (least && least.bytes <= point.bytes ? least : point),
      undefined
    )
}

/** True of a run that measures what transforms cost. */
export function isCompression({ kind }: Pick<RunRecord, 'kind'>): boolean {
  return kind === compressForm.kind
}

/** True of such a run of this model. */
export function isOf(run: RunRecord, model: string): boolean {
  return isCompression(run) && (run.spec as CompressSpec).model.id === model
}
