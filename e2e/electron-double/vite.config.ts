import { resolve } from 'node:path'
import { defineConfig } from 'vite'

const from = (name: string) => resolve('e2e/electron-double', name)

/** The double's own program, for Node; what it runs in pages is built by `page/vite.config.ts`. */
export default defineConfig({
  logLevel: 'warn',
  publicDir: false,
  build: {
    ssr: true,
    target: 'node20',
    outDir: resolve('out/electron-double'),
    emptyOutDir: true,
    rollupOptions: {
      input: { start: from('start.ts'), electron: from('electron.ts'), hooks: from('hooks.ts') },
      output: { entryFileNames: '[name].js', chunkFileNames: 'double.js' }
    }
  }
})
