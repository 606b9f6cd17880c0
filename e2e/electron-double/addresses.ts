/**
 * The app's own scheme in a browser that does not know it: `app://moescope/x` is `http://moescope.localhost/x` there,
 * which is as secure and always the same origin, so that what a page stores stays its own.
 */

const ending = '.localhost'

/** From the app's words for an address to the browser's, and back. */
export interface Addresses {
  /** The app's address in the browser's words; another address as it is. */
  toBrowser(url: string): string
  /** The browser's address in the app's words; another address as it is. */
  toApp(url: string): string
}

/** @param scheme without the colon, e.g. `app` */
export function addressesOf(scheme: string): Addresses {
  const own = new RegExp(`^${scheme}://([^/?#]+)`)
  const http = /^http:\/\/([^/?#:]+)\.localhost(?=[/?#]|$)/
  return {
    toBrowser: (url) => url.replace(own, (_all, host: string) => `http://${host}${ending}`),
    toApp: (url) => url.replace(http, (_all, host: string) => `${scheme}://${host}`)
  }
}
