/** Takes the view that is shown as a chapter: its choices, what it points at, and the record of what it shows. */
import { currentEdition } from '@core/corpus/edition'
import { recordSchema, type StoryRecord } from '@core/stories/records'
import type { Chapter } from '@core/stories/story'
import { compareChoicesSchema } from '../../compare/choices'
import type { App } from '../../state/app'
import type { Choices, ViewId } from '../../state/choices'
import { writeState } from '../../state/versioned'
import { counted } from '../format'
import { takeArchitectures } from './architectures'
import { takeCompare } from './compare'
import { takeCompress } from './compress'
import { takeLab } from './lab'
import { takeRouting } from './routing'
import { takeScaling } from './scaling'
import type { Take } from './taken'

/** The parts of a chapter that a view gives. */
export type TakenView = Pick<Chapter, 'choices' | 'record' | 'pointer'>

/** The record of the view that is open. */
export function takeView({ store }: Pick<App, 'store'>): TakenView {
  const state = store.getState()
  const { view } = state.choices
  const taken = takes[view]?.(state)
  // Nothing is kept that could not be read again, as a loss that is no number.
  return { choices: choicesOf(state.choices), ...(recordSchema.safeParse(taken?.record).success ? taken : {}) }
}

/** A record in words, for who is about to keep it. */
export function recordWords(record: StoryRecord): string {
  switch (record.kind) {
    case 'figure':
      return 'a figure'
    case 'meters':
      return `the sizes of ${counted(record.rows.length, 'model')}`
    case 'texts':
      return `the texts of ${counted(record.models.length, 'model')}`
    case 'lines':
      return `${counted(record.series.length, 'curve')}, ${record.y.label}`
    case 'bars':
      return `${counted(record.rows.length, 'bar')}, ${record.quantity}`
    case 'loads':
      return `the load of every expert of ${counted(record.frames.length, 'model')}`
    case 'sources':
      return counted(record.items.length, 'source')
  }
}

const takes: Readonly<Partial<Record<ViewId, Take>>> = {
  home: takeCompare,
  compare: takeCompare,
  trace: takeRouting,
  lab: takeLab,
  compress: takeCompress,
  architectures: takeArchitectures,
  scaling: takeScaling
}

/** The choices of a view, without those of the others: shown live, they leave the others as they are. */
function choicesOf(choices: Choices): NonNullable<Chapter['choices']> {
  const { view } = choices
  const keys = view === 'home' || view === 'compare' ? compareKeys : groups[view]
  const own = Object.fromEntries(Object.entries(choices).filter(([key]) => keys.includes(key)))
  const { format } = writeState({ choices })
  return { format, edition: currentEdition, choices: { ...own, view: view === 'home' ? 'compare' : view } }
}

const compareKeys: readonly string[] = Object.keys(compareChoicesSchema.shape).filter(
  (key) => !['shown', 'selected'].includes(key)
)

const groups: Readonly<Record<Exclude<ViewId, 'home' | 'compare'>, readonly string[]>> = {
  trace: ['inspection'],
  lab: ['lab'],
  sweep: ['sweep'],
  compress: ['compress'],
  architectures: ['architectures'],
  scaling: ['scaling'],
  stories: []
}
