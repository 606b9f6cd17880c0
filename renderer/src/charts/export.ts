/** Charts as files: a picture as it stands on the screen, and the numbers behind it. */
import { csvFormatRows } from 'd3'

/** The numbers behind a chart. */
export interface ChartTable {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly (string | number | null)[])[]
}

/**
 * A table as CSV (RFC 4180): a line `# name: value` for each fact about it, then the names of the columns, then the rows;
 * null is an empty field. pandas, R and DuckDB skip the facts as comments.
 */
export function csvOf({ columns, rows }: ChartTable, facts: Readonly<Record<string, string | number>> = {}): string {
  const head = Object.entries(facts).map(([name, value]) => `# ${name}: ${String(value).replaceAll(/\s+/g, ' ')}\n`)
  return `${head.join('')}${csvFormatRows([[...columns], ...rows.map((row) => row.map((value) => value ?? '').map(String))])}\n`
}

const kept = [
  'color',
  'fill',
  'fill-opacity',
  'stroke',
  'stroke-width',
  'stroke-dasharray',
  'stroke-opacity',
  'paint-order',
  'opacity',
  'font-family',
  'font-size',
  'font-weight',
  'text-anchor',
  'visibility'
]

/**
 * A self-contained SVG of an element: its ground, drawings with their styles, canvases as images, and words of the page
 * as text. What is marked `data-export="no"`, and controls, are left out.
 */
export function standaloneSvg(element: HTMLElement, title: string): string {
  const frame = element.getBoundingClientRect()
  const parts = [...partsOf(element, frame)].join('\n')
  const [width, height] = [Math.ceil(frame.width), Math.ceil(frame.height)]
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">\n` +
    `<title>${escaped(title)}</title>\n${parts}\n</svg>\n`
  )
}

/** An SVG as PNG, with `scale` pixels for each of its own in both directions. */
export async function pngOf(svg: string, scale = 2): Promise<Uint8Array<ArrayBuffer>> {
  return pngOfCanvas(await canvasOf(svg, scale))
}

/** An SVG drawn, with `scale` pixels for each of its own in both directions. */
export async function canvasOf(svg: string, scale: number): Promise<HTMLCanvasElement> {
  const image = new Image()
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`
  await image.decode()
  const canvas = document.createElement('canvas')
  canvas.width = image.width * scale
  canvas.height = image.height * scale
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height)
  return canvas
}

/** The canvas as a PNG. Rejects where the browser cannot make one. */
export async function pngOfCanvas(canvas: HTMLCanvasElement): Promise<Uint8Array<ArrayBuffer>> {
  const blob = await new Promise<Blob | null>((made) => canvas.toBlob(made, 'image/png'))
  if (!blob) throw new Error(`a picture of ${canvas.width} by ${canvas.height} pixels could not be made`)
  return new Uint8Array(await blob.arrayBuffer())
}

function* partsOf(node: Node, frame: DOMRect): Generator<string> {
  if (node instanceof Text) {
    yield* textParts(node, frame)
    return
  }
  if (!(node instanceof Element) || node.matches('[data-export="no"], button:not([data-figure]), input, select')) return
  if (node instanceof SVGSVGElement) yield drawing(node, frame)
  else if (node instanceof HTMLCanvasElement) yield picture(node, frame)
  else {
    yield* ground(node, frame)
    for (const child of node.childNodes) yield* partsOf(child, frame)
  }
}

function* ground(element: Element, frame: DOMRect): Generator<string> {
  const { backgroundColor } = getComputedStyle(element)
  if (backgroundColor === 'rgba(0, 0, 0, 0)') return
  const { left, top, width, height } = element.getBoundingClientRect()
  yield `<rect ${placeOf(left, top, frame)} width="${width}" height="${height}" fill="${backgroundColor}"/>`
}

function placeOf(left: number, top: number, frame: DOMRect): string {
  return `x="${left - frame.left}" y="${top - frame.top}"`
}

function drawing(svg: SVGSVGElement, frame: DOMRect): string {
  const { left, top } = svg.getBoundingClientRect()
  const copy = svg.cloneNode(true) as SVGSVGElement
  const copies = [copy, ...copy.querySelectorAll<SVGElement>('*')]
  const originals = [svg, ...svg.querySelectorAll<SVGElement>('*')]
  copies.forEach((each, i) => {
    const original = originals[i]
    const style = original && getComputedStyle(original)
    each.setAttribute('style', kept.map((name) => `${name}:${style?.getPropertyValue(name)}`).join(';'))
    each.removeAttribute('class')
  })
  for (const each of copy.querySelectorAll('[data-export="no"]')) each.remove()
  copy.setAttribute('x', String(left - frame.left))
  copy.setAttribute('y', String(top - frame.top))
  copy.setAttribute('overflow', 'visible')
  return new XMLSerializer().serializeToString(copy)
}

function picture(canvas: HTMLCanvasElement, frame: DOMRect): string {
  const { left, top, width, height } = canvas.getBoundingClientRect()
  const size = `width="${width}" height="${height}"`
  return `<image ${placeOf(left, top, frame)} ${size} href="${canvas.toDataURL('image/png')}"/>`
}

function* textParts(node: Text, frame: DOMRect): Generator<string> {
  const parent = node.parentElement
  if (!parent || node.data.trim() === '') return
  const { color, fontFamily, fontSize, fontWeight } = getComputedStyle(parent)
  const style = `fill:${color};font-family:${fontFamily};font-size:${fontSize};font-weight:${fontWeight}`
  for (const { text, left, bottom } of linesOf(node)) {
    // Letters stand about a quarter of a line above its end.
    const baseline = bottom - Number.parseFloat(fontSize) * 0.25
    yield `<text ${placeOf(left, baseline, frame)} style="${escaped(style)}">${escaped(text)}</text>`
  }
}

/** A line of text as it stands on the page, in CSS pixels. */
export interface TextLine {
  readonly text: string
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

/** The lines into which a text is broken on the page, by the places of its words. */
export function linesOf(node: Text): readonly TextLine[] {
  const range = document.createRange()
  const lines: { text: string; left: number; right: number; top: number; bottom: number }[] = []
  for (const { 0: word, index } of node.data.matchAll(/\S+/g)) {
    range.setStart(node, index)
    range.setEnd(node, index + word.length)
    const { left, right, top, bottom } = range.getBoundingClientRect()
    const line = lines.at(-1)
    if (line?.bottom === bottom) Object.assign(line, { text: `${line.text} ${word}`, right })
    else lines.push({ text: word, left, right, top, bottom })
  }
  return lines
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
}
