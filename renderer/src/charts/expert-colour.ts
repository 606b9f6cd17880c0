export type Theme = 'light' | 'dark'

/** The colour of an expert: hues evenly around OKLCH, at one lightness and chroma, so that none stands out. */
export function expertColour(expert: number, experts: number, theme: Theme): string {
  const hue = (20 + (360 * expert) / experts) % 360
  return theme === 'dark' ? `oklch(0.76 0.125 ${hue})` : `oklch(0.6 0.135 ${hue})`
}
