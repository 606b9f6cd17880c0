// npm run icons: draws the systems' icons from assets/icon.svg and packaging/document.svg with Chromium. The pictures are
// committed: packaging needs no browser, and electron-builder takes these files as they are, without its own converter.
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { chromium } from 'playwright'
import { findChromium } from './chromium.mjs'
import { root, say } from './command.mjs'
import { icns, icnsSizes, ico } from './icon-containers.mjs'

const linuxSizes = [16, 24, 32, 48, 64, 128, 256, 512]
const windowsSizes = [16, 20, 24, 32, 40, 48, 64, 128, 256]
const drawings = { icon: 'assets/icon.svg', moescope: 'packaging/document.svg' }
const folder = join(root, 'packaging')

process.env.MOESCOPE_CHROMIUM = await findChromium()
const { chromiumOptions } = await import('./chromium-options.mjs')
const browser = await chromium.launch(chromiumOptions)
try {
  const page = await browser.newPage()
  const icon = readFileSync(join(root, drawings.icon), 'utf8')
  // macOS keeps a margin around an icon's shape: 100 of 1024 pixels on every side.
  const iconWithMargin = icon.replace('viewBox="0 0 64 64"', 'viewBox="-7.8 -7.8 79.6 79.6"')
  const sheet = readFileSync(join(root, drawings.moescope), 'utf8')
  mkdirSync(join(folder, 'icons'), { recursive: true })
  for (const { size, png } of await draw(page, icon, linuxSizes)) {
    writeFileSync(join(folder, 'icons', `${size}x${size}.png`), png)
  }
  writeFileSync(join(folder, 'icon.ico'), ico(await draw(page, icon, windowsSizes)))
  writeFileSync(join(folder, 'icon.icns'), icns(await draw(page, iconWithMargin, icnsSizes)))
  writeFileSync(join(folder, 'moescope.ico'), ico(await draw(page, sheet, windowsSizes)))
  writeFileSync(join(folder, 'moescope.icns'), icns(await draw(page, sheet, icnsSizes)))
  writeFileSync(join(folder, 'drawn-from.txt'), `${Object.values(drawings).map(fingerprint).join('\n')}\n`)
  say('Drew the icons in packaging/.')
} finally {
  await browser.close()
}

/**
 * @param {import('playwright').Page} page
 * @param {string} svg
 * @param {readonly number[]} sizes pixels
 * @returns {Promise<import('./icon-containers.mjs').Picture[]>}
 */
async function draw(page, svg, sizes) {
  const source = `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`
  const urls = await page.evaluate(
    async ({ source, sizes }) => {
      const image = new Image()
      image.src = source
      await image.decode()
      return sizes.map((size) => {
        const canvas = document.createElement('canvas')
        canvas.width = canvas.height = size
        canvas.getContext('2d')?.drawImage(image, 0, 0, size, size)
        return canvas.toDataURL('image/png')
      })
    },
    { source, sizes }
  )
  return urls.map((url, index) => ({
    size: sizes[index] ?? 0,
    png: Buffer.from(url.slice(url.indexOf(',') + 1), 'base64')
  }))
}

/** @param {string} file a drawing, from which a test tells whether the pictures are of it */
function fingerprint(file) {
  const content = readFileSync(join(root, file), 'utf8').replaceAll('\r\n', '\n')
  return `${createHash('sha256').update(content).digest('hex')}  ${file}`
}
