// Shared by every server of the built app: the launcher's, Electron's app:// protocol, and Vite's.
import { extname, join, sep } from 'node:path'

/** Headers that isolate the page, without which it gets no SharedArrayBuffer and the engine only one thread. */
export const isolationHeaders = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin'
}

/** Content security policy: the same as in renderer/index.html, where it also holds without a server's help. */
export const contentPolicy =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self' blob:; " +
  "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; " +
  "base-uri 'none'; form-action 'none'"

/** Headers of every answer with a file of the built app: a worker's policy is that of its own script. */
export const pageHeaders = {
  ...isolationHeaders,
  'Content-Security-Policy': contentPolicy,
  'X-Content-Type-Options': 'nosniff',
  'X-DNS-Prefetch-Control': 'off'
}

/** @type {Record<string, string>} */
const mimeTypes = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.woff2': 'font/woff2'
}

/**
 * Content type of a file by its name; bytes (as for .safetensors) if the name says nothing.
 *
 * @param {string} file
 * @returns {string}
 */
export function mimeType(file) {
  return mimeTypes[extname(file).toLowerCase()] ?? 'application/octet-stream'
}

/**
 * The file that a URL's path names inside a folder. A path that ends in a slash names its index.html.
 *
 * @param {string} folder absolute, without a separator at its end
 * @param {string} pathname percent-encoded, as in `new URL(...).pathname`
 * @returns {string | undefined} undefined if the path is malformed or leads out of the folder
 */
export function fileWithin(folder, pathname) {
  const path = decode(pathname)
  if (path === undefined || path.includes('\0')) return undefined
  const file = join(folder, path.endsWith('/') ? `${path}index.html` : path)
  return file.startsWith(folder + sep) ? file : undefined
}

/** @param {string} pathname */
function decode(pathname) {
  try {
    return decodeURIComponent(pathname)
  } catch (error) {
    if (error instanceof URIError) return undefined
    throw error
  }
}
