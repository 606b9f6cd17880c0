import { type RefCallback, useCallback, useState, useSyncExternalStore } from 'react'

/** The width of an element in CSS pixels, kept up to date; 0 before it is on screen. */
export function useWidth(): [RefCallback<HTMLElement>, number] {
  const [width, setWidth] = useState(0)
  const ref = useCallback((element: HTMLElement | null) => {
    if (!element) return
    const observer = new ResizeObserver(([entry]) => entry && setWidth(Math.floor(entry.contentRect.width)))
    observer.observe(element)
    return () => observer.disconnect()
  }, [])
  return [ref, width]
}

/** True while a media query holds. */
export function useMedia(query: string): boolean {
  const subscribe = useCallback(
    (changed: () => void) => {
      const media = window.matchMedia(query)
      media.addEventListener('change', changed)
      return () => media.removeEventListener('change', changed)
    },
    [query]
  )
  return useSyncExternalStore(subscribe, () => window.matchMedia(query).matches)
}

/** Height of a chart that is the main thing on its screen: most of what the window shows, within reason. */
export function useMainHeight(): number {
  const windowHeight = useSyncExternalStore(subscribeToResize, () => window.innerHeight)
  return Math.round(Math.max(360, Math.min(860, windowHeight - 340)))
}

function subscribeToResize(changed: () => void): () => void {
  window.addEventListener('resize', changed)
  return () => window.removeEventListener('resize', changed)
}
