import { cacheBytes } from '@core/arch/count/cache'
import { countDescription } from '@core/arch/count/parameters'
import { describeGalleryModel } from '@core/arch/gallery'
import { publishedModels } from '@core/scaling/published-models'
import { sizeText } from '../../terminal/model-figures'
import type { Facts } from '../facts'
import { claimed, percentText, timesText } from '../words'
import { defineStory, sourcesOf, view } from '../write'

/** Real architectures: how they grew, became sparse, and what they need. */
export const fromGpt2ToDeepSeek = defineStory('from-gpt-2-to-deepseek', 'From GPT-2 to DeepSeek', async (facts) => {
  const counted = facts.gallery.map((model) => countOf(facts, model.id))
  const [gpt2, gpt3, mixtral, v3, k2, llama] = [
    'gpt2',
    'gpt3-175b',
    'mixtral-8x7b',
    'deepseek-v3',
    'kimi-k2',
    'llama-3.1-70b'
  ].map((id) => countOf(facts, id)) as [Counted, Counted, Counted, Counted, Counted, Counted]
  const sparse = counted.filter(({ role }) => role === 'moe')
  const tokens = publishedModels.flatMap(({ name, year, role, active, tokens: read }) =>
    read === null ? [] : [{ name, year, role, ratio: read / active }]
  )
  const [before, after] = [
    tokens.find(({ name }) => name === 'GPT-3'),
    tokens.find(({ name }) => name === 'DeepSeek-V3')
  ]
  if (!before || !after) throw new Error('GPT-3 and DeepSeek-V3 are not among the published models')
  return {
    answer: `${after.name} has ${timesText(v3.total / gpt2.total)} the weights of ${gpt2.name}, and computes with ${percentText(v3.active / v3.total)} of them.`,
    chapters: [
      {
        headline: 'The number that everybody quotes',
        text: [
          `${gpt2.name}, ${gpt2.year}: ${sizeText(gpt2.total)} parameters.`,
          `${shortName(v3.name)}, ${v3.year}: ${sizeText(v3.total)}.`,
          'It says what memory must hold, and not what a token costs.'
        ],
        notes:
          'All sizes are counted from the configuration files, matrix by matrix, and agree with what is published.',
        minutes: 0.75,
        record: {
          kind: 'figure',
          basis: 'shipped',
          source: gallerySource,
          seconds: 0,
          value: v3.total / gpt2.total,
          format: 'ratio',
          words: `as many weights, ${v3.year - gpt2.year} years later`,
          role: 'moe'
        }
      },
      {
        headline: 'They grew',
        text: [
          `${counted.length} models, by year of publication.`,
          'Blue: dense. Orange: mixtures of experts.',
          claimed(
            Math.max(...sparse.map(({ total }) => total)) >
              Math.max(...counted.filter(({ role }) => role === 'dense').map(({ total }) => total)),
            'The largest are mixtures of experts.'
          )
        ],
        notes: 'Total parameters on a logarithmic axis. The gallery is a selection, not a census.',
        minutes: 0.75,
        choices: view('architectures', { architectures: { screen: 'sizes' } }),
        record: byYear(counted, 'total', 'total parameters')
      },
      {
        headline: 'What a token costs stopped growing',
        text: [
          'The same models, by active parameters.',
          claimed(
            largestActive(counted, 2023, 9999) < largestActive(counted, 0, 2022),
            'The largest figure dates from before 2023.'
          ),
          `${gpt3.name} used ${sizeText(gpt3.active)} for each token, ${shortName(v3.name)} uses ${sizeText(v3.active)}.`,
          'Experts let weights grow without more arithmetic.'
        ],
        notes: 'Active parameters by the convention “all”, embeddings included.',
        minutes: 0.75,
        record: byYear(counted, 'active', 'active parameters')
      },
      {
        headline: 'Large models on one scale',
        text: [
          'Circle: active. Square: total.',
          `${mixtral.name} uses ${percentText(mixtral.active / mixtral.total)} of its weights, ${k2.name} ${percentText(k2.active / k2.total)}.`,
          'Nobody has measured what they are worth in dense parameters: no diamond here.'
        ],
        notes:
          'Effective parameters need a dense family trained on the same text. For these models there is none, so the scale shows two of the three sizes.',
        minutes: 1,
        choices: view('architectures', { architectures: { screen: 'compare' } }),
        record: {
          kind: 'meters',
          basis: 'shipped',
          source: gallerySource,
          seconds: 0,
          rows: [gpt3, llama, mixtral, v3, k2].map(({ id, name, role, total, active }) => ({
            id,
            label: shortName(name),
            role,
            total,
            active
          }))
        }
      },
      {
        headline: 'Sparser and sparser',
        text: [
          'Share of the weights that a token uses, by year.',
          claimed(
            k2.active / k2.total < mixtral.active / mixtral.total / 4,
            `${shortName(mixtral.name)}: ${percentText(mixtral.active / mixtral.total)}. ${k2.name}: ${percentText(k2.active / k2.total)}.`
          ),
          'More and smaller experts: 8, then 64, then hundreds.'
        ],
        notes: 'Fine-grained experts: DeepSeekMoE (2024) showed that many small ones do better than a few large ones.',
        minutes: 1,
        record: {
          ...byYear(sparse, 'active', ''),
          y: { label: 'active of total parameters', scale: 'log', format: 'percent' },
          series: [
            {
              id: 'moe',
              label: '',
              role: 'moe',
              mark: 'points',
              points: sparse
                .map(({ year, name, active, total }) => ({ x: year, y: active / total, name: shortName(name) }))
                .toSorted(namedFirst)
            }
          ]
        }
      },
      {
        headline: 'The other memory: the KV cache',
        text: [
          'Keys and values of every token read so far, in 16 bits.',
          claimed(
            v3.cache < gpt3.cache / 20,
            `${gpt3.name}: ${bytesText(gpt3.cache)} a token. ${shortName(v3.name)}: ${bytesText(v3.cache)}.`
          ),
          'Grouped-query attention, then latent attention, made long contexts affordable.'
        ],
        notes:
          'At 128 k tokens this decides between one device and many. Latent attention (DeepSeek-V2) stores one small vector for all heads.',
        minutes: 1,
        record: {
          kind: 'bars',
          basis: 'shipped',
          source: gallerySource,
          seconds: 3,
          quantity: 'keys and values of one token, 16 bits each',
          format: 'bytes',
          rows: [gpt2, gpt3, llama, mixtral, v3].map(({ id, name, role, cache }) => ({
            id,
            label: shortName(name),
            role,
            value: cache
          }))
        }
      },
      {
        headline: 'And they read far more',
        text: [
          'Training tokens for each active parameter.',
          claimed(
            after.ratio > 50 * before.ratio,
            `GPT-3: ${before.ratio.toFixed(1)}. DeepSeek-V3: ${after.ratio.toFixed(0)}.`
          ),
          'Chinchilla’s optimum is about 20: today’s models are made to be used, not only to be trained.'
        ],
        notes:
          'A smaller model that is trained for longer costs less to use. Tokens are as published; models whose makers did not say are left out.',
        minutes: 0.75,
        choices: view('scaling', { scaling: { question: 'lifetime' } }),
        record: {
          kind: 'lines',
          basis: 'published',
          source: 'sizes and tokens as published (core/scaling/published-models.ts)',
          seconds: 6,
          x: { label: 'year', scale: 'linear', format: 'year' },
          y: { label: 'training tokens per active parameter', scale: 'log', format: 'number' },
          series: (['moe', 'dense'] as const).map((role) => ({
            id: role,
            label: '',
            role,
            mark: 'points' as const,
            points: tokens
              .filter((model) => model.role === role)
              .map(({ year, ratio, name }) => ({ x: year, y: ratio, name }))
              .toSorted(namedFirst)
          })),
          references: []
        }
      },
      sourcesOf([
        {
          what: 'Sizes, caches',
          from: 'config.json of each model, counted matrix by matrix; assets/architectures.json names each source'
        },
        {
          what: 'Training tokens',
          from: 'as published by the makers; core/scaling/published-models.ts names each source'
        },
        { what: 'DeepSeek-V3', from: 'DeepSeek-AI 2024, arXiv 2412.19437' },
        { what: 'Mixtral', from: 'Jiang et al. 2024, arXiv 2401.04088' },
        { what: 'Fine-grained experts', from: 'Dai et al. 2024, DeepSeekMoE, arXiv 2401.06066' }
      ])
    ]
  }
})

