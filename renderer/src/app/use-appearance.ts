import { useEffect, useSyncExternalStore } from 'react'
import type { Theme } from '../charts/expert-colour'
import { useApp, useAppState } from '../state/app'

const dark = window.matchMedia('(prefers-color-scheme: dark)')

/** The theme that is shown: the chosen one, or the system's. */
export function useTheme(): Theme {
  const chosen = useAppState(({ settings }) => settings.theme)
  const system = useSyncExternalStore(
    (changed) => {
      dark.addEventListener('change', changed)
      return () => dark.removeEventListener('change', changed)
    },
    () => (dark.matches ? 'dark' : 'light')
  )
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
  useEffect(() => {
    const { dataset, style } = document.documentElement
    dataset.theme = theme
    dataset.motion = motion
    style.setProperty('--text-size', String(textSize / 100))
  }, [theme, textSize, motion])
  useEffect(() => host.setTheme(chosen), [host, chosen])
}
