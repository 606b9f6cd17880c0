import type { Display, Rectangle, Screen } from 'electron'
import { readyFor } from './life'
import { modelled } from './modelled'
import { modelledEmitter } from './modelled-emitter'
import { readOptions } from './options'

/** Height of the bar that the system keeps for itself on the first display. */
const taskbar = 40

/** Electron's module `screen`: displays side by side, of the sizes that the test chose. */
export const screen = modelledEmitter<Screen>(
  'screen',
  ['display-added', 'display-removed', 'display-metrics-changed'],
  {
    getAllDisplays: () => displays(),
    getPrimaryDisplay: () => first(displays()),
    getDisplayMatching: (rectangle) => first(displays().toSorted((a, b) => shared(b, rectangle) - shared(a, rectangle)))
  }
)

function displays(): Display[] {
  readyFor('screen')
  let x = 0
  return (readOptions().displays ?? [{ width: 1920, height: 1080 }]).map(({ width, height }, i) => {
    const bounds = { x, y: 0, width, height }
    x += width
    const workArea = i === 0 ? { ...bounds, height: height - taskbar } : bounds
    return modelled<Display>('Display', { id: i + 1, bounds, workArea, scaleFactor: 1 })
  })
}

/** Area that a display and a rectangle share. */
function shared({ bounds }: Display, { x, y, width, height }: Rectangle): number {
  const across = Math.min(x + width, bounds.x + bounds.width) - Math.max(x, bounds.x)
  const down = Math.min(y + height, bounds.y + bounds.height) - Math.max(y, bounds.y)
  return Math.max(across, 0) * Math.max(down, 0)
}

function first([display]: readonly Display[]): Display {
  if (!display) throw new Error('expected at least one display')
  return display
}
