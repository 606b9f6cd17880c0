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
    answer: `Four bits take ${timesText(one.bytes.before / one.bytes.after)} fewer bytes for ${changeText(several.loss.delta)} nats; removing whole experts or layers costs far more.`,
    chapters: [
      {
        headline: 'How small can the same model be?',
        text: [
          `moe-64 has ${bytesText(one.bytes.before)} of weights in 32 bits.`,
          'Fewer bits, fewer weights, fewer experts, fewer layers.',
          'Each way is measured: bytes against loss, on the same text.'
        ],
        notes: 'Every point is a model that was made and measured. Further left is smaller, further down is better.',
        minutes: 0.75,
        choices: view('compress', { compress: { model: 'moe-64' } }),
        record: sweepLines(moe, [
          ['bits', 'gptq:'],
          ['experts', 'experts', 'by=damage'],
          ['of the weights gone', 'wanda:'],
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
            `4 bits cost ${changeText(one.loss.delta)}, or ${changeText(several.loss.delta)} with GPTQ, which rounds with an eye on the outputs.`
          ),
          `2 bits destroy it: ${changeText(of(moe, 'gptq:bits=2').loss.delta, 2)}.`
        ],
        notes: 'Blocks of 32 weights share a scale and a zero point, which count among the bytes.',
        minutes: 1,
        record: deltaBars(moe, ['rtn:bits=8', 'rtn:bits=4', 'gptq:bits=4', 'rtn:bits=3', 'gptq:bits=3'], moe.command)
      },
      {
        headline: 'Experts suffer more than dense weights',
        text: [
          'dense-152 has as many weights, and each of them sees all of the text.',
          claimed(
            denseFour.loss.delta < one.loss.delta,
            `4 bits cost it ${changeText(denseFour.loss.delta)} nats, and moe-64 ${changeText(one.loss.delta)}.`
          ),
          'One reason may be that an expert sees only an eighth of the text.'
        ],
        notes: 'The last line is an explanation that fits, not a measurement: say so.',
        minutes: 0.75,
        record: {
          kind: 'lines',
          basis: 'measured',
          source: `${moe.command}; ${dense.command}`,
          seconds: 5,
          x: { label: 'bytes of the weights', scale: 'log', format: 'bytes' },
          y: { label: 'loss increase, nats per character', scale: 'linear', format: 'loss' },
          series: [
            {
              id: 'moe-64',
              label: 'moe-64',
              role: 'moe',
              mark: 'line',
              points: pointsOf(moe, ['rtn:'], 1)
            },
            {
              id: 'dense-152',
              label: 'dense-152',
              role: 'dense',
              mark: 'line',
              points: pointsOf(dense, ['rtn:'], 1, (bits) => `${bits} bits`)
            }
          ],
          references: []
        }
      },
      {
        headline: 'Weights: some can go, not half',
        text: [
          `Wanda removes what is small where inputs are small: a fifth costs ${changeText(of(moe, 'wanda:share=0.2').loss.delta)}.`,
          `Half costs ${changeText(half.loss.delta, 2)}, chosen at random ${changeText(random?.delta ?? Number.NaN, 1)}.`,
          'And one bit per weight must say where the zeros are.'
        ],
        notes:
          'Large models tolerate 50 % far better than these: redundancy grows with size. A short training afterwards recovers much of the loss.',
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
          'Two of sixteen are removed from each layer.',
          claimed(
            ['random', 'frequency', 'reap'].every(
              (by) => of(moe, `experts:keep=14,by=${by}`).loss.delta > 2 * damage.loss.delta
            ),
            `Chosen by measured damage: ${changeText(damage.loss.delta, 2)}. By how often they are used: ${changeText(of(moe, 'experts:keep=14,by=frequency').loss.delta, 2)}.`
          ),
          'In a balanced model, least used does not mean least important.'
        ],
        notes:
          'REAP weighs each expert by its gate times the norm of its output. Merging joins experts with similar outputs. Nothing was retrained.',
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
          `Dropping one of two layers costs ${changeText(layer.loss.delta, 2)} nats: too little is left.`,
          `Eight layers, trained with shared weights: ${sizeText(shared.total)}, loss ${changeText(shared.loss?.mean ?? Number.NaN)}.`,
          claimed(
            (shared.loss?.mean ?? 9) < (thin.loss?.mean ?? 0) && shared.total < thin.total,
            `${thin.id} is larger (${sizeText(thin.total)}) and worse (${changeText(thin.loss?.mean ?? Number.NaN)}).`
          )
        ],
        notes: `Sharing saves memory, but no arithmetic. Without sharing, the eight layers reach ${changeText(deep.loss?.mean ?? Number.NaN)} with ${sizeText(deep.total)}.`,
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
            {
              id: 'eight',
              label: '',
              mark: 'points',
              points: lossPoints([shared, deep], ({ total }) => total).map((point) => ({
                ...point,
                name: point.name === shared.id ? 'shared' : 'not shared'
              }))
            }
          ],
          references: []
        }
      },
      {
        headline: 'What to remember',
        text: [
          `${percentText(1 - several.bytes.after / several.bytes.before)} of the bytes can go for ${changeText(several.loss.delta)} nats: start with bits.`,
          'Then measure which experts can go: how often they are used does not tell.',
          'Layers share best when they are trained to.'
        ],
        notes: 'These are small models, and nothing was retrained: large ones will show other amounts.',
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
        { what: 'All measurements', from: `${moe.command}, and of dense-152; 20,000 characters of validation text` },
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

/** Bytes and loss increase of the points whose spec holds all words, up to so many nats; named where a name is given. */
function pointsOf(
  { result }: Sweep,
  words: readonly string[],
  most: number,
  nameOf?: (value: string, place: number) => string
) {
  return result
    .filter(({ spec, loss }) => words.every((word) => spec.includes(word)) && loss.delta <= most)
    .toSorted((a, b) => a.bytes.after - b.bytes.after)
    .map(({ spec, bytes, loss }, i) => ({
      x: bytes.after,
      y: loss.delta,
      ...endsOf(loss),
      ...(nameOf && { name: nameOf(valueOf(spec), i) })
    }))
}

/** `rtn:bits=4` is `4`. */
function valueOf(spec: string): string {
  return /=([\d.]+)/.exec(spec)?.[1] ?? spec
}

/** A share as a percentage; a count as it is. */
function shareText(value: string): string {
  return Number(value) < 1 ? percentText(Number(value)) : value
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
      // The first of a line says what is counted.
      const points = pointsOf(sweep, words, 2, (value, i) =>
        i > 0 && label !== 'bits' ? shareText(value) : `${shareText(value)} ${label}`
      )
      return points.length === 0 ? [] : [{ id: label, label: '', mark: 'line' as const, points }]
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
  if (id === 'merge') return 'merged by outputs'
  return by === 'random' ? 'at random' : `by ${by === 'reap' ? 'REAP' : (by ?? '')}`
}
