import { domains } from '@core/corpus'
import type { DomainId } from '@core/corpus/domain-ids'
import { domainIds } from '@core/corpus/domain-ids'
import type { BarsRecord } from '@core/stories/records'
import type { Comparison } from '../../compare/command'
import { type Ablation, damagePoints, sharesOf } from '../ablation'
import { textsOf } from '../records'
import { changeText, claimed, percentText } from '../words'
import { comparison, defineStory, sourcesOf, view } from '../write'

/** One expert, known by what it reads and by what is lost without it. */
export const whoIsExpert5 = defineStory('who-is-expert-5', 'Who is expert 5?', async (facts) => {
  const ablation = await facts.recording<Ablation>('ablate-moe-64')
  const loads = await facts.recording<Readonly<Record<DomainId, readonly (readonly number[])[]>>>('loads-by-domain')
  const written = await facts.recording<Comparison>('compare-seq')
  const { rows, baseline, popularity_and_damage: ranks } = ablation.result
  const rowOf = (expert: number) =>
    rows.find(({ intervention: { layer, experts } }) => layer === 0 && experts[0] === expert)
  const five = rowOf(5)
  const largest = rows.filter(({ intervention }) => intervention.layer === 0).toSorted((a, b) => b.delta - a.delta)[0]
  if (!five || !largest) throw new Error('the ablation has no row of expert 5')
  const damage = domainIds
    .map((id) => ({ id, title: titleOf(id), delta: five.domains[id]?.delta ?? 0 }))
    .toSorted((a, b) => b.delta - a.delta)
  const [first, second] = damage
  const load = sharesOf(baseline.loads)[0] ?? []
  const shareIn = (id: DomainId, expert: number) => loads.result[id][0]?.[expert] ?? Number.NaN
  const experts = load.length
  const readMost = domainIds.toSorted((a, b) => shareIn(b, 5) - shareIn(a, 5))[0] ?? 'var'
  const correlation = ranks.find(({ layer }) => layer === null)?.correlation ?? Number.NaN
  const other = largest.intervention.experts[0] ?? 0
  return {
    answer: `Without it the loss on ${titleOf(first?.id ?? 'var')} rises by ${first?.delta.toFixed(3)} nats, and on everything else by less than ${Math.max(...damage.slice(1).map(({ delta }) => Math.abs(delta))).toFixed(2)}.`,
    chapters: [
      {
        headline: 'Each character goes to two experts',
        text: [
          'moe-64 writes. In each of its two layers a router sends each character to two experts.',
          'Which ones changes with every character.',
          'We follow one of them: layer 0, expert 5.'
        ],
        notes:
          'Let it run once, then step back with the up arrow and stop at a character. Experts are counted from 0, as in checkpoints.',
        minutes: 0.75,
        choices: comparison({ prompt: written.result.prompt, left: 'dense-64', right: 'moe-64' }),
        record: textsOf(written, 16)
      },
      {
        headline: 'Is it busy?',
        text: [
          `It gets ${percentText(load[5] ?? Number.NaN)} of all characters of its layer; an even share is ${percentText(1 / experts)}.`,
          'A load-balancing loss keeps all of them about equally busy.',
          'So the load says nothing about who it is.'
        ],
        notes: 'Shares of the assignments on unseen text of all domains.',
        minutes: 0.75,
        pointer: '0:5',
        record: {
          kind: 'loads',
          basis: 'measured',
          source: ablation.command,
          seconds: 0,
          frames: [{ label: 'moe-64, all domains', shares: sharesOf(baseline.loads) }]
        }
      },
      {
        headline: 'What does it read?',
        text: [
          `Most of all ${titleOf(readMost)}: there it gets ${percentText(shareIn(readMost, 5))}.`,
          'Domain after domain, from where it gets least to where it gets most.',
          'Others specialise far more: look at sums, and at reversing.'
        ],
        notes:
          'Domains are known because the text is generated; nobody told the router about them. The up and down arrows step through them.',
        minutes: 1,
        pointer: '0:5',
        record: {
          kind: 'loads',
          basis: 'measured',
          source: loads.command,
          seconds: 16,
          frames: domainIds
            .toSorted((a, b) => shareIn(a, 5) - shareIn(b, 5))
            .map((id) => ({ label: titleOf(id), shares: loads.result[id].map((layer) => [...layer]) }))
        }
      },
      {
        headline: 'What is lost without it?',
        text: [
          'The router may not choose it; the next best takes its place.',
          claimed(
            (first?.delta ?? 0) > 5 * Math.abs(second?.delta ?? 1),
            `The loss on ${titleOf(first?.id ?? 'var')} rises by ${first?.delta.toFixed(3)} nats.`
          ),
          `Little else moves: next comes ${titleOf(second?.id ?? 'seq')} with ${second?.delta.toFixed(3)}.`
        ],
        notes:
          'An ablation: mask one expert, and measure on the same text. What it reads is correlation; this is what it is needed for.',
        minutes: 1,
        choices: view('trace', { inspection: { page: 'causes' } }),
        record: damageBars(damage, ablation.command)
      },
      {
        headline: `And expert ${other}?`,
        text: [
          `Just as busy: ${percentText(load[other] ?? Number.NaN)} of the characters.`,
          claimed(
            largest.delta > 10 * five.delta,
            `Without it the loss rises by ${largest.delta.toFixed(2)} nats over all text, not ${five.delta.toFixed(3)}.`
          ),
          'Some experts are needed for much, some for one thing.'
        ],
        notes: 'The most important expert of this layer, measured the same way.',
        minutes: 0.75,
        record: damageBars(
          domainIds
            .map((id) => ({ id, title: titleOf(id), delta: largest.domains[id]?.delta ?? 0 }))
            .toSorted((a, b) => b.delta - a.delta),
          ablation.command
        )
      },
      {
        headline: 'Popular does not mean important',
        text: [
          'All experts of both layers, expert 5 highlighted: load, and loss increase without it.',
          claimed(
            Math.abs(correlation) < 0.35,
            `Rank correlation: ${changeText(correlation, 2)}. That is within chance.`
          ),
          'So pruning the least used expert is a bad idea here.'
        ],
        notes:
          'With 32 experts a correlation below 0.35 cannot be told from none (95 %). Where nothing balances the load it is otherwise: see “When the router collapses”.',
        minutes: 1,
        pointer: 'five',
        record: {
          kind: 'lines',
          basis: 'measured',
          source: ablation.command,
          seconds: 6,
          x: { label: 'load', scale: 'linear', format: 'percent' },
          y: { label: 'loss increase without it, nats per character', scale: 'linear', format: 'loss' },
          series: [
            { id: 'others', label: '', role: 'moe', mark: 'points', points: damagePoints(ablation.result) },
            { id: 'five', label: '', mark: 'points', points: [{ x: load[5] ?? 0, y: five.delta, name: 'expert 5' }] }
          ],
          references: []
        }
      },
      sourcesOf([
        { what: 'Loads, damage', from: ablation.command },
        { what: 'Loads by domain', from: loads.command },
        { what: 'The text', from: written.command },
        {
          what: 'Specialised experts',
          from: 'Jiang et al. 2024, arXiv 2401.04088, section 5; Muennighoff et al. 2024, OLMoE, arXiv 2409.02060, section 5'
        }
      ])
    ]
  }
})

function titleOf(id: DomainId): string {
  return domains.find((domain) => domain.id === id)?.title ?? id
}

function damageBars(rows: readonly { id: string; title: string; delta: number }[], source: string): BarsRecord {
  return {
    kind: 'bars',
    basis: 'measured',
    source,
    seconds: 3,
    quantity: 'loss increase without it, nats per character',
    format: 'change',
    rows: rows.map(({ id, title, delta }) => ({ id, label: title, role: 'moe', value: delta }))
  }
}
