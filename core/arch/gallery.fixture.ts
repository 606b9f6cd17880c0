import shipped from '../../assets/architectures.json'
import { type GalleryModel, readGallery } from './gallery'

/** The gallery as it ships. */
export const gallery: readonly GalleryModel[] = readGallery(shipped)

/** The config of a gallery model. Throws when there is none of that id. */
export function configOf(id: string): Record<string, unknown> {
  const found = gallery.find((each) => each.id === id)
  if (!found) throw new Error(`the gallery has no model '${id}'`)
  return found.config
}
