import type { LinesRecord } from '@core/stories/records'
import type { compressionJson } from '../../compress/report'
import { sizeText } from '../../terminal/model-figures'
import type { Recording } from '../facts'
import { endsOf, lossPoints, reportsSource } from '../records'
import { changeText, claimed, percentText, timesText } from '../words'
import { defineStory, sourcesOf, view } from '../write'

type Compressed = ReturnType<typeof compressionJson> & { readonly spec: string }
type Sweep = Recording<readonly Compressed[]>

/** Bits, weights, experts, layers: what each costs in loss. */
export const smallerPlease = defineStory('smaller-please', 'Smaller, please', async (facts) => {
  const moe = await facts.recording<readonly Compressed[]>('compress-moe-64')
  const dense = await facts.recording<readonly Compressed[]>('compress-dense-152')
  const [one, several] = [of(moe, 'rtn:bits=4'), of(moe, 'gptq:bits=4')]
  const eight = of(moe, 'rtn:bits=8')
  const [half, random] = [of(moe, 'wanda:share=0.5'), of(moe, 'wanda:share=0.5').baseline?.seeds[0]]
  const damage = of(moe, 'experts:keep=14,by=damage')
  const layer = of(moe, 'layers:drop=1')
  const shared = facts.model('dense-64-deep-shared')
  const deep = facts.model('dense-64-deep')
  const thin = facts.model('dense-48')
  const denseFour = of(dense, 'rtn:bits=4')
  return {
    answer: `Four bits take ${timesText(one.bytes.before / one.bytes.after)} fewer bytes for ${changeText(several.loss.delta)} nats; whole experts or layers cost far more.`,
    chapters: [
      {
        headline: 'How small can the same model be?',
        text: [
          `moe-64 has ${bytesText(one.bytes.before)} of weights in 32 bits.`,
          'Fewer bits, fewer weights, fewer experts, fewer layers.',
          'Each way is measured: bytes against loss, on the same text.'
        ],
        notes: 'Every point is a model that was really made and measured. Left is smaller, down is better.',
        minutes: 0.75,
        choices: view('compress', { compress: { model: 'moe-64' } }),
        record: sweepLines(moe, [
          ['bits', 'gptq:'],
          ['of weights gone', 'wanda:'],
          ['experts', 'experts', 'by=damage'],
          ['layer gone', 'layers']
        ])
      },
      {
        headline: 'Bits: eight for nothing, four for little',
        text: [
          claimed(
            Math.abs(eight.loss.delta) < 0.001,
            `8 bits: ${changeText(eight.loss.delta, 4)} nats. Nothing is lost.`
          ),
          claimed(
            several.loss.delta < one.loss.delta,
            `4 bits: ${changeText(one.loss.delta)}, and ${changeText(several.loss.delta)} with GPTQ, which rounds with an eye on the outputs.`
          ),
          `2 bits destroy it: ${changeText(of(moe, 'gptq:bits=2').loss.delta, 2)}.`
        ],
        notes: 'Blocks of 32 weights share a scale and a zero point, and the bytes include these.',
        minutes: 1,
        record: deltaBars(moe, ['rtn:bits=8', 'rtn:bits=4', 'gptq:bits=4', 'rtn:bits=3', 'gptq:bits=3'], moe.command)
      },
      {
        headline: 'Experts suffer more than dense weights',
        text: [
          'dense-152 has as many weights, and all of them see all of the text.',
          claimed(
            denseFour.loss.delta < one.loss.delta,
            `4 bits cost it ${changeText(denseFour.loss.delta)} nats, and moe-64 ${changeText(one.loss.delta)}.`
          ),
          'An expert sees an eighth of the text, and its weights are less sure.'
        ],
        notes: 'The last line is an explanation that fits, not a measurement; say so if asked.',
        minutes: 0.75,
        record: {
          kind: 'lines',
          basis: 'measured',
          source: `${moe.command}; ${dense.command}`,
          seconds: 5,
          x: { label: 'bytes of the weights', scale: 'log', format: 'bytes' },
          y: { label: 'loss increase, nats per character', scale: 'linear', format: 'loss' },
          series: [
            { id: 'moe-64', label: 'moe-64', role: 'moe', mark: 'line', points: pointsOf(moe, ['rtn:'], 1) },
            { id: 'dense-152', label: 'dense-152', role: 'dense', mark: 'line', points: pointsOf(dense, ['rtn:'], 1) }
          ],
          references: []
        }
      },
      {
        headline: 'Weights: some can go, not half',
        text: [
          `Wanda removes what is small where inputs are small: a fifth costs ${changeText(of(moe, 'wanda:share=0.2').loss.delta)}.`,
          `Half costs ${changeText(half.loss.delta, 2)}, drawn by chance ${changeText(random?.delta ?? Number.NaN, 1)}.`,
          'And a bit for each weight must say where the zeros are.'
        ],
        notes:
          'Large models bear 50 % far better than these: redundancy grows with size. A short training afterwards heals much of it.',
        minutes: 0.75,
        record: deltaBars(
          moe,
          ['wanda:share=0.2', 'wanda:share=0.4', 'wanda:share=0.5', 'wanda:share=0.6'],
          moe.command
        )
      },
      {
        headline: 'Experts: it matters who goes',
        text: [
          'Two of sixteen leave each layer.',
          claimed(
            ['random', 'frequency', 'reap'].every(
              (by) => of(moe, `experts:keep=14,by=${by}`).loss.delta > 2 * damage.loss.delta
            ),
            `Chosen by measured damage: ${changeText(damage.loss.delta, 2)}. By how often they are used: ${changeText(of(moe, 'experts:keep=14,by=frequency').loss.delta, 2)}.`
          ),
          'In a balanced model the unused expert is not the unimportant one.'
        ],
        notes:
          'REAP weighs each expert by gate times norm of its output. Merging clusters experts of like outputs. All without healing.',
        minutes: 1,
        choices: view('compress', { compress: { model: 'moe-64', transform: 'experts' } }),
        record: deltaBars(
          moe,
          [
            'experts:keep=14,by=damage',
            'merge:keep=14',
            'experts:keep=14,by=reap',
            'experts:keep=14,by=frequency',
            'experts:keep=14,by=random'
          ],
          moe.command
        )
      },
      {
        headline: 'Layers: share them from the start',
        text: [
          `Without one of two layers: ${changeText(layer.loss.delta, 2)} nats. There is nothing left to think with.`,
          `Eight layers that share their weights, trained so: ${sizeText(shared.total)}, loss ${changeText(shared.loss?.mean ?? Number.NaN)}.`,
          claimed(
            (shared.loss?.mean ?? 9) < (thin.loss?.mean ?? 0) && shared.total < thin.total,
            `${thin.id} is larger (${sizeText(thin.total)}) and worse (${changeText(thin.loss?.mean ?? Number.NaN)}).`
          )
        ],
        notes: `Sharing saves memory and no arithmetic. Without sharing the eight layers come to ${changeText(deep.loss?.mean ?? Number.NaN)} with ${sizeText(deep.total)}.`,
        minutes: 0.75,
        record: {
          kind: 'lines',
          basis: 'shipped',
          source: reportsSource,
          seconds: 4,
          x: { label: 'total parameters', scale: 'log', format: 'count' },
          y: { label: 'loss, nats per character', scale: 'linear', format: 'loss' },
          series: [
            {
              id: 'two',
              label: 'two layers',
              role: 'dense',
              mark: 'line',
              points: lossPoints(
                facts.models.filter(({ role, architecture }) => role === 'dense' && architecture.layers.length === 2),
                ({ total }) => total
              )
            },
            { id: 'eight', label: '', mark: 'points', points: lossPoints([shared, deep], ({ total }) => total) }
          ],
          references: []
        }
      },
      {
        headline: 'What a presenter remembers',
        text: [
          `${percentText(1 - several.bytes.after / several.bytes.before)} of the bytes can go for ${changeText(several.loss.delta)} nats: take bits first.`,
          'Then measure who can go; do not guess it from use.',
          'Structure is cheapest when it is there from the start.'
        ],
        notes: 'These are small models without healing: the order holds, the amounts are theirs.',
        minutes: 0.5,
        record: {
          kind: 'figure',
          basis: 'measured',
          source: moe.command,
          seconds: 0,
          value: several.bytes.before / several.bytes.after,
          format: 'ratio',
          words: 'fewer bytes with GPTQ at 4 bits, scales included',
          role: 'moe'
        }
      },
      sourcesOf([
        { what: 'All measurements', from: `${moe.command}, and of dense-152; 20 000 characters of validation text` },
        { what: 'GPTQ', from: 'Frantar et al. 2022, arXiv 2210.17323' },
        { what: 'Wanda', from: 'Sun et al. 2023, arXiv 2306.11695' },
        { what: 'Pruning and merging experts', from: 'REAP, arXiv 2510.13999; Li et al. 2023, arXiv 2310.01334' },
        { what: 'Shared layers', from: 'Lan et al. 2019, ALBERT, arXiv 1909.11942' }
      ])
    ]
  }
})

