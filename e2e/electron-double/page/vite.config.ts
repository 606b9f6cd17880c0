import { resolve } from 'node:path'
import { defineConfig } from 'vite'

/** The double's part in pages as one script, which defines `electronDouble` and does nothing by itself. */
export default defineConfig({
  logLevel: 'warn',
  publicDir: false,
  build: {
    outDir: resolve('out/electron-double'),
    emptyOutDir: false,
    minify: false,
    lib: {
      entry: resolve('e2e/electron-double/page/index.ts'),
      name: 'electronDouble',
      formats: ['iife'],
      fileName: () => 'page.js'
    }
  }
})
