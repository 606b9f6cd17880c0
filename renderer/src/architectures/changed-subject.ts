import { changeDescription } from '@core/arch/describe/what-if'
import type { ChangedField, Changes } from './choices'
import { type Subject, subjectOf } from './subjects'

/** Changeable fields of a model with their present values; fields that it lacks are left out. */
export function changeableFields({ description, experts }: Subject): Partial<Record<ChangedField, number>> {
  const stack = description.stacks.at(-1)
  const dense = stack?.blocks.flatMap(({ feedForwards }) => feedForwards).find(({ kind }) => kind === 'dense')
  return {
    ...(experts && {
      experts: experts.experts,
      topK: experts.topK,
      expertWidth: experts.expertWidth,
      sharedExperts: experts.sharedExperts
    }),
    ...(dense?.kind === 'dense' && { denseWidth: dense.width }),
    layers: stack?.blocks.length ?? 0,
    width: description.width,
    vocabularySize: description.vocabularySize
  }
}

/** The model with changes, or why it cannot be so, in words. */
export function changedSubject(subject: Subject, changes: Changes): Subject | string {
  if (Object.keys(changes).length === 0) return subject
  try {
    // The published figures are those of the original.
    return subjectOf(changeDescription(subject.description, changes), {
      ...subject,
      name: `${subject.name} as changed`,
      published: null
    })
  } catch (error) {
    if (error instanceof RangeError) return error.message
    throw error
  }
}
