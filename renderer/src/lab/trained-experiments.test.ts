/** Every experiment from its runs to its sentence, on models that are trained here, small ones of the same proportions. */
import { readTrainingReport, type TrainingReport } from '@core/formats/training-report'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { App } from '../state/app'
import type { ChosenModel, LabRun } from './choices'
import { experiments } from './experiments'
import { withLocks } from './lock'
import { charactersPerStep } from './problems'
import { verdictOf } from './seed-verdict'
import { endedBySeed, playSeeds, runsBySeed } from './seeds'
import { smallApp, smallHost } from './small-lab.fixture'
import { recordOf } from './specs'
import { playRuns } from './train'

const steps = 12

const half = (width: number) => Math.max(8, 8 * Math.round(width / 16))

/**
 * The run in half the layers of half the width, over few steps; a text that is read again and again is small, too, and
 * another one a few times as long as what is read of it.
 */
function smaller(run: LabRun): LabRun {
  const { width, layers, expertWidth, textCharacters } = run
  return {
    ...run,
    layers: Math.ceil(layers / 2),
    width: half(width),
    checkpoints: 0,
    characters: charactersPerStep(run) * (textCharacters === undefined ? steps : 10 * steps),
    ...(expertWidth === undefined ? {} : { expertWidth: expertWidth / 4 }),
    textCharacters: textCharacters === undefined ? 100_000 : 1000,
    ...smallerModels(run)
  }
}

/** The other models of a run in the same proportions. */
function smallerModels({ from, teacher }: LabRun): Pick<LabRun, 'from' | 'teacher'> {
  const training = (model: ChosenModel) => ('training' in model ? { training: smaller(model.training) } : model)
  return {
    ...(from ? { from: { ...training(from), ...(from.transforms ? { transforms: from.transforms } : {}) } } : {}),
    ...(teacher ? { teacher: { ...teacher, model: training(teacher.model) } } : {})
  }
}

let app: App

beforeAll(() => {
  vi.stubGlobal('navigator', { userAgent: 'this machine' })
  ;({ app } = smallApp(smallHost()))
})

afterAll(() => void vi.unstubAllGlobals())

async function reportsOf(runs: readonly LabRun[]): Promise<TrainingReport[]> {
  return Promise.all(
    runs.map(async (run) => {
      const { id } = recordOf(app.lab.queue.records, run) ?? { id: '' }
      return readTrainingReport((await app.lab.files(id).read('training.json')) ?? new Uint8Array())
    })
  )
}

async function ended(runs: readonly LabRun[]): Promise<void> {
  for (const run of runs) await app.lab.queue.ended(recordOf(app.lab.queue.records, run)?.id ?? '')
}

const lossOf = (report: TrainingReport | undefined) => report?.result.loss ?? Number.NaN
const lowestOf = (report: TrainingReport | undefined) => Math.min(...(report?.curve ?? []).map(({ loss }) => loss))
const rightOf = (report: TrainingReport | undefined, group: 'memory' | 'computation') => {
  const { right, total } = report?.result.answers?.[group] ?? { right: Number.NaN, total: 1 }
  return right / total
}
const isBelow = (low: number, high: number) => (reports: readonly TrainingReport[]) =>
  lossOf(reports[low]) < lossOf(reports[high])

