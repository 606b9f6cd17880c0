/** The machine that the double pretends to be, as a test chooses it. */

export interface DoubleOptions {
  /** The browser's program, its version, e.g. `156.0.8078.108`, and how it is started without a display. */
  readonly chromium: { readonly executablePath: string; readonly version: string; readonly args: readonly string[] }
  /** Files that the system opens with the app before it is ready, as macOS does. */
  readonly openFiles?: readonly string[]
  /** Sizes of the displays, left to right; one of 1920 x 1080 without it. */
  readonly displays?: readonly { readonly width: number; readonly height: number }[]
}

/** The variable of the environment that holds the options as JSON. */
export const optionsVariable = 'ELECTRON_DOUBLE_OPTIONS'

/** The options of this process. */
export function readOptions(): DoubleOptions {
  const text = process.env[optionsVariable]
  if (text === undefined) throw new Error(`${optionsVariable}: expected the double's options as JSON, found nothing`)
  return JSON.parse(text) as DoubleOptions
}
