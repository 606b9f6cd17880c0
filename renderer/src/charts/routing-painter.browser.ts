import { expect, test } from 'vitest'
import type { RoutingColumn, RoutingGridProps } from './routing-layout'
import { gridHeight, textHeight } from './routing-layout'
import { createRoutingPainter } from './routing-painter'

const layout = { layers: [0, 1].map((layer) => ({ layer, experts: 4 })), rowHeight: 6 }

function columnsOf(from: number, to: number): RoutingColumn[] {
  return Array.from({ length: to - from }, (_, i): RoutingColumn => columns[from + i] ?? expect.fail(String(i)))
}

const columns = Array.from({ length: 40 }, (_, position): RoutingColumn => {
  const decision = (layer: number) => ({
    layer,
    experts: [(position * 3 + layer) % 4, (position + 1) % 4],
    gates: [0.7, 0.3],
    probabilities: [0.1, 0.2, 0.3, 0.4],
    dropped: []
  })
  return {
    position,
    text: 'abc \n'.charAt(position % 5),
    generated: position > 3,
    routing: [decision(0), decision(1)]
  }
})

function pictureAfter(columnWidth: number, ...texts: (readonly RoutingColumn[])[]): string {
  const canvas = document.createElement('canvas')
  document.body.append(canvas)
  const painter = createRoutingPainter(canvas)
  const height = gridHeight(layout) + textHeight
  for (const shown of texts) painter.paint(propsOf(shown, columnWidth), height)
  canvas.remove()
  return canvas.toDataURL()
}

function propsOf(shown: readonly RoutingColumn[], columnWidth: number): RoutingGridProps {
  return {
    ...layout,
    columns: shown,
    width: 20 * columnWidth,
    columnWidth,
    theme: 'light',
    highlighted: undefined,
    onPoint: () => undefined,
    onSelect: () => undefined
  }
}

test.each([6, 7.3, 11])('a text that grew, and then moved on, looks as one painted at once: columns of %d', (width) => {
  const picture = (...texts: (readonly RoutingColumn[])[]) => pictureAfter(width, ...texts)
  const atOnce = picture(columnsOf(0, 12))
  expect(picture([], columnsOf(0, 1), columnsOf(0, 5), columnsOf(0, 11), columnsOf(0, 12))).toBe(atOnce)
  expect(atOnce).not.toBe(picture(columnsOf(0, 9)))
  expect(picture([], columnsOf(0, 20), columnsOf(3, 23), columnsOf(11, 31))).toBe(picture(columnsOf(11, 31)))
})

test('another text is painted anew, and so is one that lost its end', () => {
  const picture = (...texts: (readonly RoutingColumn[])[]) => pictureAfter(6, ...texts)
  expect(picture(columnsOf(0, 20), columnsOf(25, 40))).toBe(picture(columnsOf(25, 40)))
  expect(picture(columnsOf(0, 20), columnsOf(0, 8))).toBe(picture(columnsOf(0, 8)))
  expect(picture(columnsOf(0, 20), [])).toBe(picture([]))
})
