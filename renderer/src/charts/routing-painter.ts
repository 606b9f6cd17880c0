/** Paints the routing grid so that a text that grows costs what is new, not the whole picture again. */
import { expertColour, type Theme } from './expert-colour'
import { visible } from './format'
import { layerTop, type RoutingColumn, type RoutingGridProps, textHeight } from './routing-layout'

export interface RoutingPainter {
  /** @param height of layers and characters, in CSS pixels */
  paint(props: RoutingGridProps, height: number): void
}

/** Present content of the canvas. */
interface Painted {
  /** All that the place and the looks of a column depend on. */
  readonly looks: string
  readonly columns: readonly RoutingColumn[]
}

const font = 'ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace'

export function createRoutingPainter(canvas: HTMLCanvasElement): RoutingPainter {
  const context = canvas.getContext('2d')
  // The characters are painted apart from the page, because text on a canvas of the page asks for a style, and so for
  // a layout in the midst of a frame.
  const strip = new OffscreenCanvas(1, 1)
  const characters = strip.getContext('2d')
  let ink: { readonly theme: Theme; readonly colour: string } | undefined
  let painted: Painted | undefined

  /** The colour of text. Asking for a style costs a layout while the page changes: once for each theme. */
  function inkOf(theme: Theme): string {
    if (ink?.theme !== theme) ink = { theme, colour: getComputedStyle(canvas).color }
    return ink.colour
  }

  return {
    paint: (props, height) => {
      if (!context || !characters) return
      const { columns, width, columnWidth, rowHeight, layers, theme } = props
      const scale = devicePixelRatio
      const looks = JSON.stringify([width, height, columnWidth, rowHeight, layers, theme, scale])
      const kept = painted?.looks === looks ? keptColumns(painted.columns, columns) : undefined
      const shift = (kept?.shift ?? 0) * columnWidth
      painted = { looks, columns }
      const from = kept && Number.isInteger(shift * scale) ? kept.count : 0
      if (!kept) {
        canvas.width = Math.round(width * scale)
        canvas.height = Math.round(height * scale)
        context.scale(scale, scale)
        strip.width = canvas.width
        strip.height = Math.round(textHeight * scale)
        characters.scale(scale, scale)
        characters.textAlign = 'center'
        characters.textBaseline = 'bottom'
        characters.font = `${Math.min(13, columnWidth * 1.45)}px ${font}`
      } else if (from > 0 && shift > 0) {
        context.globalAlpha = 1
        context.globalCompositeOperation = 'copy'
        context.drawImage(canvas, -shift, 0, canvas.width / scale, canvas.height / scale)
        context.globalCompositeOperation = 'source-over'
      }
      const colour = inkOf(theme)
      // Characters may be wider than their column: the last one that stays is painted again with its neighbours, within
      // whole pixels, so that nothing is painted over itself.
      const first = Math.max(0, from - 2)
      context.save()
      context.beginPath()
      context.rect(Math.floor(Math.max(0, from - 1) * columnWidth * scale) / scale, 0, width, height)
      context.clip()
      context.clearRect(0, 0, width, height)
      paintCells(context, props, colour, first)
      characters.clearRect(0, 0, width, textHeight)
      paintCharacters(characters, props, colour, first)
      context.globalAlpha = 1
      context.drawImage(strip, 0, height - textHeight, strip.width / scale, textHeight)
      context.restore()
    }
  }
}

/**
 * Reusable part of a picture: columns move `shift` to the left, and the first `count` are painted then; undefined when
 * none does.
 */
function keptColumns(before: readonly RoutingColumn[], after: readonly RoutingColumn[]) {
  if (before.length === 0) return { shift: 0, count: 0 }
  const shift = before.findIndex((column) => isSame(column, after[0]))
  if (shift < 0) return undefined
  const rest = before.length - shift
  for (let i = 0; i < rest; i++) if (!isSame(before[shift + i], after[i])) return undefined
  return { shift, count: rest }
}

function isSame(a: RoutingColumn | undefined, b: RoutingColumn | undefined): boolean {
  return a?.position === b?.position && a?.routing === b?.routing && a?.text === b?.text
}

function paintCells(context: CanvasRenderingContext2D, props: RoutingGridProps, ink: string, from: number): void {
  const { columns, layers, width, rowHeight, columnWidth, theme } = props
  const left = from * columnWidth
  const gap = columnWidth > 5 ? 1 : 0.5
  layers.forEach(({ experts }, index) => {
    const top = layerTop(props, index)
    context.globalAlpha = 0.045
    context.fillStyle = ink
    for (let expert = 0; expert < experts; expert += 2) {
      context.fillRect(left, top + expert * rowHeight, width - left, rowHeight)
    }
    for (let column = from; column < columns.length; column++) {
      const decision = columns[column]?.routing[index]
      decision?.experts.forEach((expert, choice) => {
        context.globalAlpha = 0.3 + 0.7 * (decision.gates[choice] ?? 0)
        context.fillStyle = expertColour(expert, experts, theme)
        context.fillRect(
          column * columnWidth + gap / 2,
          top + expert * rowHeight + 0.5,
          columnWidth - gap,
          rowHeight - 1
        )
      })
    }
  })
}

function paintCharacters(
  context: OffscreenCanvasRenderingContext2D,
  { columns, columnWidth }: RoutingGridProps,
  ink: string,
  from: number
): void {
  context.fillStyle = ink
  columns.slice(from).forEach(({ text, generated }, i) => {
    context.globalAlpha = generated ? 1 : 0.62
    context.fillText(text === ' ' ? '·' : visible(text), (from + i + 0.5) * columnWidth, textHeight)
  })
  // The first of these signs looks for a font that has it, which takes longer than a frame: before the run, not in it.
  if (columns.length === 0) context.fillText('·⏎␣', -3 * columnWidth, textHeight)
}
