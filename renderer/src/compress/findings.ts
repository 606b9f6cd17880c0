/** Looks at what transforms make of a model: its speed, its text, its parts. */
import { canonicalJson } from '@core/canonical-json'
import type { RunForm } from '@core/lab/kind'
import { type CompressSpeedSpec, compressSpeedForm } from '@core/lab/kinds/compress-speed'
import { type CompressTextSpec, compressTextForm } from '@core/lab/kinds/compress-text'
import {
  type Finding,
  findingName,
  type LikenessFinding,
  readFinding,
  type SensitivityFinding,
  type SpeedFinding,
  type TextFinding
} from '@core/lab/kinds/findings'
import { type LikenessSpec, likenessForm } from '@core/lab/kinds/likeness'
import { type SensitivitySpec, sensitivityForm } from '@core/lab/kinds/sensitivity'
import type { ModelReference } from '@core/lab/model-reference'
import { isUnderWay, type RunRecord } from '@core/lab/run'
import { computeAnew } from '../lab/compute-anew'
import { presentEngine } from '../lab/measure'
import { referenceOf } from '../lab/models'
import { findingKinds } from '../lab/results'
import type { App } from '../state/app'
import type { AppState } from '../state/app-state'
import { specOf } from './chain'
import { calibrationCharacters, type MeasuredPoint, type Sweep, type SweepPoint } from './sweeps'

/** Characters of validation text for each part: there are many parts, and each says its standard error. */
export const partCharacters = 12_000

type Known = Pick<AppState, 'runs' | 'findings'>

/** Measures the speed of the model of a sweep and of each of its points; nothing else computes meanwhile. */
export async function measureSpeeds(app: App, { spec, measured }: Sweep): Promise<void> {
  const { model, calibration, seed } = spec
  const on = await presentEngine(app)
  await computeAnew(app.lab, compressSpeedForm, { on, model, chains: chainsOf(measured), calibration, seed })
}

/** The speeds of the points of a sweep, by the last measurement; undefined before one. */
export function speedsOf({ runs, findings }: Known, { spec, points }: Sweep): SpeedFinding['points'] | undefined {
  const model = canonicalJson(spec.model)
  const known = points.map(({ chain }) => canonicalJson(chain))
  const run = runs.findLast((each) => {
    const own = each.spec as CompressSpeedSpec
    return (
      each.kind === compressSpeedForm.kind &&
      findings[each.id] !== undefined &&
      canonicalJson(own.model) === model &&
      own.chains.every((chain) => known.includes(canonicalJson(chain)))
    )
  })
  return run && (findings[run.id] as SpeedFinding).points
}

function chainsOf(points: readonly Pick<SweepPoint, 'chain'>[]): CompressSpeedSpec['chains'] {
  return points.map(({ chain }) => chain.map((each) => ({ ...each })))
}

/** Has the model of a sweep and that of one of its points write what Compare's prompt and seed ask for. */
export async function writeTexts({ lab, store }: App, sweep: Sweep, point: MeasuredPoint): Promise<void> {
  await lab.queue.add({ kind: compressTextForm.kind, spec: textSpec(store.getState(), sweep, point) })
}

/** Both texts of a point; undefined before they are written. */
export function textsOf(
  state: Known & Pick<AppState, 'choices'>,
  sweep: Sweep,
  point: MeasuredPoint
): TextFinding | undefined {
  return findingOf(state, compressTextForm, textSpec(state, sweep, point)) as TextFinding | undefined
}

function textSpec({ choices }: Pick<AppState, 'choices'>, { spec }: Sweep, point: MeasuredPoint): CompressTextSpec {
  const { prompt, tokens, seed, temperature, topP } = choices
  const { model, calibration } = spec
  const [chain = []] = chainsOf([point])
  const drawn = point.seed ?? spec.seed
  return { model, chain, calibration, seed: drawn, settings: { prompt, tokens, seed, temperature, topP } }
}

