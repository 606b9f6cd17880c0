import { readFile } from 'node:fs/promises'
import { contentPolicy, fileWithin, isolationHeaders, mimeType } from '../scripts/static-files.mjs'

/** The page's origin. A scheme of its own instead of file://, so that the page is isolated and reads only its folder. */
export const appScheme = 'app'
export const appOrigin = `${appScheme}://moescope`

/** With every answer, because a worker's policy is that of its own script. */
const headers = {
  ...isolationHeaders,
  'Content-Security-Policy': contentPolicy,
  'X-Content-Type-Options': 'nosniff',
  'X-DNS-Prefetch-Control': 'off'
}

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
        headers: { ...headers, 'Content-Type': mimeType(file) }
      })
    } catch (error) {
      if (isMissing(error)) return refusal(404)
      throw error
    }
  }
}

/**
 * Whether a URL belongs to an origin. `new URL(...).origin` cannot tell: it is 'null' for every scheme of one's own.
 *
 * @param origin scheme, host and port, e.g. `app://moescope`
 */
export function isAppUrl(url: string, origin: string): boolean {
  if (!URL.canParse(url)) return false
  const { protocol, host } = new URL(url)
  return `${protocol}//${host}` === origin
}

function refusal(status: number): Response {
  return new Response(null, { status, headers })
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'EISDIR')
}
