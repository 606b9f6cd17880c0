import { useEffect, useSyncExternalStore } from 'react'
import type { Theme } from '../charts/expert-colour'
import { useAppState } from '../state/app'

const dark = window.matchMedia('(prefers-color-scheme: dark)')

/** The theme that is shown: the chosen one, or the system's. */
export function useTheme(): Theme {
  const chosen = useAppState(({ choices }) => choices.theme)
  const system = useSyncExternalStore(
    (changed) => {
      dark.addEventListener('change', changed)
      return () => dark.removeEventListener('change', changed)
    },
    () => (dark.matches ? 'dark' : 'light')
  )
  return chosen === 'system' ? system : chosen
}

/** Puts the theme on the page. */
export function useThemeOnPage(): void {
  const theme = useTheme()
  useEffect(() => {
    document.documentElement.dataset.theme = theme
  }, [theme])
}
