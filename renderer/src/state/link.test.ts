import { domainIds } from '@core/corpus'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { architectureScreens, galleryColumns, openedId, ownDeviceId } from '../architectures/choices'
import { defaultPrompts, languages, limits, pairs } from '../compare/choices'
import { compressPages, mostBeside, sizeAxes, worthAxes } from '../compress/choices'
import {
  curveParts,
  defaultLab,
  defaultTraining,
  labAxes,
  labRunSchema,
  learningRateSchedules,
  lockedQuantities,
  mostRuns,
  smoothings,
  textCharacters,
  trainingTexts
} from '../lab/choices'
import { confidences, domainShares, evennesses, inspectionPages, pairKinds, routerChanges } from '../routing/choices'
import { defaultScaling, scalingQuestions } from '../scaling/choices'
import { gridFields, sweepCosts, sweepPictures } from '../sweeps/choices'
import { type Choices, choicesSchema, defaultChoices, views } from './choices'
import { linkWarnings, readLink, writeLink } from './link'

const compressionStep = {
  transform: fc.constantFrom('rtn', 'experts', 'layers'),
  settings: fc.dictionary(fc.constantFrom('by', 'block', 'symmetric'), fc.constantFrom('reap', 64, true), {
    noNullPrototype: true
  })
}

