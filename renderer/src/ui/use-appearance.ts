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

/** Text size over that of a small screen: the chosen size, times what `theme.css` adds on a large screen. */
export function useTextScale(): number {
  const chosen = useAppState(({ settings }) => settings.textSize / 100)
  return useMedia('(min-width: 1600px) and (min-height: 900px)') ? (chosen * 17) / 14 : chosen
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