function of({ result }: Sweep, spec: string): Compressed {
  const found = result.find((each) => each.spec === spec)
  if (!found) throw new Error(`the sweep has no '${spec}'`)
  return found
}

function bytesText(bytes: number): string {
  return `${(bytes / 1e6).toFixed(2)} MB`
}

/** Bytes and loss increase of the points whose spec holds all words, up to so many nats. */
function pointsOf({ result }: Sweep, words: readonly string[], most: number) {
  return result
    .filter(({ spec, loss }) => words.every((word) => spec.includes(word)) && loss.delta <= most)
    .map(({ spec, bytes, loss }) => ({ x: bytes.after, y: loss.delta, ...endsOf(loss), name: valueOf(spec) }))
    .toSorted((a, b) => a.x - b.x)
}

/** `rtn:bits=4` is `4`. */
function valueOf(spec: string): string {
  return /=([\d.]+)/.exec(spec)?.[1] ?? spec
}

function sweepLines(sweep: Sweep, kinds: readonly (readonly [label: string, ...words: string[]])[]): LinesRecord {
  return {
    kind: 'lines',
    basis: 'measured',
    source: sweep.command,
    seconds: 6,
    x: { label: 'bytes of the weights', scale: 'log', format: 'bytes' },
    y: { label: 'loss increase, nats per character', scale: 'linear', format: 'number' },
    series: kinds.flatMap(([label, ...words]) => {
      const points = pointsOf(sweep, words, 2)
      const named = points.map(({ name, ...point }) => ({ ...point, name: `${name} ${label}` }))
      return named.length === 0 ? [] : [{ id: label, label: '', mark: 'line' as const, points: named }]
    }),
    references: []
  }
}

function deltaBars(sweep: Sweep, specs: readonly string[], source: string) {
  return {
    kind: 'bars' as const,
    basis: 'measured' as const,
    source,
    seconds: 3,
    quantity: 'loss increase, nats per character; line: 95 % interval',
    format: 'change' as const,
    rows: specs.map((spec) => {
      const { loss } = of(sweep, spec)
      return { id: spec, label: labelOf(spec), role: 'moe' as const, value: loss.delta, ...endsOf(loss) }
    })
  }
}

function labelOf(spec: string): string {
  const [, id = '', value = '', by] = /^(\w+):\w+=([\d.]+)(?:,by=(\w+))?$/.exec(spec) ?? []
  const names: Readonly<Record<string, string>> = { rtn: 'bits, rounded', gptq: 'bits, GPTQ' }
  if (id in names) return `${value} ${names[id]}`
  if (id === 'wanda') return `${percentText(Number(value))} of the weights`
  return id === 'merge' ? 'merged by outputs' : `by ${by ?? ''}`
}
