/** Effective parameters of an MoE by published laws, each given the parameters that it counts. */
import { findLaw, type Law, type LawPoint, type Within } from '@core/scaling/laws'
import { formatLarge } from '../charts/format-large'
import { conventionOf } from './gallery-rows'
import type { Subject } from './subjects'

/** The answer of a law. */
export interface LawEffective {
  readonly law: Law
  /** Effective parameters; undefined where the law gives none. */
  readonly effective: number | undefined
  readonly within: Within
  /** Inputs of the law, in words. */
  readonly asked: string
}

/**
 * The answers of every law of effective size that can be asked of a model after so many tokens; none for a dense one.
 *
 * - geometric mean: total and active parameters;
 * - fine-grained MoE (Krajewski et al. 2024): parameters without embedding tables, and the granularity G, the weights of
 *   the dense feed-forward layer of the paper, 8 width^2, over those of one expert;
 * - routed (Clark et al. 2022): the active parameters as the dense model, and as experts the E of a layer over the k of a
 *   token, since the law is of models that choose one.
 */
export function effectiveByLaws({ count, description, experts, ...subject }: Subject, tokens: number): LawEffective[] {
  if (!experts) return []
  const active = count.active[conventionOf(subject)]
  const { embedding, positionEmbedding, output, experts: expertWeights } = count.components
  const layers = description.stacks.flatMap(({ blocks }) => blocks.flatMap(({ feedForwards }) => feedForwards))
  const chosen = layers.filter(({ kind }) => kind === 'moe').length * experts.experts
  const granularity = (8 * description.width ** 2) / (expertWeights / chosen)
  const spread = experts.experts / experts.topK
  const routed = {
    point: { parameters: active, experts: spread },
    asked: `${format(active)} active, ${format(spread)} experts per active expert`
  }
  const questions: Readonly<Record<string, { point: LawPoint; asked: string }>> = {
    'geometric-mean': {
      point: { parameters: count.total, active },
      asked: `${format(count.total)} total, ${format(active)} active`
    },
    'krajewski2024-moe': {
      point: { parameters: count.total - embedding - positionEmbedding - output, tokens, granularity },
      asked: `${format(count.total - embedding - positionEmbedding - output)} without embeddings, ${format(tokens)} tokens, granularity ${format(granularity)}`
    },
    'clark2022-s-base': routed,
    'clark2022-rl-r': routed,
    'clark2022-hash': routed
  }
  return Object.entries(questions).flatMap(([id, { point, asked }]) => {
    const law = findLaw(id)
    return law ? [{ law, effective: law.figures(point).effectiveParameters, within: law.within(point), asked }] : []
  })
}

function format(value: number): string {
  return formatLarge(Number(value.toPrecision(3)))
}
