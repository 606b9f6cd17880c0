/** PDF of pictures (ISO 32000-1): a page for each, with its text invisible above it, to be searched and copied. */

export interface PdfPage {
  /** Points, 1/72 inch. */
  readonly width: number
  readonly height: number
  readonly image: {
    /** Pixels. */
    readonly width: number
    readonly height: number
    /** Red, green and blue of every pixel by rows from the top, a byte each, deflated (RFC 1950). */
    readonly deflated: Uint8Array
  }
  /** Lines, in points from the lower left corner. */
  readonly texts: readonly {
    readonly text: string
    readonly left: number
    readonly width: number
    readonly bottom: number
    /** Of its letters. */
    readonly size: number
  }[]
}

/** The bytes of a PDF file. Letters beyond Windows-1252 become question marks. */
export function writePdf(title: string, pages: readonly PdfPage[]): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array[] = []
  const offsets: number[] = []
  let length = 0
  const put = (part: string | Uint8Array) => {
    const bytes = typeof part === 'string' ? latin1(part) : part
    parts.push(bytes)
    length += bytes.length
  }
  const object = (number: number, dictionary: string, stream?: Uint8Array) => {
    offsets[number] = length
    put(`${number} 0 obj\n<<${dictionary}${stream ? ` /Length ${stream.length}` : ''}>>\n`)
    if (stream) for (const part of ['stream\n', stream, '\nendstream\n']) put(part)
    put('endobj\n')
  }
  const firstOf = (page: number) => 5 + 3 * page
  put('%PDF-1.7\n%\xe2\xe3\xcf\xd3\n')
  object(1, '/Type /Catalog /Pages 2 0 R')
  object(2, `/Type /Pages /Count ${pages.length} /Kids [${pages.map((_, i) => `${firstOf(i)} 0 R`).join(' ')}]`)
  object(3, '/Type /Font /Subtype /Type1 /BaseFont /Courier /Encoding /WinAnsiEncoding')
  object(4, `/Title <feff${hexOf(title)}>`)
  for (const [i, { width, height, image, texts }] of pages.entries()) {
    const [page, content, picture] = [firstOf(i), firstOf(i) + 1, firstOf(i) + 2]
    const resources = `/Font <</F 3 0 R>> /XObject <</I ${picture} 0 R>>`
    object(
      page,
      `/Type /Page /Parent 2 0 R /MediaBox [0 0 ${width} ${height}] /Contents ${content} 0 R /Resources <<${resources}>>`
    )
    // Letters of one width, which are drawn apart until the line is as wide as the one that is seen.
    const lines = texts.map(({ text, left, width, bottom, size }) => {
      const scale = (100 * width) / (courierWidth * size * [...text].length)
      return `/F ${round(size)} Tf ${round(scale)} Tz 1 0 0 1 ${round(left)} ${round(bottom)} Tm <${winAnsi(text)}> Tj`
    })
    object(content, '', latin1([`q ${width} 0 0 ${height} 0 0 cm /I Do Q`, 'BT 3 Tr', ...lines, 'ET'].join('\n')))
    object(
      picture,
      `/Type /XObject /Subtype /Image /Width ${image.width} /Height ${image.height} /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /FlateDecode`,
      image.deflated
    )
  }
  const start = length
  const rows = offsets.slice(1).map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`)
  put(`xref\n0 ${offsets.length}\n0000000000 65535 f \n${rows.join('')}`)
  put(`trailer\n<</Size ${offsets.length} /Root 1 0 R /Info 4 0 R>>\nstartxref\n${start}\n%%EOF\n`)
  const file = new Uint8Array(length)
  let at = 0
  for (const part of parts) {
    file.set(part, at)
    at += part.length
  }
  return file
}

/** Of a letter, over its size. */
const courierWidth = 0.6

function latin1(text: string): Uint8Array {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0))
}

/** UTF-16, big end first. */
function hexOf(text: string): string {
  return Array.from({ length: text.length }, (_, i) => text.charCodeAt(i).toString(16).padStart(4, '0')).join('')
}

function winAnsi(text: string): string {
  const bytes = [...text.replaceAll('−', '-')].map((letter) => {
    const code = letter.codePointAt(0) ?? 0
    if ((code >= 0x20 && code < 0x7f) || (code >= 0xa0 && code <= 0xff)) return code
    const place = beyondLatin1.indexOf(letter)
    return place < 0 ? 0x3f : 0x80 + place
  })
  return bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** Letters of Windows-1252 from 0x80 on; a space where there is none. */
const beyondLatin1 = '€ ‚ƒ„…†‡ˆ‰Š‹Œ Ž  ‘’“”•–—˜™š›œ žŸ'

function round(value: number): number {
  return Math.round(value * 100) / 100
}
