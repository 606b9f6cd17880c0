/** Gives the page the shipped models' small files in one: asking for each of them alone takes longer than reading all. */
import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Plugin } from 'vite'

/** Its place below `models/`. */
export const modelDocumentsFile = 'documents.json'

/**
 * The texts of the JSON files of a folder of models that the page begins with, by their path in it. They stay texts, so
 * that one that is damaged is its own model's matter. Studies and checkpoints are not among them, nor the scores of
 * answers on the way of a training, which are half of its report, nor the way of a model's further seeds, of which only
 * the results are compared: no page reads them.
 */
export function modelDocuments(folder: string): Record<string, string> {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => path.endsWith('.json') && !/(^|\/)(studies|checkpoints)\//.test(path))
    .sort()
  return Object.fromEntries(paths.map((path) => [path, shortened(path, readFileSync(join(folder, path), 'utf8'))]))
}

/** A report without what no page reads of it, and any JSON without its line breaks. */
function shortened(path: string, text: string): string {
  try {
    const json = JSON.parse(text) as { readonly curve?: readonly object[] }
    if (!json.curve) return JSON.stringify(json)
    if (/(^|\/)seeds\//.test(path)) return JSON.stringify({ ...json, training_loss: [], curve: [], assignments: [] })
    return JSON.stringify({ ...json, curve: json.curve.map((point) => ({ ...point, answers: undefined })) })
  } catch {
    return text
  }
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