/** Measures the chosen model with one part after the other changed by the chosen transform, or taken out. */
export async function measureParts(app: App): Promise<void> {
  const { choices } = app.store.getState()
  const { model, without } = choices.compress
  const spec: SensitivitySpec = {
    ...(await calibrated(app, model)),
    transform: without ? null : specOf(choices.compress),
    characters: partCharacters
  }
  await addOrAnew(app, sensitivityForm, spec)
}

/** The last measurement of this model's parts under the chosen transform, or without each; undefined before one. */
export function partsFound({
  runs,
  findings,
  choices
}: Known & Pick<AppState, 'choices'>): SensitivityFinding | undefined {
  const { compress } = choices
  const transform = canonicalJson(compress.without ? null : specOf(compress))
  const run = runs.findLast(
    (each) =>
      isOfKind(each, sensitivityForm, compress.model) &&
      findings[each.id] !== undefined &&
      canonicalJson((each.spec as SensitivitySpec).transform) === transform
  )
  return run && (findings[run.id] as SensitivityFinding)
}

/** Measures which layers and experts of the chosen model do nearly the same. @param keep experts left in a layer */
export async function measureLikeness(app: App, keep: number): Promise<void> {
  const spec: LikenessSpec = { ...(await calibrated(app, app.store.getState().choices.compress.model)), keep }
  await addOrAnew(app, likenessForm, spec)
}

/** The last measurement of that kind of a model, with the experts that would be left; undefined before one. */
export function likenessFound(
  { runs, findings }: Known,
  model: string
): { readonly finding: LikenessFinding; readonly keep: number } | undefined {
  const run = runs.findLast((each) => isOfKind(each, likenessForm, model) && findings[each.id] !== undefined)
  return run && { finding: findings[run.id] as LikenessFinding, keep: (run.spec as LikenessSpec).keep }
}

/** The run of a kind that waits or computes for a model. */
export function runOf<Spec extends { readonly model: ModelReference }>(
  runs: readonly RunRecord[],
  form: RunForm<Spec>,
  model: string
): RunRecord | undefined {
  return runs.find((run) => isUnderWay(run) && isOfKind(run, form, model))
}

/** Reads the findings of earlier sessions about models of this id that had its present weights. */
export async function readFindings({ host, lab, store }: App, model: string): Promise<void> {
  const runs = lab.queue.records.filter(
    ({ kind, spec }) => findingKinds.includes(kind) && (spec as { readonly model: ModelReference }).model.id === model
  )
  if (runs.length === 0) return
  const present = canonicalJson(await referenceOf(host, model))
  for (const { id, spec } of runs) {
    const isPresent = canonicalJson((spec as { readonly model: ModelReference }).model) === present
    const content = isPresent && !store.getState().findings[id] ? await lab.files(id).read(findingName) : undefined
    if (!content) continue
    const finding = readFinding(content)
    store.setState(({ findings }) => ({ findings: { [id]: finding, ...findings } }))
  }
}

async function calibrated({ host, store }: App, model: string) {
  return {
    model: await referenceOf(host, model),
    calibration: calibrationCharacters,
    seed: store.getState().choices.seed
  }
}

async function addOrAnew<Spec>({ lab }: App, form: RunForm<Spec>, spec: Spec): Promise<void> {
  const { status } = await lab.queue.add({ kind: form.kind, spec })
  if (status === 'finished') await computeAnew(lab, form, spec)
}

function findingOf<Spec>({ runs, findings }: Known, form: RunForm<Spec>, spec: Spec): Finding | undefined {
  const wanted = canonicalJson(spec)
  const run = runs.findLast((each) => each.kind === form.kind && canonicalJson(each.spec) === wanted)
  return run && findings[run.id]
}

function isOfKind({ kind, spec }: RunRecord, form: { readonly kind: string }, model: string): boolean {
  return kind === form.kind && (spec as { readonly model: ModelReference }).model.id === model
}
