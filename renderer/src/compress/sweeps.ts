/** Sweeps: one setting of a transform is varied, and each value is measured on the model as it was. */
import type { Architecture } from '@core/arch/architecture'
import { canonicalJson } from '@core/canonical-json'
import { type TransformSpec, transformOf } from '@core/compress'
import type { Chain, CompressedPoint, Compression } from '@core/compress/measure'
import type { Settings } from '@core/compress/transform'
import { problemsOf } from '@core/formats/problems'
import { type CompressSpec, compressForm, compressionName, readCompression } from '@core/lab/kinds/compress'
import type { RunRecord } from '@core/lab/run'
import { computeAnew } from '../lab/compute-anew'
import { referenceOf } from '../lab/models'
import type { App } from '../state/app'
import type { AppState } from '../state/app-state'
import type { CompressChoices } from './choices'

/** Characters of validation text for each point, and of training text that transforms look at. */
export const [measuredCharacters, calibrationCharacters] = [30_000, 16_384]

/** A point that was measured. */
export type MeasuredPoint = Extract<CompressedPoint, { readonly bytes: number }>

/** One setting of a transform on a model, all values or as far as they are measured. */
export interface Sweep {
  readonly id: string
  /** The transform with the settings that are the same in all of its points. */
  readonly name: string
  /** The setting that is varied. */
  readonly setting: string
  /** The model as it was. */
  readonly before: Compression['before']
  readonly points: readonly CompressedPoint[]
  readonly measured: readonly MeasuredPoint[]
  /** The same values by chance; undefined where chance has no part in it. */
  readonly baseline: Sweep | undefined
}

/** The settings that are chosen, with the defaults of the others. Throws a `RangeError` that says what they cannot be. */
export function chosenSettings({ transform, settings }: CompressChoices): Settings {
  const read = transformOf(transform).settings.safeParse(settings)
  if (!read.success) throw new RangeError(problemsOf(read.error))
  return read.data
}

/** The chains of the chosen sweep on a model, and then the same by chance; none where the transform does not apply. */
export function chosenChains(chosen: CompressChoices, architecture: Architecture): TransformSpec[][] {
  const { id, sweep, baseline } = transformOf(chosen.transform)
  const settings = { id, ...chosenSettings(chosen) }
  const values = sweep.values(architecture)
  const by = baseline && { ...settings, ...baseline }
  const kinds = by && canonicalJson(by) !== canonicalJson(settings) ? [settings, by] : [settings]
  return kinds.flatMap((each) => values.map((value) => [{ ...each, [sweep.setting]: value }]))
}

/** Measures the chosen sweep. One that is there already is measured anew. */
export async function measureSweep(app: App): Promise<void> {
  const { choices, library } = app.store.getState()
  const model = library?.models.find(({ id }) => id === choices.compress.model)
  if (!model) throw new Error(`${choices.compress.model} is not among the models here`)
  const spec: CompressSpec = {
    model: await referenceOf(app.host, model.id),
    chains: chosenChains(choices.compress, model.architecture),
    characters: measuredCharacters,
    calibration: calibrationCharacters,
    seed: choices.seed
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
    if (!compression) return []
    const { chains } = run.spec as CompressSpec
    const names = [...new Set(chains.map(sweepName))]
    const sweepOf = (name: string, baseline?: Sweep): Sweep => {
      const points = compression.points.filter(({ chain }) => sweepName(chain) === name)
      const first = chains.find((chain) => sweepName(chain) === name)?.[0]
      return {
        id: `${run.id} ${name}`,
        name,
        setting: first ? transformOf(first.id).sweep.setting : '',
        before: compression.before,
        points,
        measured: points.filter((point) => 'bytes' in point),
        baseline
      }
    }
    const [own, chance] = names
    return own === undefined ? [] : [sweepOf(own, chance === undefined ? undefined : sweepOf(chance))]
  })
}

/** A transform in words, with its settings that are not usual but for the one that is varied. */
function sweepName([first]: Chain): string {
  if (!first) return ''
  const { name, sweep, settings } = transformOf(first.id)
  const defaults: Settings = settings.parse({})
  const others = Object.entries(first).flatMap(([key, value]) =>
    key === 'id' || key === sweep.setting || value === defaults[key] ? [] : [`${key} ${value}`]
  )
  return [name, ...others].join(', ')
}

/** The value of the setting that is varied. */
export function valueOf({ chain: [first] }: CompressedPoint, { setting }: Pick<Sweep, 'setting'>): string {
  return String(first?.[setting] ?? '')
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

/** True of a compression of this model. */
export function isOf({ kind, spec }: RunRecord, model: string): boolean {
  return kind === compressForm.kind && (spec as CompressSpec).model.id === model
}
