/** The page and its workers as one bundle: what both need is shipped once, and in few chunks. */
import { dirname, resolve } from 'node:path'
import { normalizePath, type Plugin, type Rolldown } from 'vite'

/** The module of Vite's function for imports by demand. */
const preloadHelper = /vite\/preload-helper/

/**
 * Chunks of what several scripts need; what one script alone needs comes with it. Every request costs a start some
 * milliseconds, and left to itself the bundler makes a chunk for each set of scripts that have something in common: more
 * than a hundred. The first group that wants a module has it.
 */
export const chunkGroups: Rolldown.CodeSplittingGroup[] = [
  // All that a worker waits for before it asks for its part, which then comes together with core.
  { name: 'comlink', test: (id) => preloadHelper.test(id) || inPackages(id, 'comlink') },
  {
    name: 'core',
    tags: ['$initial'],
    test: (id) => !isWorkerScript(id) && (inFolders(id, 'core', 'renderer/src/engine') || inPackages(id, 'zod'))
  },
  { name: 'page', tags: ['$initial'], test: (id) => !isWorkerScript(id) },
  { name: 'corpus', test: (id) => inFolders(id, 'core/corpus') },
  { name: 'engine', minShareCount: 2, test: (id) => inFolders(id, ...computing) },
  {
    name: 'controls',
    minShareCount: 2,
    test: (id) =>
      inFolders(id, 'renderer/src/ui', 'renderer/src/charts') || inPackages(id, '@base-ui/react', 'd3(-[a-z-]+)?')
  }
]

/** Path of the workers' code. */
const computing = [
  'renderer/src/engine',
  ...['evaluate', 'generate', 'graph', 'model', 'runtime', 'tensors', 'train'].map((room) => `core/${room}`)
]

function isWorkerScript(id: string): boolean {
  return id === normalizePath(resolve('renderer/src/engine/worker.ts'))
}

/** Paths start at the working directory, the repository. */
function inFolders(id: string, ...folders: string[]): boolean {
  return folders.some((folder) => id.startsWith(`${normalizePath(resolve(folder))}/`))
}

/** @param packages patterns of their names */
function inPackages(id: string, ...packages: string[]): boolean {
  return new RegExp(`/node_modules/(${packages.join('|')})/`).test(id)
}

/**
 * Makes the script of the workers one of the page's bundle; left to itself, Vite builds a bundle of its own for it. In
 * the code stands what Vite knows, `new URL('./worker.ts', import.meta.url)`.
 */
export function bundleWorkerWithPage(): Plugin {
  const url = "new URL('./worker.ts', import.meta.url)"
  return {
    name: 'bundle-worker-with-page',
    apply: 'build',
    // Before Vite finds it.
    enforce: 'pre',
    transform: {
      filter: { code: url },
      handler(code, id) {
        const worker = this.emitFile({ type: 'chunk', id: resolve(dirname(id), 'worker.ts'), name: 'worker' })
        return { code: code.replace(url, `import.meta.ROLLUP_FILE_URL_${worker}`), map: null }
      }
    }
  }
}

/**
 * Has imports by demand work in a worker, too: Vite's function asks the document to load what they need ahead of them, and
 * a worker has none. There it is imported with them.
 */
export function importInWorkers(): Plugin {
  const exported = 'export const __vitePreload = '
  return {
    name: 'import-in-workers',
    apply: 'build',
    transform: {
      filter: { id: preloadHelper },
      handler(code) {
        if (!code.includes(exported))
          this.error(`expected '${exported}' in the function of Vite's for imports by demand: it has changed`)
        return {
          code: `${code.replace(exported, 'const preloadInPage = ')}
            ${exported}(load, files, importer) =>
              typeof document === 'undefined'
                ? Promise.all((files ?? []).map((file) => import(new URL(file, importer).href))).then(load)
                : preloadInPage(load, files, importer)`,
          map: null
        }
      }
    }
  }
}

/**
 * Leaves Zod's writer of JSON schemas out, 18 kB: every schema names its part of it, so that no bundler sees that the page
 * asks for none.
 */
export function leaveOutJsonSchemas(): Plugin {
  const writer = 'import { createStandardJSONSchemaMethod, createToJSONSchemaMethod } from "../core/to-json-schema.js";'
  const parts =
    /^ *inst\._zod\.processJSONSchema = \(ctx, json, params\) => processors\.\w+\(inst, ctx, json, params\);$/gm
  return {
    name: 'leave-out-json-schemas',
    apply: 'build',
    transform: {
      filter: { id: /\/zod\/v4\/classic\/schemas\.js$/ },
      handler(code) {
        if (!code.includes(writer) || code.search(parts) < 0)
          this.error("expected the parts that write JSON schemas in Zod's schemas: it has changed")
        return {
          code: code.replaceAll(parts, '').replace(
            writer,
            `const createToJSONSchemaMethod = () => () => { throw new Error('built without JSON schemas') }
             const createStandardJSONSchemaMethod = createToJSONSchemaMethod`
          ),
          map: null
        }
      }
    }
  }
}
