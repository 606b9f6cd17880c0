import { resolve } from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'
import { shipModelDocuments } from '../scripts/model-documents'
import { bundleWorkerWithPage, chunkGroups, importInWorkers, leaveOutJsonSchemas } from '../scripts/page-bundle'
import { isolationHeaders } from '../scripts/static-files.mjs'

// Paths start at the working directory, the repository: electron-vite bundles this file and moves it.
export default defineConfig({
  root: resolve('renderer'),
  base: './',
  publicDir: resolve('assets'),
  resolve: { alias: { '@core': resolve('core') } },
  plugins: [
    react(),
    shipModelDocuments(),
    allowReloadScript(),
    bundleWorkerWithPage(),
    importInWorkers(),
    leaveOutJsonSchemas(),
    shortenClassNames()
  ],
  // Pre-bundling would part ONNX Runtime from the .wasm file that lies beside it.
  optimizeDeps: { exclude: ['onnxruntime-web'] },
  server: { headers: isolationHeaders },
  preview: { headers: isolationHeaders },
  build: {
    outDir: resolve('out/renderer'),
    emptyOutDir: true,
    minify: true,
    rollupOptions: {
      input: { index: resolve('renderer/index.html') },
      output: { codeSplitting: { groups: chunkGroups } }
    }
  }
})

/** While developing, React's reload script is inline in the page; the built page has none and forbids it. */
function allowReloadScript(): Plugin {
  return {
    name: 'allow-reload-script',
    apply: 'serve',
    transformIndexHtml: (html) => html.replace("script-src 'self'", "script-src 'self' 'unsafe-inline'")
  }
}

/** Names of styles stand in the scripts once for each part that uses them: without what a developer reads, 5 kB less. */
function shortenClassNames(): Plugin {
  return {
    name: 'shorten-class-names',
    apply: 'build',
    config: () => ({ css: { modules: { generateScopedName: '_[hash:base64:5]' } } })
  }
}
