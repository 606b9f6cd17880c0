// The two containers in which systems keep an icon at several sizes. Both hold whole PNG pictures.

/** @typedef {{ size: number, png: Uint8Array }} Picture a square picture, `size` pixels wide */

/** Type codes of .icns by width in pixels; a Retina size shares its pixels with the next larger plain one. */
const icnsTypes = new Map([
  [32, ['ic11']],
  [64, ['ic12']],
  [128, ['ic07']],
  [256, ['ic13', 'ic08']],
  [512, ['ic14', 'ic09']],
  [1024, ['ic10']]
])

/** Widths of the pictures that an .icns file holds, pixels. */
export const icnsSizes = [...icnsTypes.keys()]

/**
 * An icon for Windows: a directory of pictures (6 + 16 bytes each, little-endian), then the pictures.
 *
 * @param {readonly Picture[]} pictures at most 256 pixels wide
 * @returns {Buffer}
 * @throws {Error} if a picture is too large for the format
 */
export function ico(pictures) {
  const header = Buffer.alloc(6 + 16 * pictures.length)
  header.writeUInt16LE(1, 2)
  header.writeUInt16LE(pictures.length, 4)
  let start = header.length
  pictures.forEach(({ size, png }, index) => {
    if (size > 256) throw new Error(`expected pictures of at most 256 pixels for an .ico file, found one of ${size}`)
    const entry = 6 + 16 * index
    // 256 does not fit into the byte and is written as 0.
    header.writeUInt8(size % 256, entry)
    header.writeUInt8(size % 256, entry + 1)
    header.writeUInt16LE(1, entry + 4)
    header.writeUInt16LE(32, entry + 6)
    header.writeUInt32LE(png.length, entry + 8)
    header.writeUInt32LE(start, entry + 12)
    start += png.length
  })
  return Buffer.concat([header, ...pictures.map(({ png }) => png)])
}

/**
 * An icon for macOS: 'icns' and the file's length, then for each picture its type, its length with these 8 bytes
 * (big-endian), and the picture.
 *
 * @param {readonly Picture[]} pictures one of each of `icnsSizes`
 * @returns {Buffer}
 * @throws {Error} if the format has no place for a picture of that width
 */
export function icns(pictures) {
  const chunks = pictures.flatMap(({ size, png }) => {
    const types = icnsTypes.get(size)
    if (types === undefined) throw new Error(`expected widths of ${icnsSizes.join(', ')} for .icns, found ${size}`)
    return types.map((type) => chunk(type, png))
  })
  return chunk('icns', Buffer.concat(chunks))
}

/**
 * @param {string} type four characters
 * @param {Uint8Array} content
 */
function chunk(type, content) {
  const header = Buffer.alloc(8)
  header.write(type, 'latin1')
  header.writeUInt32BE(8 + content.length, 4)
  return Buffer.concat([header, content])
}
