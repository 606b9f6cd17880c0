/** The gallery as a table: which rows, and in what order. */
import type { ActiveParameters } from '@core/arch/count/parameters'
import type { ArchitectureChoices, GalleryColumn } from './choices'
import type { Subject } from './subjects'

/** The convention in which a model's active figure is shown: that of its makers where it is known. */
export function conventionOf({ published }: Pick<Subject, 'published'>): keyof ActiveParameters {
  return published?.convention ?? 'all'
}

/** Conventions in words. */
export const conventionWords: Readonly<Record<keyof ActiveParameters, string>> = {
  all: 'all weights except inactive experts',
  no_input_embedding: 'without input embedding',
  no_embedding: 'without embeddings'
}

/** Share of the weights that one token touches, by the convention `all`. */
export function activeShare({ count }: Pick<Subject, 'count'>): number {
  return count.active.all / count.total
}

/** `top-8 of 256 + 1`: k, routed experts, shared experts. */
export function expertsText(experts: Subject['experts']): string {
  if (!experts) return '–'
  return `top-${experts.topK} of ${experts.experts}${experts.sharedExperts > 0 ? ` + ${experts.sharedExperts}` : ''}`
}

/** The rows that hold every word of the filter, in the chosen order. */
export function galleryRows(
  subjects: readonly Subject[],
  { filter, kind, sort, descending }: Pick<ArchitectureChoices, 'filter' | 'kind' | 'sort' | 'descending'>
): Subject[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean)
  const shown = subjects.filter((subject) => {
    const text = [subject.name, subject.family, subject.year, subject.description.modelType, subject.kind]
      .join(' ')
      .toLowerCase()
    return (kind === 'all' || subject.kind === kind) && words.every((word) => text.includes(word))
  })
  const key = keys[sort]
  const sign = descending ? -1 : 1
  return shown.sort((a, b) => {
    const [x, y] = [key(a), key(b)]
    // Unknown values come last in either order.
    if (x === null || y === null) return Number(x === null) - Number(y === null)
    return sign * (typeof x === 'string' ? x.localeCompare(String(y)) : x - Number(y)) || a.name.localeCompare(b.name)
  })
}

const keys: Readonly<Record<GalleryColumn, (subject: Subject) => string | number | null>> = {
  name: ({ name }) => name,
  family: ({ family }) => family,
  year: ({ year }) => year,
  total: ({ count }) => count.total,
  active: (subject) => subject.count.active[conventionOf(subject)],
  ratio: activeShare,
  experts: ({ experts }) => experts?.experts ?? null,
  cache: ({ cachePerToken }) => cachePerToken,
  published: ({ published }) => published?.total ?? null
}