const anyChoices: fc.Arbitrary<Choices> = fc.record({
  view: fc.constantFrom(...views),
  prompt: fc.string({ unit: 'grapheme', maxLength: 60 }),
  tokens: fc.integer({ min: 1, max: limits.tokens }),
  seed: fc.integer({ min: 0, max: limits.seed }),
  temperature: fc.integer({ min: 0, max: 40 }).map((value) => value / 20),
  topP: fc.integer({ min: 1, max: 20 }).map((value) => value / 20),
  pair: fc.constantFrom(...pairs),
  left: fc.constantFrom('dense-64', 'moe-32'),
  right: fc.constantFrom('moe-64', 'dense-152'),
  pace: fc.integer({ min: 0, max: limits.pace }),
  score: fc.constantFrom('none', 'all', ...languages),
  expertsOff: fc.dictionary(
    fc.constantFrom('moe-64', 'moe-32'),
    fc.array(fc.record({ layer: fc.nat(3), experts: fc.uniqueArray(fc.nat(15), { minLength: 1 }) })),
    { noNullPrototype: true }
  ),
  selected: fc.option(fc.record({ model: fc.constantFrom(0, 1), position: fc.nat(600) })),
  story: fc.record({
    id: fc.constantFrom('', 'smaller-please'),
    chapter: fc.nat(199),
    edit: fc.boolean(),
    fromEditor: fc.boolean(),
    speaker: fc.boolean()
  }),
  sweep: fc.record({
    picture: fc.constantFrom(...sweepPictures),
    along: fc.constantFrom('tokens', 'flops'),
    cost: fc.constantFrom(...sweepCosts),
    filter: fc.constantFrom('', 'moe width=32 loss<3'),
    sort: fc.constantFrom('', 'loss', 'recipe.seed'),
    down: fc.boolean(),
    grid: fc.dictionary(fc.constantFrom(...gridFields), fc.constantFrom('1, 2, 3', '32'), { noNullPrototype: true }),
    run: fc.constantFrom('', 'my-moe-22k-ac663d8c3e3d641f')
  }),
  compress: fc.record({
    model: fc.constantFrom('moe-64', 'dense-64'),
    ...compressionStep,
    before: fc.array(fc.record(compressionStep), { maxLength: mostBeside }),
    after: fc.array(fc.record(compressionStep), { maxLength: mostBeside }),
    page: fc.constantFrom(...compressPages),
    x: fc.constantFrom(...sizeAxes),
    y: fc.constantFrom(...worthAxes),
    value: fc.constantFrom('', '4', '0.5'),
    without: fc.boolean()
  }),
  lab: fc.record({
    runs: fc.array(
      fc
        .record({
          kind: fc.constantFrom('dense', 'moe'),
          width: fc.constantFrom(24, 64),
          heads: fc.constantFrom(2, 4),
          layers: fc.integer({ min: 1, max: 8 }),
          experts: fc.integer({ min: 2, max: 32 }),
          topK: fc.integer({ min: 1, max: 4 }),
          expertWidth: fc.integer({ min: 1, max: 400 }),
          text: fc.constantFrom(...trainingTexts),
          balanceLoss: fc.constantFrom(0, 0.01),
          characters: fc.constantFrom(100_000, 2_000_000),
          checkpoints: fc.constantFrom(0, 8),
          seed: fc.nat(9),
          batch: fc.integer({ min: 1, max: 256 }),
          context: fc.integer({ min: 16, max: 256 }),
          textCharacters: fc.constantFrom(...textCharacters),
          shares: fc.dictionary(fc.constantFrom(...domainIds), fc.nat(100)),
          schedule: fc.constantFrom(...learningRateSchedules),
          warmupSteps: fc.nat(100),
          finalRate: fc.constantFrom(0, 0.03, 1),
          lock: fc.record({ to: fc.nat(3), in: fc.constantFrom(...lockedQuantities) })
        })
        .map((chosen) => labRunSchema.parse(chosen)),
      { minLength: 1, maxLength: mostRuns }
    ),
    edited: fc.nat(3),
    along: fc.constantFrom(...labAxes),
    scale: fc.constantFrom('linear', 'log'),
    shows: fc.constantFrom('loss', 'answers'),
    part: fc.constantFrom(...curveParts),
    smoothing: fc.constantFrom(...smoothings),
    zoom: fc.option(
      fc.tuple(fc.double({ noNaN: true, min: 0, max: 1e12 }), fc.double({ noNaN: true, min: 0, max: 1e12 }))
    )
  }),
  inspection: fc.record({
    page: fc.constantFrom(...inspectionPages),
    layer: fc.nat(100),
    expert: fc.nat(300),
    domains: fc.uniqueArray(fc.nat(8)),
    text: fc.string({ maxLength: 8 }),
    onlyExpert: fc.boolean(),
    token: fc.nat(1_000_000),
    change: fc.constantFrom(...routerChanges),
    forced: fc.string({ maxLength: 8 }),
    capacity: fc.integer({ min: 5, max: 80 }).map((value) => value / 20),
    batch: fc.integer({ min: 1, max: 65_536 }),
    pairs: fc.constantFrom(...pairKinds),
    domainShare: fc.constantFrom(...domainShares),
    beside: fc.option(fc.record({ name: fc.string({ unit: 'grapheme', maxLength: 20 }), place: fc.nat(9) })),
    gpus: fc.option(fc.constantFrom(2, 64)),
    copies: fc.nat(8),
    evenness: fc.constantFrom(...evennesses),
    confidence: fc.constantFrom(...confidences)
  }),
  architectures: fc.record({
    screen: fc.constantFrom(...architectureScreens),
    sort: fc.constantFrom(...galleryColumns),
    descending: fc.boolean(),
    filter: fc.string({ unit: 'grapheme', maxLength: 20 }),
    kind: fc.constantFrom('all', 'dense', 'moe'),
    model: fc.constantFrom('deepseek-v3', openedId),
    changes: fc.record(
      { experts: fc.integer({ min: 1, max: 512 }), layers: fc.integer({ min: 1, max: 80 }) },
      { requiredKeys: [] }
    ),
    compared: fc.array(fc.constantFrom('mixtral-8x7b', 'dbrx'), { maxLength: 4 }),
    format: fc.constantFrom('bf16', 'q4_k'),
    context: fc.integer({ min: 1, max: 2 ** 20 }),
    batch: fc.integer({ min: 1, max: 4096 }),
    device: fc.constantFrom('h100-sxm', 'this-machine', ownDeviceId),
    ownDevice: fc.option(
      fc.record({
        name: fc.string({ unit: 'grapheme', maxLength: 20 }),
        bandwidth: fc.constantFrom(0.5, 819),
        teraflops: fc.constantFrom(0.25, 400),
        memory: fc.constantFrom(8, 512),
        watts: fc.nat(1000),
        devices: fc.integer({ min: 1, max: 1024 }),
        link: fc.constantFrom(12.5, 900)
      })
    ),
    routing: fc.constantFrom('random', 'trace'),
    opened: fc.option(
      fc.record({
        name: fc.string({ maxLength: 20 }),
        config: fc.record({ model_type: fc.string({ unit: 'grapheme' }), hidden_size: fc.nat() }),
        bestEffort: fc.boolean()
      })
    )
  }),
  scaling: fc
    .record({
      question: fc.constantFrom(...scalingQuestions),
      flops: fc.integer({ min: 180, max: 260 }).map((value) => value / 10),
      utilisation: fc.constantFrom(0.3, 0.5)
    })
    .map((asked) => ({ ...defaultScaling, ...asked })),
  shown: fc.integer({ min: 0, max: limits.tokens })
})

test('a link restores every choice', () => {
  fc.assert(
    fc.property(anyChoices, (choices) => {
      const read = readLink(`#${writeLink(choices)}`)
      expect(read).toEqual({ choices, unreadable: [], leftOut: [], edition: 2 })
    })
  )
})

test('a link holds the view and only what differs from the defaults, in words', () => {
  expect(writeLink(defaultChoices)).toBe('view=home&edition=2')
  const choices: Choices = { ...defaultChoices, view: 'compare', prompt: 'geba lives in ', seed: 41 }
  expect(writeLink(choices)).toBe('view=compare&edition=2&prompt=geba+lives+in+&seed=41')
})

