/** The two texts as far as they are written; before that, the sizes of the two models. */
import { effectiveJson } from '@core/scaling/worth'
import type { MetersRecord, TextsRecord } from '@core/stories/records'
import { checkText } from '../../compare/checked-text'
import { worldOfCorpus } from '../../compare/examples'
import { recordedCorpus } from '../../compare/run-file'
import type { AppState } from '../../state/app-state'
import type { LibraryModel } from '../../state/library'
import { pointed, type Take } from './taken'

export const takeCompare: Take = (state) => {
  const { choices, library, contestants } = state
  const models = [choices.left, choices.right].flatMap((id) => library?.models.find((model) => model.id === id) ?? [])
  if (models.length < 2) return undefined
  const isWritten = contestants.every(({ steps }) => steps.some(({ source }) => source === 'generated'))
  if (!isWritten) return { record: metersOf(models) }
  return pointed(textsOf(state, models), models[choices.selected?.model ?? -1]?.id)
}

function textsOf({ choices, contestants, engine, replay }: AppState, models: readonly LibraryModel[]): TextsRecord {
  const shapes = contestants.flatMap(({ steps }) => steps[0]?.routing[0]?.probabilities.length ?? [])
  const longest = Math.max(...contestants.map(({ steps }) => steps.length))
  return {
    kind: 'texts',
    basis: 'measured',
    source: `Compare, ${models.map(({ id }) => id).join(' and ')}, seed ${choices.seed}, ${engine?.backend ?? 'a saved run'}`,
    seconds: Math.min(20, Math.max(4, Math.round(longest / 8))),
    prompt: choices.prompt,
    experts: Math.max(0, ...shapes),
    models: models.map(({ id, role, corpus }, side) => {
      const steps = contestants[side]?.steps ?? []
      const recorded = replay?.models[side]
      const { marks } = checkText(steps, worldOfCorpus(recorded ? recordedCorpus(recorded) : corpus))
      const written = steps.filter(({ source }) => source === 'generated')
      return {
        id,
        role,
        tokens: written.map(({ text, position, routing }) => {
          const mark = marks.get(position)
          return {
            text,
            experts: routing.map(({ experts }) => [...experts]),
            ...(mark ? { right: mark.correct } : {})
          }
        })
      }
    })
  }
}

function metersOf(models: readonly LibraryModel[]): MetersRecord {
  const isOwn = models.some(({ own }) => own)
  return {
    kind: 'meters',
    basis: isOwn ? 'measured' : 'shipped',
    source: isOwn ? 'models trained here' : 'training.json of the shipped models',
    seconds: 0,
    rows: models.map(({ id, role, total, active, worth }) => {
      const { estimate, low, high } = effectiveJson(worth.total.effective)
      return { id, label: id, role, total, active: active.all, effective: { estimate, low, high } }
    })
  }
}