/** The claims once more, on the reports that trainings leave; undefined where a report does not tell. */
const claims: Readonly<Record<string, (reports: readonly TrainingReport[]) => boolean | undefined>> = {
  'equal-active': isBelow(1, 0),
  granularity: isBelow(2, 0),
  'top-k': isBelow(1, 0),
  // Of loads on the way a report tells nothing.
  collapse: () => undefined,
  memory: isBelow(3, 0),
  'memory-or-computation': ([dense, moe]) =>
    rightOf(moe, 'memory') - rightOf(dense, 'memory') > rightOf(moe, 'computation') - rightOf(dense, 'computation'),
  diminishing: (reports) => {
    const sizes = reports.map((report) => [sizeOf(report), lossOf(report)] as const)
    const slopes = sizes.slice(1).map(([size, loss], i) => {
      const [smaller, higher] = sizes[i] ?? [1, 1]
      return (higher - loss) / (Math.log(size) - Math.log(smaller))
    })
    return slopes.slice(1).every((slope, i) => slope < (slopes[i] ?? 0))
  },
  overfitting: ([small, large]) => lossOf(large) - lowestOf(large) > lossOf(small) - lowestOf(small),
  'iso-flop': (reports) => {
    const losses = reports.map(lossOf)
    return ![0, losses.length - 1].includes(losses.indexOf(Math.min(...losses)))
  },
  specialist: ([small, large]) => (small?.result.domains.var ?? 0) < (large?.result.domains.var ?? 0),
  'more-data': isBelow(1, 0),
  'fine-tuned': ([small, large]) => (small?.result.domains.var ?? 0) < (large?.result.domains.var ?? 0),
  distillation: ([alone, taught, ...much]) => lossOf(taught) < lossOf(alone) && lossOf(much[1]) < lossOf(much[0]),
  healing: ([, pruned, control]) => {
    const [before, unpruned] = [pruned, control].map((report) => report?.curve[0]?.loss ?? Number.NaN)
    return lossOf(pruned) - lossOf(control) < ((before ?? 0) - (unpruned ?? 0)) / 2
  },
  'tied-layers': isBelow(1, 2)
}

/** Forward and backward FLOPs of a token grow with the matrices, and the sum of all runs is in every report. */
const sizeOf = ({ flops, characters }: TrainingReport) => flops / characters

test.each(experiments)(
  '$id is trained, and its claim answered with the figures of its runs',
  async (experiment) => {
    const runs = withLocks(experiment.runs.map(smaller), [])
    await playRuns(app, runs)
    await ended(runs)
    await expect.poll(() => endedBySeed(app.store.getState(), runs)).toHaveLength(1)
    const [group = []] = endedBySeed(app.store.getState(), runs)
    const reports = await reportsOf(runs)
    expect(group.map(({ loss }) => loss)).toEqual(reports.map(lossOf))
    const { holds, sentence, shows } = verdictOf(experiment.check, [group])
    const claim = claims[experiment.id]
    if (!claim) throw new Error(`expected the claim of '${experiment.id}' once more`)
    const expected = claim(reports)
    if (expected !== undefined) expect(holds).toBe(expected)
    expect(typeof holds).toBe('boolean')
    expect(sentence).toMatch(/\d/)
    expect(sentence).not.toMatch(/NaN|undefined|Infinity/)
    expect(shows).toBe('Small form: one seed, measured here.')
    if (experiment.id === 'overfitting') expect(holds).toBe(true)
  },
  120_000
)

test('the thorough form trains three seeds one after the other, and judges their means', async () => {
  const experiment = experiments.find(({ id }) => id === 'top-k')
  if (!experiment) throw new Error("expected an experiment 'top-k'")
  const runs = experiment.runs.map((run) => ({ ...smaller(run), seed: 11 }))
  const together = new Set<string>()
  const stop = app.lab.queue.subscribe(() => {
    const seeds = app.lab.queue.records.flatMap(({ status, spec }) =>
      status === 'running' ? (spec as { recipe: { seed: number } }).recipe.seed : []
    )
    together.add([...new Set(seeds)].join())
  })
  await playSeeds(app, runs)
  stop()
  expect([...together].filter(Boolean)).toEqual(['11', '12', '13'])
  await expect.poll(() => endedBySeed(app.store.getState(), runs)).toHaveLength(3)
  const [first = [], ...more] = endedBySeed(app.store.getState(), runs)
  const { holds, shows } = verdictOf(experiment.check, [first, ...more])
  const losses = await Promise.all(runsBySeed(runs).map(async (group) => (await reportsOf(group)).map(lossOf)))
  const mean = (place: number) => losses.reduce((sum, group) => sum + (group[place] ?? Number.NaN), 0) / 3
  const alone = losses.filter(([one = 0, two = 0]) => two < one).length
  expect(holds).toBe(mean(1) < mean(0))
  expect(shows).toBe(`Thorough form: means of 3 seeds, measured here; it comes out with ${alone} of the 3 alone.`)
  // Asked for again, nothing is trained.
  const records = app.lab.queue.records
  await playSeeds(app, runs)
  expect(app.lab.queue.records).toBe(records)
}, 120_000)
