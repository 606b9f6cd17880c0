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
    const measure = (width: number, height: number) => {
      const scale = Number.parseFloat(getComputedStyle(element).fontSize) / usualText
      setBox({ width: Math.floor(width / scale), height: Math.floor(height / scale), scale })
    }
    // At once, for a picture that is drawn without ever being on screen.
    const { width, height } = element.getBoundingClientRect()
    measure(width, height)
    const observer = new ResizeObserver(
      ([entry]) => entry && measure(entry.contentRect.width, entry.contentRect.height)
    )
    observer.observe(element)
    return () => observer.disconnect()
  }, [])
  return [ref, box]
}

/** CSS pixels of text on a small screen. */
const usualText = 14
