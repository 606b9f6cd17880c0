import type { BarsRecord, LinesRecord } from '@core/stories/records'
import type { Comparison } from '../../compare/command'
import { lossText, sizeText } from '../../terminal/model-figures'
import type { Facts, ShippedModel } from '../facts'
import { endsOf, lossPoints, metersOf, reportsSource, textsOf } from '../records'
import { claimed, percentText, rangeText, timesText } from '../words'
import { comparison, defineStory, sourcesOf } from '../write'

/** Total, active and effective parameters: what experts cost, and what they are worth. */
export const whatDoExpertsBuy = defineStory('what-do-experts-buy', 'What do experts buy?', async (facts) => {
  const [dense, moe, large] = [facts.model('dense-64'), facts.model('moe-64'), facts.model('dense-152')]
  const { perActive, effective } = moe.worth.total
  const worth = effective.kind === 'interval' ? effective.estimate : Number.NaN
  const times = timesText(perActive.estimate ?? Number.NaN)
  const written = await facts.recording<Comparison>('compare-fact')
  const moeLoss = moe.loss?.mean ?? Number.NaN
  return {
    answer: `An MoE of ${sizeText(moe.active.all)} active parameters is worth a dense model of ${times} that size.`,
    chapters: [
      {
        headline: 'Two models, one prompt',
        text: [
          `Both use about ${sizeText(dense.active.all)} parameters per character.`,
          'The second has 16 experts in each layer, and uses two of them.',
          'Wrong answers are struck out: the text is generated, so the truth is known.'
        ],
        notes:
          'Let both write before you say anything. Then ask the room which one is larger. Both were trained by this project, on the same text, with the same optimiser. One answer each proves nothing; the next chapters do the counting.',
        minutes: 0.75,
        choices: comparison({ prompt: written.result.prompt, left: dense.id, right: moe.id }),
        record: textsOf(written, 14)
      },
      {
        headline: 'A model has three sizes',
        text: [
          `Total: every weight, ${sizeText(moe.total)}. Memory must hold it.`,
          `Active: what one token touches, ${sizeText(moe.active.all)}. That is its cost.`,
          'Effective: the dense model of the same loss. That is its worth.'
        ],
        notes:
          'A dense model has one size, an MoE has three. Circle: active. Square: total. Diamond: effective, with its 95 % interval. The scale is logarithmic and the same for both.',
        minutes: 1,
        pointer: moe.id,
        record: metersOf([dense, moe])
      },
      {
        headline: 'What an expert model is worth',
        text: [
          `Effective parameters: ${rangeText({ estimate: worth, low: endOf(moe, 'low'), high: endOf(moe, 'high') })}.`,
          `It computes with ${sizeText(moe.active.all)} and weighs ${sizeText(moe.total)}.`,
          claimed(
            worth > moe.active.all && worth < moe.total,
            'Its worth lies between what it costs and what it weighs.'
          )
        ],
        notes: `The one number to remember. It comes from ${moe.reports.length} seeds, with a 95 % confidence interval. An MoE is not worth its total size, but it is worth more than its active one.`,
        minutes: 0.75,
        record: {
          kind: 'figure',
          basis: 'shipped',
          source: reportsSource,
          seconds: 0,
          value: perActive.estimate ?? Number.NaN,
          ...endsOf(perActive),
          format: 'ratio',
          words: 'as many effective as active parameters, after the same training text',
          role: 'moe'
        }
      },
      {
        headline: 'How this is measured',
        text: [
          'Eight dense models, trained alike, give a curve of loss against size.',
          `${moe.id} has a loss of ${lossText(moe.loss ?? { mean: Number.NaN, deviation: null })}.`,
          'Read across to the curve: that size is its worth. Nothing is extrapolated.'
        ],
        notes:
          'Loss is in nats per character on text that no model has seen. The floor is the entropy of the generated text: no model can go below it. The interval comes from the spread over seeds.',
        minutes: 1,
        pointer: moe.id,
        record: familyCurve(facts, [moe], worth)
      },
      {
        headline: 'Experts buy memory',
        text: [
          'Share of right answers on facts, word pairs and a code book.',
          claimed(
            shares(moe, memory).every((share, i) => share > (shares(dense, memory)[i] ?? 1)),
            'At equal active size the MoE knows more of all three.'
          ),
          `On facts: ${percentText(shareOf(moe, 'fact'))} against ${percentText(shareOf(dense, 'fact'))}.`
        ],
        notes:
          'The questions are on held-out text; the facts themselves were in the training text. This agrees with “Mixture of Parrots” (Jelassi et al. 2024): memory grows with the number of experts.',
        minutes: 1,
        record: answersOf([dense, moe], memory)
      },
      {
        headline: 'Whether they buy computation is open',
        text: [
          'Reversing and sorting, closing brackets, variables.',
          `${dense.id} to ${moe.id}: ${computation
            .map((domain) => `${percentText(shareOf(dense, domain))} to ${percentText(shareOf(moe, domain))}`)
            .join(', ')}.`,
          claimed(
            moe.worth.computation.effective.kind === 'undetermined',
            'The seed matters as much as the size: no effective size can be given.'
          )
        ],
        notes:
          'Such a task is either learnt or not, and chance decides when. Say plainly that this is open: “Mixture of Parrots” predicts that experts do not help here, and our models do not settle it.',
        minutes: 1,
        record: answersOf([dense, moe], computation)
      },
      {
        headline: 'The price is memory',
        text: [
          `A dense model of the same total size: loss ${lossText(large.loss ?? { mean: Number.NaN, deviation: null })}.`,
          claimed(
            (large.loss?.mean ?? Number.NaN) < moeLoss,
            `${moe.id}: ${lossText(moe.loss ?? { mean: Number.NaN, deviation: null })}. It is worse, weight for weight.`
          ),
          `But it computes with ${timesText(large.active.all / moe.active.all)} fewer parameters per token.`
        ],
        notes:
          'Now turn the comparison around. If memory is what you lack, a dense model uses it better; if compute is what you lack, experts do.',
        minutes: 0.75,
        choices: comparison({ left: large.id, right: moe.id, pair: 'equal-total' }),
        pointer: moe.id,
        record: metersOf([large, moe])
      },
      {
        headline: 'The same for every shipped model',
        text: [
          'Each point is one model: what a token costs, and its loss.',
          claimed(
            facts.models
              .filter(isPlainMoe)
              .filter(({ worth }) => worth.total.perActive.estimate !== null)
              .every(({ worth }) => (worth.total.perActive.low ?? 0) > 1),
            'Every MoE within the range of the dense sizes beats their curve, interval and all.'
          ),
          'Quality has its price either way: experts pay it in memory.'
        ],
        notes: 'Only models with two layers are shown. End on the last line.',
        minutes: 0.75,
        record: familyCurve(facts, facts.models.filter(isPlainMoe))
      },
      sourcesOf([
        {
          what: 'Losses, parameters, answers',
          from: `${reportsSource} (assets/models), ${moe.reports.length} seeds of ${moe.id}`
        },
        { what: 'The two texts', from: written.command },
        { what: 'Effective parameters', from: 'interpolated on the dense family, 95 % interval; moescope models' },
        { what: 'Experts buy memory', from: 'Jelassi et al. 2024, Mixture of Parrots, arXiv 2410.19034' },
        {
          what: 'Mixture of experts',
          from: 'Shazeer et al. 2017, arXiv 1701.06538; Jiang et al. 2024, Mixtral, arXiv 2401.04088'
        }
      ])
    ]
  }
})

