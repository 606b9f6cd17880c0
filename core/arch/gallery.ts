/** The gallery of real architectures that ships with the app (`assets/architectures.json`). */
import { z } from 'zod'
import { parsedBy } from '../formats/problems'
import type { ModelDescription } from './describe/description'
import { readDescription } from './describe/read'

const published = z.object({
  /** Parameters, as rounded as their source has them; null where there is no figure. */
  total: z.number().nullable(),
  active: z.number().nullable(),
  /** By which convention the active figure fits; null for dense models and where none does. */
  convention: z.enum(['all', 'no_input_embedding', 'no_embedding']).nullable(),
  source: z.string()
})

const galleryModel = z.object({
  id: z.string(),
  name: z.string(),
  /** Models of one lineage share it. */
  family: z.string(),
  /** Of the first publication. */
  year: z.int(),
  /** Hugging Face config.json, or the hyperparameters of a paper, cut to the keys that fix shapes. */
  config: z.record(z.string(), z.unknown()),
  config_source: z.string(),
  published,
  /** Caveats of its figures; may be empty. */
  notes: z.string()
})

/** The file of the gallery. */
const gallerySchema = z.object({
  format: z.literal('moescope.architectures/1'),
  models: z.array(galleryModel)
})

export type GalleryModel = z.infer<typeof galleryModel>

/** The models of a parsed gallery file. Throws a `FormatError` that begins with `place` when it is no gallery. */
export function readGallery(json: unknown, place = 'architectures.json'): GalleryModel[] {
  return parsedBy(gallerySchema, json, `${place}: `).models
}

/** The description of a gallery model. Throws `ConfigError` as `readDescription`. */
export function describeGalleryModel({ config }: GalleryModel): ModelDescription {
  return readDescription(config)
}

/** The model with an id or a name, in whatever case; undefined when there is none. */
export function findGalleryModel(models: readonly GalleryModel[], text: string): GalleryModel | undefined {
  const wanted = text.toLowerCase()
  return models.find(({ id, name }) => id === wanted || name.toLowerCase() === wanted)
}
