/** The models that can be looked at: those of the gallery, and the config.json that was opened. */

import { cacheBytes } from '@core/arch/count/cache'
import { countDescription, type DescriptionCount, moeFeedForwards } from '@core/arch/count/parameters'
import { ConfigError, UnknownKindError, UnknownShapesError } from '@core/arch/describe/config-error'
import { modelTypeOf } from '@core/arch/describe/config-file'
import type { ModelDescription, MoeFeedForward } from '@core/arch/describe/description'
import { isReadableAtBestEffort, readDescription } from '@core/arch/describe/read'
import { describeGalleryModel, type GalleryModel } from '@core/arch/gallery'
import type { OpenedConfig } from './choices'
import { openedId } from './choices'

/** A model with the figures that follow from its shape, and what is known of it besides. */
export interface Subject {
  readonly id: string
  readonly name: string
  readonly family: string
  /** Of its publication; null where it is not known. */
  readonly year: number | null
  readonly kind: 'dense' | 'moe'
  readonly description: ModelDescription
  readonly count: DescriptionCount
  /** Its experts, those of the first layer that has some; null for a dense model. */
  readonly experts: Pick<MoeFeedForward, 'experts' | 'topK' | 'sharedExperts' | 'expertWidth'> | null
  /** Bytes that a further token adds to the cache in 16 bits; null for a model that keeps none. */
  readonly cachePerToken: number | null
  readonly published: GalleryModel['published'] | null
  /** Source of its shape. */
  readonly source: string
  readonly notes: string
}

/** Reason for which the opened config.json is no subject. */
export interface Unreadable {
  readonly file: string
  readonly message: string
  /** The kind that no reader knows; undefined when something else is wrong. */
  readonly unknownKind: string | undefined
  /** True where the names of its keys can still be read, of an unknown kind or of one with a key that does not fit. */
  readonly offersBestEffort: boolean
  /** True where a best-effort reading left out a key that looks like a size, so that it can be asked for all the same. */
  readonly unknownShapes: boolean
}

/** Every model of the gallery, described and counted. */
export function gallerySubjects(gallery: readonly GalleryModel[]): Subject[] {
  return gallery.map((model) => {
    const { id, name, family, year, published, config_source, notes } = model
    const facts = { id, name, family, year, published, source: config_source, notes }
    return subjectOf(describeGalleryModel(model), facts)
  })
}

/** The opened config.json, or why it cannot be read. */
export function openedSubject({ name, config, bestEffort }: OpenedConfig): Subject | Unreadable {
  const modelType = modelTypeOf(config)
  const kind = typeof modelType === 'string' ? modelType : undefined
  try {
    const description = readDescription(config, { bestEffort })
    return subjectOf(description, {
      id: openedId,
      name: description.bestEffort.length > 0 ? `${name} (best effort)` : name,
      family: kind ?? '',
      year: null,
      published: null,
      source: name,
      notes: ''
    })
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return {
      file: name,
      message: error.message,
      offersBestEffort: !bestEffort && (error instanceof UnknownKindError || isReadableAtBestEffort(config)),
      unknownKind: bestEffort || !(error instanceof UnknownKindError) ? undefined : (kind ?? 'that is not in the file'),
      unknownShapes: error instanceof UnknownShapesError
    }
  }
}

/** A description with its figures. */
export function subjectOf(
  description: ModelDescription,
  facts: Pick<Subject, 'id' | 'name' | 'family' | 'year' | 'published' | 'source' | 'notes'>
): Subject {
  const count = countDescription(description)
  const [experts = null] = description.stacks.flatMap(({ blocks }) => blocks.flatMap(moeFeedForwards))
  const keepsCache = description.stacks.some(({ role }) => role === 'decoder')
  return {
    ...facts,
    kind: count.components.experts > 0 ? 'moe' : 'dense',
    description,
    count,
    experts,
    cachePerToken: keepsCache ? cacheBytes(description, { context: 1 }).perToken : null
  }
}
