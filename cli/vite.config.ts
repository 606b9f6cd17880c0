import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { defineConfig } from 'vite'

const { version } = JSON.parse(readFileSync(resolve('package.json'), 'utf8')) as { version: string }

export default defineConfig({
  root: resolve('cli'),
  publicDir: false,
  define: { MOESCOPE_VERSION: JSON.stringify(version) },
  resolve: { alias: { '@core': resolve('core') } },
  // A command that only counts starts a third sooner with zod in the bundle, of whose hundred files it needs few.
  ssr: { noExternal: ['zod'] },
  build: {
    ssr: resolve('cli/moescope.ts'),
    outDir: resolve('out/cli'),
    emptyOutDir: true,
    target: 'node20',
    minify: false,
    rollupOptions: {
      output: {
        format: 'es',
        entryFileNames: '[name].js',
        banner: (chunk) => (chunk.isEntry ? '#!/usr/bin/env node' : '')
      }
    }
  }
})
