/** The real architectures that ship, read when they are first asked for. */
import type { GalleryModel } from '@core/arch/gallery'
import { messageOf } from '@core/reason'
import { useEffect } from 'react'
import { type App, useApp, useAppState } from '../state/app'

/** Reads the gallery into the state, once. */
export async function loadGallery({ host, store }: App): Promise<void> {
  if (Array.isArray(store.getState().gallery)) return
  try {
    const [{ readGallery }, json] = await Promise.all([import('@core/arch/gallery'), host.architectures()])
    store.setState({ gallery: readGallery(json) })
  } catch (error) {
    store.setState({ gallery: `The architectures cannot be read: ${messageOf(error)}` })
  }
}

/** The gallery; undefined while it is read, in words what went wrong. */
export function useGallery(): readonly GalleryModel[] | string | undefined {
  const app = useApp()
  useEffect(() => void loadGallery(app), [app])
  return useAppState((state) => state.gallery)
}
