import { type RefCallback, useCallback, useState } from 'react'

interface Box {
  /** In units of a small screen, for which charts are made; 0 before it is on screen. */
  readonly width: number
  readonly height: number
  /** CSS pixels of a unit: of lines and dots as of text. */
  readonly scale: number
}

/** The room of an element on the stage, kept up to date. */
export function useBox(): [RefCallback<HTMLElement>, Box] {
  const [box, setBox] = useState<Box>({ width: 0, height: 0, scale: 1 })
  const ref = useCallback((element: HTMLElement | null) => {
    if (!element) return
    const observer = new ResizeObserver(([entry]) => {
      if (!entry) return
      const { width, height } = entry.contentRect
      const scale = Number.parseFloat(getComputedStyle(element).fontSize) / usualText
      setBox({ width: Math.floor(width / scale), height: Math.floor(height / scale), scale })
    })
    observer.observe(element)
    return () => observer.disconnect()
  }, [])
  return [ref, box]
}

/** CSS pixels of text on a small screen. */
const usualText = 14
