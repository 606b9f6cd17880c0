/** Colours of the terminal: dense models are blue, MoE models orange, everything else is neutral. */
export interface Paint {
  dense(text: string): string
  moe(text: string): string
  /** One of `count` experts, by hues of equal lightness around the OKLCH circle. */
  expert(text: string, index: number, count: number): string
  bold(text: string): string
  dim(text: string): string
}

export type ColourDepth = 'none' | '256' | '24-bit'

/** Text with escape sequences of a colour depth; at depth `none` text stays as it is. */
export function createPaint(depth: ColourDepth): Paint {
  if (depth === 'none') {
    const plain = (text: string) => text
    return { dense: plain, moe: plain, expert: plain, bold: plain, dim: plain }
  }
  const styled = (style: string) => (text: string) => `\x1b[${style}m${text}\x1b[0m`
  const coloured = (colour: Colour) =>
    styled(depth === '256' ? `38;5;${nearestOf256(colour)}` : `38;2;${colour.join(';')}`)
  return {
    dense: coloured(denseBlue),
    moe: coloured(moeOrange),
    expert: (text, index, count) => coloured(hue((360 * index) / count))(text),
    bold: styled('1'),
    dim: styled('2')
  }
}

/** Colour depth of a terminal, by the conventions of `NO_COLOR` (no-color.org), `COLORTERM` and `TERM`. */
export function colourDepth(
  isTerminal: boolean,
  environment: Readonly<Record<string, string | undefined>>
): ColourDepth {
  if (!isTerminal || environment.NO_COLOR || environment.TERM === 'dumb') return 'none'
  return /^(truecolor|24bit)$/.test(environment.COLORTERM ?? '') ? '24-bit' : '256'
}

type Colour = readonly [red: number, green: number, blue: number]

// Okabe and Ito's blue and vermilion; the blue lightened, to be read on black and on white.
const denseBlue: Colour = [47, 143, 208]
const moeOrange: Colour = [224, 104, 20]

/** A colour of the 6 x 6 x 6 cube. */
function nearestOf256(colour: Colour): number {
  const [red = 0, green = 0, blue = 0] = colour.map((value) =>
    value < 48 ? 0 : Math.round(Math.max(value - 55, 40) / 40)
  )
  return 16 + 36 * red + 6 * green + blue
}

/** A hue at one lightness and chroma (Ottosson 2020, "A perceptual color space for image processing"). */
function hue(degrees: number): Colour {
  const [lightness, chroma, angle] = [0.7, 0.12, (degrees * Math.PI) / 180]
  const [a, b] = [chroma * Math.cos(angle), chroma * Math.sin(angle)]
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3
  const [red = 0, green = 0, blue = 0] = [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s
  ].map((linear) => {
    const limited = Math.min(1, Math.max(0, linear))
    return Math.round(255 * (limited <= 0.0031308 ? 12.92 * limited : 1.055 * limited ** (1 / 2.4) - 0.055))
  })
  return [red, green, blue]
}
