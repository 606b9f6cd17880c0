import { readFile } from 'node:fs/promises'
import { codeOf } from '../node/reason'
import { fileWithin, mimeType, pageHeaders } from '../scripts/static-files.mjs'

/** The page's origin. A scheme of its own instead of file://, so that the page is isolated and reads only its folder. */
export const appScheme = 'app'
/** Scheme and host of every address of the page. */
export const appOrigin = `${appScheme}://moescope`

/** Codes of a path that names no file. */
const missing = new Set<string | undefined>(['ENOENT', 'EISDIR', 'ENOTDIR', 'ENAMETOOLONG'])

/**
 * Answers requests of the page with the files of one folder.
 *
 * @param folder absolute, without a separator at its end
 * @returns handler for Electron's `protocol.handle`: 403 for a path that leads out of the folder or another host,
 * 404 for a file that is not there
 */
export function serveFolder(folder: string): (request: Request) => Promise<Response> {
  return async (request) => {
    if (!isAppUrl(request.url, appOrigin)) return refusal(403)
    const file = fileWithin(folder, new URL(request.url).pathname)
    if (file === undefined) return refusal(403)
    try {
      return new Response(new Uint8Array(await readFile(file)), {
        headers: { ...pageHeaders, 'Content-Type': mimeType(file) }
      })
    } catch (error) {
      if (missing.has(codeOf(error))) return refusal(404)
      throw error
    }
  }
}

/**
 * True of a URL of this origin. `new URL(...).origin` is 'null' for every scheme of one's own.
 *
 * @param origin scheme, host and port, e.g. `app://moescope`
 */
export function isAppUrl(url: string, origin: string): boolean {
  if (!URL.canParse(url)) return false
  const { protocol, host } = new URL(url)
  return `${protocol}//${host}` === origin
}

function refusal(status: number): Response {
  return new Response(null, { status, headers: pageHeaders })
}
