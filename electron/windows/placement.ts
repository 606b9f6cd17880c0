/** Placement of windows: arithmetic on rectangles, in the system's points. */
export interface Rectangle {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** The least size that the page is designed for. */
export const minSize = { width: 1024, height: 640 }

const usualSize = { width: 1280, height: 800 }

/** As much of a window's upper edge must be on a display as is needed to drag it back. */
const grip = { width: 120, height: 32 }

const step = 32

/**
 * The remembered place where it can still be seen and taken hold of, else the middle of the first display.
 *
 * @param areas parts of the displays that windows may use, the main display's first
 */
export function placeWindow(remembered: Rectangle | null, areas: readonly Rectangle[]): Rectangle {
  if (remembered) {
    const within = areas.filter((area) => isWithinReach(remembered, area))
    const [home] = within.toSorted((a, b) => widthWithin(remembered, b) - widthWithin(remembered, a))
    if (home) return fitInto(remembered, home)
  }
  const [area] = areas
  return area ? centreIn(area, remembered ?? usualSize) : { x: 0, y: 0, ...usualSize }
}

/**
 * Place of one more window: the middle of another display, else a step from the window that it is opened from.
 *
 * @param area of the display that the window is on
 * @param other area of another display; undefined when there is none
 */
export function placeBeside(window: Rectangle, area: Rectangle, other: Rectangle | undefined): Rectangle {
  return other ? centreIn(other, usualSize) : fitInto({ ...window, x: window.x + step, y: window.y + step }, area)
}

/** The middle of an area, at most as large as it is. */
function centreIn(area: Rectangle, size: { readonly width: number; readonly height: number }): Rectangle {
  const width = Math.min(size.width, area.width)
  const height = Math.min(size.height, area.height)
  return {
    x: area.x + Math.round((area.width - width) / 2),
    y: area.y + Math.round((area.height - height) / 2),
    width,
    height
  }
}

function isWithinReach(window: Rectangle, area: Rectangle): boolean {
  const { y } = window
  const above = y < area.y - grip.height
  const below = y > area.y + area.height - grip.height
  return !above && !below && widthWithin(window, area) >= grip.width
}

function widthWithin(window: Rectangle, area: Rectangle): number {
  return Math.min(window.x + window.width, area.x + area.width) - Math.max(window.x, area.x)
}

function fitInto(window: Rectangle, area: Rectangle): Rectangle {
  const width = Math.min(window.width, area.width)
  const height = Math.min(window.height, area.height)
  const within = (at: number, from: number, room: number) => Math.min(Math.max(at, from), from + room)
  return {
    x: within(window.x, area.x, area.width - width),
    y: within(window.y, area.y, area.height - height),
    width,
    height
  }
}
