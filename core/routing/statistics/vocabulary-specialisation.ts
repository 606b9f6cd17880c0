import { giveWay } from '../../give-way'
import { createRandom } from '../../random'
import { createFirstChoices, type FirstChoices } from './first-choices'
import { contingency, type MutualInformation } from './mutual-information'
import { needs, type Statistic, type Unavailable } from './statistic'

/** Specialisation by token id: favourite experts, and mutual information with the first choice. */
export interface VocabularySpecialisation {
  /** As places in `trace.layers`. */
  readonly layers: readonly number[]
  /** The ids that occur often enough, most frequent first, and how often they do: `[ids]`. */
  readonly ids: Int32Array
  readonly occurrences: Uint32Array
  /** The expert that is most often an id's first choice: `[layers, ids]`. */
  readonly favourites: Uint16Array
  /** Share of the id's occurrences that the favourite is the first choice of: `[layers, ids]`. */
  readonly shares: Float64Array
  /** Mean of these shares over the ids: `[layers]`; NaN when no id occurs often enough. */
  readonly means: Float64Array
  /** Between token id and first choice, over all ids: `[layers]`. */
  readonly information: readonly MutualInformation[]
  /**
   * The mean share if first choices were random, from one seeded draw for these occurrences: the most frequent of E
   * experts has more than 1/E of a few draws.
   */
  readonly baseline: number
}

export interface VocabularyOptions {
  /** Occurrences that an id needs to be judged; OLMoE's 10 unless given. */
  readonly minOccurrences?: number
}

/**
 * Vocabulary specialisation (Muennighoff et al. 2024, "OLMoE", equation 8, k = 1): N_E,x / N_x, the share of a token
 * id's occurrences whose first choice an expert is; 1/E for random routing and an expert that is named beforehand.
 */
export function vocabularySpecialisation({
  minOccurrences = 10
}: VocabularyOptions = {}): Statistic<VocabularySpecialisation, Unavailable> {
  return {
    begin: (pass) => {
      const { experts, tokenIds } = pass.trace
      if (!tokenIds) return needs('token ids')
      const { layers } = pass
      const choices = createFirstChoices(pass, tokenIds)
      return {
        add: choices.add,
        result: async () => {
          const judged = placesOf(choices.occurrences, minOccurrences)
          const favourites = new Uint16Array(layers.length * judged.length)
          const shares = new Float64Array(layers.length * judged.length)
          const means = new Float64Array(layers.length)
          const information: MutualInformation[] = []
          for (let layer = 0; layer < layers.length; layer++) {
            const found = judgeLayer(choices, layer, judged, experts)
            favourites.set(found.favourites, layer * judged.length)
            shares.set(found.shares, layer * judged.length)
            means[layer] = mean(found.shares)
            information.push(found.information)
            await giveWay()
          }
          const occurrences = Uint32Array.from(judged, (id) => choices.occurrences[id] ?? 0)
          return {
            layers,
            ids: Int32Array.from(judged, (id) => choices.ids[id] ?? 0),
            occurrences,
            favourites,
            shares,
            means,
            information,
            baseline: randomMean(occurrences, experts)
          }
        }
      }
    }
  }
}

function judgeLayer(choices: FirstChoices, layer: number, judged: readonly number[], experts: number) {
  const favourites = new Uint16Array(judged.length)
  const shares = new Float64Array(judged.length)
  const counts = new Uint32Array(experts)
  const table = contingency(experts)
  let next = 0
  for (let id = 0; id < choices.ids.length; id++) {
    choices.count(layer, id, counts)
    table.add(counts)
    if (judged[next] !== id) continue
    const favourite = largest(counts)
    favourites[next] = favourite
    shares[next] = (counts[favourite] ?? 0) / (choices.occurrences[id] ?? 0)
    next++
  }
  return { favourites, shares, information: table.result() }
}

/** Places of the values of at least `least`. */
function placesOf(values: Uint32Array, least: number): number[] {
  return Array.from(values.keys()).filter((place) => (values[place] ?? 0) >= least)
}

function largest(counts: Uint32Array): number {
  let best = 0
  for (let i = 1; i < counts.length; i++) if ((counts[i] ?? 0) > (counts[best] ?? 0)) best = i
  return best
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

function randomMean(occurrences: Uint32Array, experts: number): number {
  const random = createRandom(0, 'routing/vocabulary baseline')
  const counts = new Uint32Array(experts)
  const shares = Float64Array.from(occurrences, (count) => {
    counts.fill(0)
    for (let i = 0; i < count; i++) {
      const expert = random.integer(experts)
      counts[expert] = (counts[expert] ?? 0) + 1
    }
    return (counts[largest(counts)] ?? 0) / count
  })
  return mean(shares)
}
