import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { icns, ico } from './icon-containers.mjs'

const packaging = resolve('packaging')

describe('the committed icons', () => {
  test.each(['icon.ico', 'moescope.ico'])('%s holds a picture for every place on a screen', (name) => {
    const pictures = readIco(readFileSync(resolve(packaging, name)))
    expect(pictures.map(({ said }) => said)).toEqual([16, 20, 24, 32, 40, 48, 64, 128, 256])
    for (const { said, png } of pictures) expect(pngSize(png)).toEqual([said, said])
  })

  test.each(['icon.icns', 'moescope.icns'])('%s holds what each of its types means', (name) => {
    // Pixels by type, from Apple's list of icon types: https://en.wikipedia.org/wiki/Apple_Icon_Image_format
    const widths = { ic11: 32, ic12: 64, ic07: 128, ic13: 256, ic08: 256, ic14: 512, ic09: 512, ic10: 1024 }
    const found = readIcns(readFileSync(resolve(packaging, name)))
    expect(Object.fromEntries(found.map(({ type, png }) => [type, pngSize(png)[0]]))).toEqual(widths)
  })

  test('for Linux have the size in their names', () => {
    const names = readdirSync(resolve(packaging, 'icons'))
    expect(names).toHaveLength(8)
    for (const name of names) {
      const [width, height] = pngSize(readFileSync(resolve(packaging, 'icons', name)))
      expect(name).toBe(`${width}x${height}.png`)
    }
  })

  test('are of the drawings as they are now; else run npm run icons', () => {
    const lines = readFileSync(resolve(packaging, 'drawn-from.txt'), 'utf8').trim().split(/\r?\n/)
    expect(lines).toHaveLength(2)
    for (const line of lines) {
      const [fingerprint, file = ''] = line.split('  ')
      const drawing = readFileSync(resolve(file), 'utf8').replaceAll('\r\n', '\n')
      expect([createHash('sha256').update(drawing).digest('hex'), file]).toEqual([fingerprint, file])
    }
  })
})

test('a picture that a container has no place for is refused', () => {
  const png = Uint8Array.of(1)
  expect(() => ico([{ size: 257, png }])).toThrow('found one of 257')
  expect(() => icns([{ size: 100, png }])).toThrow('found 100')
})

/** Width and height from a PNG's first chunk. */
function pngSize(png: Buffer): [number, number] {
  expect(png.subarray(0, 8).toString('latin1')).toBe('\x89PNG\r\n\x1a\n')
  return [png.readUInt32BE(16), png.readUInt32BE(20)]
}

function readIco(file: Buffer): { said: number; png: Buffer }[] {
  expect([file.readUInt16LE(0), file.readUInt16LE(2)]).toEqual([0, 1])
  return Array.from({ length: file.readUInt16LE(4) }, (_, index) => {
    const entry = file.subarray(6 + 16 * index, 22 + 16 * index)
    const start = entry.readUInt32LE(12)
    return { said: entry.readUInt8(0) || 256, png: file.subarray(start, start + entry.readUInt32LE(8)) }
  })
}

function readIcns(file: Buffer): { type: string; png: Buffer }[] {
  expect(file.toString('latin1', 0, 4)).toBe('icns')
  expect(file.readUInt32BE(4)).toBe(file.length)
  const found = []
  for (let start = 8; start < file.length; start += file.readUInt32BE(start + 4)) {
    const png = file.subarray(start + 8, start + file.readUInt32BE(start + 4))
    found.push({ type: file.toString('latin1', start, start + 4), png })
  }
  return found
}
