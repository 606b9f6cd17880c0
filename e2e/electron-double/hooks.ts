/** Node's hook for modules: whoever imports electron gets the double. */
import type { ResolveHook } from 'node:module'

const double = new URL('./electron.js', import.meta.url).href

/** See Node's documentation of `module.register`. */
export const resolve: ResolveHook = (specifier, context, next) =>
  specifier === 'electron' || specifier === 'electron/main'
    ? { url: double, shortCircuit: true }
    : next(specifier, context)
