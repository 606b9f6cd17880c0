/** Charts as files: the picture as it stands on the screen, and the numbers behind it. */
import { csvFormatRows } from 'd3'

/** The numbers behind a chart. */
export interface ChartTable {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly (string | number | null)[])[]
}

/** A table as CSV with a line of names first (RFC 4180); null is an empty field. */
export function csvOf({ columns, rows }: ChartTable): string {
  return `${csvFormatRows([[...columns], ...rows.map((row) => row.map((value) => value ?? '').map(String))])}\n`
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
 * A self-contained SVG of an element: drawings with their styles, canvases as images, and words of
 * the page as text. What is marked `data-export="no"`, and controls, are left out.
 */
export function standaloneSvg(element: HTMLElement, title: string): string {
  const frame = element.getBoundingClientRect()
  const { backgroundColor } = getComputedStyle(element.closest('section') ?? document.body)
  const parts = [...partsOf(element, frame)].join('\n')
  const [width, height] = [Math.ceil(frame.width), Math.ceil(frame.height)]
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">\n` +
    `<title>${escaped(title)}</title>\n<rect width="100%" height="100%" fill="${backgroundColor}"/>\n${parts}\n</svg>\n`
  )
}

/** An SVG as PNG, with so many pixels for each of its own. */
export async function pngOf(svg: string, scale = 2): Promise<Uint8Array<ArrayBuffer>> {
  const image = new Image()
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`
  await image.decode()
  const canvas = document.createElement('canvas')
  canvas.width = image.width * scale
  canvas.height = image.height * scale
  const context = canvas.getContext('2d')
  context?.drawImage(image, 0, 0, canvas.width, canvas.height)
  const blob = await new Promise<Blob | null>((made) => canvas.toBlob(made, 'image/png'))
  if (!blob) throw new Error(`a picture of ${canvas.width} by ${canvas.height} pixels could not be made`)
  return new Uint8Array(await blob.arrayBuffer())
}

function* partsOf(node: Node, frame: DOMRect): Generator<string> {
  if (node instanceof Text) {
    yield* textParts(node, frame)
    return
  }
  if (!(node instanceof Element) || node.matches('[data-export="no"], button, input, select')) return
  if (node instanceof SVGSVGElement) yield drawing(node, frame)
  else if (node instanceof HTMLCanvasElement) yield picture(node, frame)
  else for (const child of node.childNodes) yield* partsOf(child, frame)
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
  const place = `x="${left - frame.left}" y="${top - frame.top}" width="${width}" height="${height}"`
  return `<image ${place} href="${canvas.toDataURL('image/png')}"/>`
}

function* textParts(node: Text, frame: DOMRect): Generator<string> {
  const parent = node.parentElement
  if (!parent || node.data.trim() === '') return
  const range = document.createRange()
  range.selectNodeContents(node)
  const { color, fontFamily, fontSize, fontWeight } = getComputedStyle(parent)
  const style = `fill:${color};font-family:${fontFamily};font-size:${fontSize};font-weight:${fontWeight}`
  const { left, bottom } = range.getBoundingClientRect()
  // Letters stand about a quarter of a line above its end.
  const baseline = bottom - Number.parseFloat(fontSize) * 0.25
  yield `<text x="${left - frame.left}" y="${baseline - frame.top}" style="${escaped(style)}">${escaped(node.data)}</text>`
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
}