const gallerySource = 'counted from config.json (assets/architectures.json); moescope params'

interface Counted {
  readonly id: string
  readonly name: string
  readonly year: number
  readonly role: 'dense' | 'moe'
  readonly total: number
  readonly active: number
  /** Bytes of keys and values of a token, in 16 bits. */
  readonly cache: number
}

function countOf({ gallery }: Facts, id: string): Counted {
  const model = gallery.find((each) => each.id === id)
  if (!model) throw new Error(`the gallery has no '${id}'`)
  const description = describeGalleryModel(model)
  const { total, active } = countDescription(description)
  return {
    id,
    name: model.name,
    year: model.year,
    role: active.all < total ? 'moe' : 'dense',
    total,
    active: active.all,
    cache: cacheBytes(description, { context: 1, bytesPerValue: 2 }).perToken
  }
}

/** Of the models published in these years, both included. */
function largestActive(models: readonly Counted[], from: number, to: number): number {
  return Math.max(...models.filter(({ year }) => year >= from && year <= to).map(({ active }) => active))
}

/** Its first name where there are several. */
function shortName(name: string): string {
  return name.split(' and ')[0] ?? name
}

function bytesText(bytes: number): string {
  return bytes >= 1e6 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e3).toFixed(0)} kB`
}

function byYear(models: readonly Counted[], size: 'total' | 'active', label: string) {
  return {
    kind: 'lines' as const,
    basis: 'shipped' as const,
    source: gallerySource,
    seconds: 6,
    x: { label: 'year', scale: 'linear' as const, format: 'year' as const },
    y: { label, scale: 'log' as const, format: 'count' as const },
    series: (['moe', 'dense'] as const).map((role) => ({
      id: role,
      label: '',
      role,
      mark: 'points' as const,
      points: models
        .filter((model) => model.role === role)
        .map((model) => ({ x: model.year, y: model[size], name: shortName(model.name) }))
        .toSorted(namedFirst)
    })),
    references: []
  }
}

/** Models of which the story speaks: their names go first where not all have room. */
const spokenOf = ['DeepSeek-V3', 'Mixtral 8x7B', 'Kimi K2', 'Switch-C-2048']

function namedFirst(a: { x: number; name: string }, b: { x: number; name: string }): number {
  const rank = ({ name }: { name: string }) => (spokenOf.includes(name) ? 0 : 1)
  return rank(a) - rank(b) || a.x - b.x
}
