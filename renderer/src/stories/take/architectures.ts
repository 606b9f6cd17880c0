/** Total and active parameters of the models that are looked at. */
import type { MetersRecord } from '@core/stories/records'
import { galleryRows } from '../../architectures/gallery-rows'
import { gallerySubjects, openedSubject, type Subject } from '../../architectures/subjects'
import type { AppState } from '../../state/app-state'
import { pointed, type Take } from './taken'

/** Most rows of meters that can be read on a stage. */
const mostRows = 6

export const takeArchitectures: Take = (state) => {
  const subjects = subjectsOf(state)
  const { screen, model, compared } = state.choices.architectures
  const shown =
    screen === 'one'
      ? subjects.filter(({ id }) => id === model)
      : screen === 'compare'
        ? compared.flatMap((each) => subjects.find(({ id }) => id === each) ?? [])
        : galleryRows(subjects, state.choices.architectures)
  const rows = shown.slice(0, mostRows).map(({ id, name, kind, count }): MetersRecord['rows'][number] => ({
    id,
    label: name,
    role: kind,
    total: count.total,
    active: count.active.all
  }))
  const [first] = shown
  if (!first) return undefined
  const record: MetersRecord = {
    kind: 'meters',
    basis: 'published',
    source: shown.length === 1 ? `counted from ${first.source}` : 'counted from the config.json of each model',
    seconds: 0,
    rows
  }
  return pointed(record, screen === 'one' ? first.id : undefined)
}

function subjectsOf({ gallery, choices }: AppState): Subject[] {
  const { opened } = choices.architectures
  const own = opened ? openedSubject(opened) : undefined
  return [
    ...(own && 'count' in own ? [own] : []),
    ...(gallery === undefined || typeof gallery === 'string' ? [] : gallerySubjects(gallery))
  ]
}
