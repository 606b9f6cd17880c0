import { useEffect, useLayoutEffect } from 'react'
import type { Theme } from '../charts/expert-colour'
import { useMedia } from '../charts/use-size'
import { useApp, useAppState } from '../state/app'

/** The theme that is shown: the chosen one, or the system's. */
export function useTheme(): Theme {
  const chosen = useAppState(({ settings }) => settings.theme)
  const system = useMedia('(prefers-color-scheme: dark)') ? 'dark' : 'light'
  return chosen === 'system' ? system : chosen
}

/** Text size over the usual one. */
export function useTextScale(): number {
  return useAppState(({ settings }) => settings.textSize / 100)
}

/** Puts the theme, the size of text and the wish for less motion on the page. */
export function useAppearanceOnPage(): void {
  const { host } = useApp()
  const theme = useTheme()
  const { theme: chosen, textSize, motion } = useAppState(({ settings }) => settings)
  // Before the effects of what is drawn by the colours of the page.
  useLayoutEffect(() => {
    const { dataset, style } = document.documentElement
    dataset.theme = theme
    dataset.motion = motion
    style.setProperty('--text-size', String(textSize / 100))
  }, [theme, textSize, motion])
  useEffect(() => host.setTheme(chosen), [host, chosen])
}