/** Choices of a link of when all shipped models were of the first edition of the corpus. */
const ofFirst: Choices = { ...defaultChoices, prompt: defaultPrompts[1] }

test('a link of before the shipped models changed says so, and has the first prompt of its time', () => {
  const link = readLink('#view=compare&seed=8&left=dense-24')
  expect(link?.choices).toEqual({ ...ofFirst, view: 'compare', seed: 8, left: 'dense-24' })
  expect(link && linkWarnings(link)).toEqual([expect.stringMatching(/earlier corpus/)])
  const today = readLink(writeLink({ ...defaultChoices, view: 'compare' }))
  expect(today && linkWarnings(today)).toEqual([])
  const later = readLink('#view=compare&edition=3')
  expect(later).toMatchObject({ choices: { prompt: defaultChoices.prompt }, unreadable: ['edition'] })
})

test('links of earlier versions open: they named no view, and held settings of the machine', () => {
  expect(readLink('#seed=41&theme=dark&backend=webgpu&threads=2')).toEqual({
    choices: { ...ofFirst, view: 'compare', seed: 41 },
    unreadable: [],
    leftOut: [],
    edition: 1
  })
})

test('a link to one training opens the Lab with it alone', () => {
  const training = { kind: 'moe', width: 64, characters: 500_000, seed: 2, heat: 3 }
  const link = readLink(`#${new URLSearchParams({ view: 'train', training: JSON.stringify(training) })}`)
  const run = { ...defaultTraining, kind: 'moe', width: 64, characters: 500_000, seed: 2 }
  expect(link).toEqual({
    choices: { ...ofFirst, view: 'lab', lab: { ...defaultLab, runs: [run] } },
    unreadable: ['training.heat'],
    leftOut: [],
    edition: 1
  })
  expect(readLink('#view=train')?.choices).toEqual({ ...ofFirst, view: 'lab' })
})

test('links to a trace open that were written before pairs, domains, placement and the other trace could be chosen', () => {
  const older = { page: 'pairs', layer: 1, expert: 2, domains: [1], text: 'a', onlyExpert: true, token: 3 }
  const link = readLink(`#view=trace&inspection=${encodeURIComponent(JSON.stringify(older))}`)
  expect(link).toEqual({
    choices: { ...ofFirst, view: 'trace', inspection: { ...defaultChoices.inspection, ...older } },
    unreadable: [],
    leftOut: [],
    edition: 1
  })
})

test('what cannot be read is named and left at its default', () => {
  const read = readLink('#view=moon&edition=2&seed=many&temperature=9&colour=red&tokens=12')
  expect(read?.unreadable).toEqual(['view', 'seed', 'temperature', 'colour'])
  expect(read?.choices).toEqual({ ...defaultChoices, view: 'compare', tokens: 12 })
})

test('of a link of a newer version is read what is known, and the rest is named', () => {
  const inspection = { page: 'attention', layer: 3, heat: 0.5 }
  const link = readLink(
    `#view=trace&edition=2&seed=3&${new URLSearchParams({ inspection: JSON.stringify(inspection) })}`
  )
  expect(link?.choices).toEqual({
    ...defaultChoices,
    view: 'trace',
    seed: 3,
    inspection: { ...defaultChoices.inspection, layer: 3 }
  })
  expect(link?.unreadable).toEqual(['inspection.page', 'inspection.heat'])
  expect(link && linkWarnings(link)).toEqual([
    expect.stringMatching(/inspection\.page, inspection\.heat.*newer Moescope/)
  ])
})

test('a link stays short: what is too long for it is left out and named', () => {
  const choices: Choices = { ...defaultChoices, view: 'compare', seed: 3, prompt: '\u4e00'.repeat(limits.prompt) }
  const fragment = writeLink(choices)
  expect(fragment).toBe('view=compare&edition=2&seed=3&left_out=prompt')
  const link = readLink(fragment)
  expect(link).toEqual({
    choices: { ...choices, prompt: defaultChoices.prompt },
    unreadable: [],
    leftOut: ['prompt'],
    edition: 2
  })
  expect(link && linkWarnings(link)).toEqual([
    expect.stringContaining('too long for this, which has its default: prompt')
  ])
  expect(writeLink({ ...choices, prompt: 'a b'.repeat(limits.prompt / 3) })).toMatch(/prompt=a\+ba/)
})

test('an empty fragment is no link', () => {
  expect(readLink('#')).toBeUndefined()
  expect(readLink('')).toBeUndefined()
})

test('the defaults are valid', () => {
  expect(choicesSchema.parse(defaultChoices)).toEqual(defaultChoices)
})
