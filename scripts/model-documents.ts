/** Gives the page the shipped models' small files in one: asking for each of them alone takes longer than reading all. */
import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Plugin } from 'vite'

/** Its place below `models/`. */
export const modelDocumentsFile = 'documents.json'

/**
 * The texts of all JSON files of a folder of models, by their path in it. They stay texts, so that one that is damaged
 * is its own model's matter.
 */
export function modelDocuments(folder: string): Record<string, string> {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.json'))
    .map((path) => path.replaceAll('\\', '/'))
    .sort()
  return Object.fromEntries(paths.map((path) => [path, readFileSync(join(folder, path), 'utf8')]))
}

/** Ships the documents of `assets/models` with the build, and serves them while developing. */
export function shipModelDocuments(): Plugin {
  const text = () => JSON.stringify(modelDocuments(resolve('assets/models')))
  const fileName = `models/${modelDocumentsFile}`
  return {
    name: 'model-documents',
    configureServer: ({ middlewares }) => {
      middlewares.use(`/${fileName}`, (_request, response) => {
        response.setHeader('Content-Type', 'application/json; charset=utf-8')
        response.end(text())
      })
    },
    generateBundle() {
      this.emitFile({ type: 'asset', fileName, source: text() })
    }
  }
}
