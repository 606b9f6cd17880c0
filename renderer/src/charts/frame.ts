import type { Theme } from './expert-colour'

/** Room and look that a chart is drawn with: on the screen those of its panel, in a picture those of the picture. */
export interface Frame {
  /** CSS pixels. */
  readonly width: number
  /** Height of a chart that is the main thing on its screen, in CSS pixels. */
  readonly height: number
  /** Text size over the usual one. */
  readonly textScale: number
  readonly theme: Theme
}
