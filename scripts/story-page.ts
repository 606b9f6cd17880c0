/** Makes a script and its styles one HTML file that needs nothing else and may load nothing. */
import { createHash } from 'node:crypto'
import type { Plugin, Rolldown } from 'vite'
import { pageMarks } from '../core/stories/page-marks'
import { licencesText, packageFolder, readLicence } from './licences'

export interface PagePolicy {
  /** In place of the hash of its styles. */
  readonly styleSource: string | undefined
  /** Further places that it may load from. */
  readonly sources: readonly string[]
}

/** Replaces what was built of one script by a page with the script, its styles and the licences of its packages. */
export function inlinePage(fileName: string, policy: PagePolicy): Plugin {
  return {
    name: 'inline-page',
    apply: 'build',
    enforce: 'post',
    generateBundle(_options, bundle) {
      const files = Object.values(bundle)
      const chunks = files.filter((file) => file.type === 'chunk')
      const styles = files.filter((file) => file.type === 'asset' && file.fileName.endsWith('.css'))
      const [chunk] = chunks
      if (!chunk || chunks.length + styles.length !== files.length || chunks.length > 1) {
        this.error(`expected one script with its styles, found ${files.map((file) => file.fileName).join(', ')}`)
      }
      for (const file of files) delete bundle[file.fileName]
      this.emitFile({ type: 'asset', fileName, source: page(chunk, styles.map(textOf).join('\n'), policy) })
    }
  }
}

function page({ code, moduleIds }: Rolldown.OutputChunk, css: string, { styleSource, sources }: PagePolicy): string {
  // Inside of strings, where alone they stand, these say the same and end no element.
  const script = code.replaceAll('\r', '').replaceAll(/<(?=\/script|!--)/gi, '\\x3C')
  const style = css.replaceAll('\r', '')
  const folders = moduleIds.map(packageFolder).filter((folder) => folder !== undefined)
  const licences = licencesText([...new Set(folders)].map(readLicence), 'The script of this page')
  const policy = [
    "default-src 'none'",
    `script-src ${hashOf(script)}`,
    `style-src ${styleSource ?? hashOf(style)}`,
    ...sources,
    "base-uri 'none'",
    "form-action 'none'"
  ]
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta http-equiv="Content-Security-Policy" content="${policy.join('; ')}" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <title>${pageMarks.title}</title>
    <style>${style}</style>
  </head>
  <body>
    <div id="root"></div>
    <script type="application/json" id="story">${pageMarks.story}</script>
    <script type="text/plain" id="licences">${licences}</script>
    <script>${script}</script>
  </body>
</html>
`
}

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`
}

function textOf(file: Rolldown.OutputAsset | Rolldown.OutputChunk): string {
  if (file.type === 'chunk') return file.code
  return typeof file.source === 'string' ? file.source : new TextDecoder().decode(file.source)
}
