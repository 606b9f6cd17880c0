import { lossText } from '../../terminal/model-figures'
import { type Ablation, damagePoints } from '../ablation'
import type { ShippedModel } from '../facts'
import { reportsSource } from '../records'
import { changeText, claimed, percentText } from '../words'
import { comparison, defineStory, sourcesOf } from '../write'

/** Balancing: why it is needed, what happens without it, and its cures. */
export const whenTheRouterCollapses = defineStory(
  'when-the-router-collapses',
  'When the router collapses',
  async (facts) => {
    const [balanced, free] = [facts.model('moe-64'), facts.model('moe-64-unbalanced')]
    const cures = ['moe-64', 'moe-64-loss-free', 'moe-64-sigmoid', 'moe-64-expert-choice'].map(facts.model)
    const [with16, without] = [
      await facts.recording<Ablation>('ablate-moe-64'),
      await facts.recording<Ablation>('ablate-moe-64-unbalanced')
    ]
    const shares = loadsOf(free)
    const last = shares.at(-1) ?? []
    const dead = last.filter((share) => share < 0.1 / last.length).length
    const correlation = ({ result }: typeof without) =>
      result.popularity_and_damage.find(({ layer }) => layer === null)?.correlation ?? Number.NaN
    const worstDead = without.result.rows.filter(
      ({ intervention: { layer, experts } }) =>
        layer === shares.length - 1 && (last[experts[0] ?? 0] ?? 1) < 0.1 / last.length
    )
    return {
      answer: `Without a balancing loss the busiest expert gets ${percentText(Math.max(...last))} and ${dead} of ${last.length} almost nothing; the loss is ${lossText(free.loss ?? none)} instead of ${lossText(balanced.loss ?? none)}.`,
      chapters: [
        {
          headline: 'A router that keeps the balance',
          text: [
            `moe-64: each expert should get ${percentText(1 / last.length)}.`,
            `The busiest gets ${percentText(largestOf(balanced))}.`,
            'A small extra loss punishes uneven loads (Switch Transformers, weight 0.01).'
          ],
          notes: 'Shares of the assignments on validation text. The dashed line is an even load.',
          minutes: 0.75,
          record: loadsRecord([balanced], 0)
        },
        {
          headline: 'The same without that loss',
          text: [
            `Now the busiest expert gets ${percentText(Math.max(...shares.flat()))}.`,
            claimed(
              dead >= 3,
              `In layer ${shares.length - 1}, ${dead} of ${last.length} experts get less than a tenth of an even share.`
            ),
            'Experts that are chosen learn, and are chosen again: the rich get richer.'
          ],
          notes: 'Same seed, same text, same number of steps; only the weight of the balancing loss is 0.',
          minutes: 1,
          choices: comparison({ left: 'moe-64-unbalanced', right: 'moe-64', pair: 'free' }),
          record: loadsRecord([balanced, free], 8)
        },
        {
          headline: 'What it costs',
          text: [
            `Loss ${lossText(free.loss ?? none)} instead of ${lossText(balanced.loss ?? none)}.`,
            'Idle experts take up memory and contribute nothing.',
            'Here that costs little; on many devices, all of them wait for the busiest expert.'
          ],
          notes: `The balanced model has ${balanced.reports.length} seeds, the other ${free.reports.length}: the difference is about as large as the spread over seeds. Do not oversell it.`,
          minutes: 0.75,
          record: {
            kind: 'bars',
            basis: 'shipped',
            source: `${reportsSource}; ends: standard deviation over seeds where there are several`,
            seconds: 0,
            quantity: 'loss above the floor, nats per character',
            format: 'loss',
            rows: [balanced, free, facts.model('dense-64')].map((model) => aboveFloor(model))
          }
        },
        {
          headline: 'Dead weight',
          text: [
            'Each point is an expert: its load, and the loss increase without it.',
            claimed(
              correlation(without) > 0.5,
              `Unbalanced, busy means needed: rank correlation ${changeText(correlation(without), 2)}.`
            ),
            claimed(
              worstDead.every(({ delta }) => delta < 0.01),
              `Any of the ${worstDead.length} idle ones could be removed for less than 0.01 nats.`
            )
          ],
          notes: `In the balanced model the same correlation is ${changeText(correlation(with16), 2)}. So “remove the unused expert” holds where balancing failed, and only there.`,
          minutes: 1,
          record: {
            kind: 'lines',
            basis: 'measured',
            source: without.command,
            seconds: 6,
            x: { label: 'load', scale: 'linear', format: 'percent' },
            y: { label: 'loss increase without it, nats per character', scale: 'linear', format: 'loss' },
            series: [{ id: 'experts', label: '', role: 'moe', mark: 'points', points: damagePoints(without.result) }],
            references: []
          }
        },
        {
          headline: 'Three other cures',
          text: [
            'Loss-free: a bias for each expert, adjusted after every step.',
            'Sigmoid gates in groups, with such a bias, too (DeepSeek-V3).',
            'Expert choice: experts pick their tokens, so training is even by construction.'
          ],
          notes:
            'The picture goes from model to model. Expert choice looks at later tokens while it trains, so it cannot write that way: here it is measured token by token, and is uneven again.',
          minutes: 1,
          record: loadsRecord(cures, 10)
        },
        {
          headline: 'Even is not the same as good',
          text: [
            'For each router: the load of its busiest expert, and its loss.',
            claimed(
              largestOf(facts.model('moe-64-loss-free')) < largestOf(balanced) &&
                (facts.model('moe-64-loss-free').loss?.mean ?? 0) > (balanced.loss?.mean ?? 9),
              'Loss-free is the most even, but not the best.'
            ),
            `Mostly one seed each: ${changeText(balanced.loss?.deviation ?? Number.NaN)} nats can be chance.`
          ],
          notes:
            'The spread over seeds of moe-64 is the yardstick. A claim about routers needs several seeds and sizes; these are small models.',
          minutes: 0.75,
          record: {
            kind: 'lines',
            basis: 'shipped',
            source: reportsSource,
            seconds: 4,
            x: { label: 'largest load of an expert', scale: 'linear', format: 'percent' },
            y: { label: 'loss, nats per character', scale: 'linear', format: 'loss' },
            series: [
              {
                id: 'routers',
                label: '',
                role: 'moe',
                mark: 'points',
                points: [...cures, free]
                  .map((model) => ({
                    x: largestOf(model),
                    y: model.loss?.mean ?? Number.NaN,
                    name: model.id.replace('moe-64-', '')
                  }))
                  .toSorted((a, b) => a.x - b.x)
              }
            ],
            references: []
          }
        },
        sourcesOf([
          { what: 'Loads and losses', from: reportsSource },
          { what: 'Damage', from: `${with16.command}; ${without.command}` },
          { what: 'Balancing loss', from: 'Fedus et al. 2021, Switch Transformers, arXiv 2101.03961' },
          {
            what: 'Loss-free balancing, sigmoid groups',
            from: 'Wang et al. 2024, arXiv 2408.15664; DeepSeek-AI 2024, arXiv 2412.19437'
          },
          { what: 'Expert choice', from: 'Zhou et al. 2022, arXiv 2202.09368' }
        ])
      ]
    }
  }
)

const none = { mean: Number.NaN, deviation: null }

/** Shares of the assignments on the validation text: `[MoE layers][experts]`. */
function loadsOf({ reports: [{ assignments }] }: ShippedModel): number[][] {
  return assignments.map((layer) => {
    const experts = layer.map((counts) => counts.reduce((sum, each) => sum + each, 0))
    const all = experts.reduce((sum, each) => sum + each, 0)
    return experts.map((each) => each / all)
  })
}

function largestOf(model: ShippedModel): number {
  return Math.max(...loadsOf(model).flat())
}

function loadsRecord(models: readonly ShippedModel[], seconds: number) {
  return {
    kind: 'loads' as const,
    basis: 'shipped' as const,
    source: reportsSource,
    seconds,
    frames: models.map((model) => ({ label: model.id, shares: loadsOf(model) }))
  }
}

function aboveFloor({ id, role, loss, floor }: ShippedModel) {
  const above = (loss?.mean ?? Number.NaN) - (floor ?? 0)
  const deviation = loss?.deviation ?? null
  return {
    id,
    label: id,
    role,
    value: above,
    ...(deviation === null ? {} : { low: above - deviation, high: above + deviation })
  }
}
