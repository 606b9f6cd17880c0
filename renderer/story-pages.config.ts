import { resolve } from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { inlinePage } from '../scripts/story-page'

const pages = {
  // Plays a story by itself. It lies beside the files of the app, which puts a story into it to export one.
  player: { folder: 'out/renderer', styleSource: undefined, sources: [] },
  // Makes pictures and videos for the terminal, which serves it to a browser.
  exporter: { folder: 'out/exporter', styleSource: "'unsafe-inline'", sources: ['img-src data:', "connect-src 'self'"] }
} as const

// Pages of one file each: vite build --mode player, or --mode exporter.
export default defineConfig(({ mode }) => {
  const page = Object.entries(pages).find(([name]) => name === mode)?.[1]
  if (!page) throw new Error(`--mode: expected one of ${Object.keys(pages).join(', ')}, found '${mode}'`)
  return {
    root: resolve('renderer'),
    publicDir: false as const,
    resolve: { alias: { '@core': resolve('core') } },
    define: { 'process.env.NODE_ENV': JSON.stringify('production') },
    plugins: [react(), inlinePage(`story-${mode}.html`, page)],
    build: {
      outDir: resolve(page.folder),
      emptyOutDir: false,
      minify: true,
      cssCodeSplit: false,
      rollupOptions: {
        // Nothing is loaded by demand: Vite's function for it is there for its name alone.
        transform: { define: { 'import.meta': '{}' } },
        input: { [mode]: resolve(`renderer/src/${mode}.tsx`) },
        output: { format: 'iife' as const }
      }
    }
  }
})
