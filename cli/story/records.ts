/** Records of stories, made of the shipped figures. */

import { checkAnswers, createWorld } from '@core/corpus'
import { effectiveJson, type Range } from '@core/scaling/worth'
import type { MetersRecord, TextsRecord } from '@core/stories/records'
import type { Comparison } from '../compare/command'
import type { Recording, ShippedModel } from './facts'

/** The ends of an interval as records have them: both, or none. */
export function endsOf({ low, high }: Pick<Range, 'low' | 'high'>): { low?: number; high?: number } {
  return low === null || high === null ? {} : { low, high }
}

/** The source of the shipped models' figures. */
export const reportsSource = 'training.json of the shipped models'

/** The three meters of some models. */
export function metersOf(models: readonly ShippedModel[]): MetersRecord {
  return {
    kind: 'meters',
    basis: 'shipped',
    source: reportsSource,
    seconds: 0,
    rows: models.map(({ id, role, total, active, worth }) => {
      const { estimate, low, high } = effectiveJson(worth.total.effective)
      return { id, label: id, role, total, active: active.all, effective: { estimate, low, high } }
    })
  }
}

/** The texts of two models, with their answers marked: the language is generated, so the truth is known. */
export function textsOf({ command, result }: Recording<Comparison>, seconds: number): TextsRecord {
  const world = createWorld({ edition: 2 })
  return {
    kind: 'texts',
    basis: 'measured',
    source: command,
    seconds,
    prompt: result.prompt,
    experts: Math.max(...result.models.map(({ routing }) => routing?.experts ?? 0)),
    models: result.models.map(({ id, role, tokens }) => {
      const text = `${result.prompt}${tokens.map((token) => token.text).join('')}`
      const answers = checkAnswers(text, world).filter(({ start }) => start >= result.prompt.length)
      let at = result.prompt.length
      return {
        id,
        role,
        tokens: tokens.map((token) => {
          const answer = answers.find(({ start, end }) => start <= at && at < end)
          at += token.text.length
          return {
            text: token.text,
            experts: token.experts.map((layer) => [...layer]),
            ...(answer ? { right: answer.correct } : {})
          }
        })
      }
    })
  }
}

/** A validation loss of each model against one of its sizes, ascending, with what its seeds differ by. */
export function lossPoints(models: readonly ShippedModel[], size: (model: ShippedModel) => number) {
  return models
    .flatMap((model) => {
      if (!model.loss) return []
      const { mean, deviation } = model.loss
      const ends = deviation === null ? {} : { low: mean - deviation, high: mean + deviation }
      return [{ x: size(model), y: mean, ...ends, name: model.id }]
    })
    .sort((a, b) => a.x - b.x)
}