const memory = ['fact', 'dict', 'book'] as const
const computation = ['seq', 'brkt', 'var'] as const

type Asked = (typeof memory | typeof computation)[number]

/** In the words of the app. */
const names: Readonly<Record<Asked, string>> = {
  fact: 'facts',
  dict: 'word pairs',
  book: 'code book',
  seq: 'reverse and sort',
  brkt: 'brackets',
  var: 'variables'
}

function isPlainMoe({ role, architecture }: ShippedModel): boolean {
  return role === 'moe' && architecture.layers.length === 2
}

function endOf({ worth }: ShippedModel, end: 'low' | 'high'): number | null {
  const { effective } = worth.total
  return effective.kind === 'interval' ? effective[end] : null
}

/** Share of right answers of a domain on the validation text, over all seeds. */
function shareOf({ reports }: ShippedModel, domain: Asked): number {
  const scores = reports.flatMap(({ result }) => result.answers?.domains[domain] ?? [])
  return sum(scores.map(({ right }) => right)) / sum(scores.map(({ total }) => total))
}

function shares(model: ShippedModel, domains: readonly Asked[]): number[] {
  return domains.map((domain) => shareOf(model, domain))
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

function answersOf(models: readonly ShippedModel[], domains: readonly Asked[]): BarsRecord {
  return {
    kind: 'bars',
    basis: 'shipped',
    source: `${reportsSource}, answers of the validation text, mean over seeds`,
    seconds: 3,
    quantity: 'share of right answers',
    format: 'percent',
    rows: domains.flatMap((domain) =>
      models.map((model) => ({
        id: `${domain} ${model.id}`,
        label: `${names[domain]}, ${model.id}`,
        role: model.role,
        value: shareOf(model, domain)
      }))
    )
  }
}

/** Losses of the dense family as a curve, with others beside it at what a token costs them. */
function familyCurve({ models }: Facts, others: readonly ShippedModel[], worth?: number): LinesRecord {
  const family = models.filter(({ role, architecture }) => role === 'dense' && isTwoLayers(architecture))
  const floor = models.find(({ floor }) => floor !== null)?.floor
  const [only] = others
  return {
    kind: 'lines',
    basis: 'shipped',
    source: reportsSource,
    seconds: 5,
    x: { label: 'active parameters', scale: 'log', format: 'count' },
    y: { label: 'loss, nats per character', scale: 'linear', format: 'loss' },
    series: [
      { id: 'dense', label: 'dense', role: 'dense', mark: 'line', points: lossPoints(family, ({ total }) => total) },
      ...(worth && only?.loss
        ? [
            {
              id: only.id,
              label: '',
              role: 'moe' as const,
              mark: 'line' as const,
              dashed: true,
              points: [
                { x: only.active.all, y: only.loss.mean, name: only.id },
                { x: worth, y: only.loss.mean, name: sizeText(worth) }
              ]
            }
          ]
        : [
            {
              id: 'moe',
              label: 'MoE',
              role: 'moe' as const,
              mark: 'points' as const,
              points: lossPoints(others, ({ active }) => active.all)
            }
          ])
    ],
    references: floor ? [{ y: floor, label: 'floor' }] : []
  }
}

function isTwoLayers({ layers, sharedLayers }: ShippedModel['architecture']): boolean {
  return layers.length === 2 && !sharedLayers
}
