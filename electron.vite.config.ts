import { resolve } from 'node:path'
import { defineConfig, mergeConfig } from 'electron-vite'
import renderer from './renderer/vite.config'
import { licenceCollector } from './scripts/licences'

// The three builds run one after another; the page's is the last.
const licences = licenceCollector()

export default defineConfig({
  main: {
    plugins: [licences.collect()],
    // The packaged app holds no node_modules: all that main needs is in its bundle, only electron itself is not.
    build: {
      externalizeDeps: false,
      rollupOptions: { input: { index: resolve('electron/main.ts') } }
    }
  },
  preload: {
    plugins: [licences.collect()],
    // A sandboxed preload is CommonJS and can require nothing but electron: the schemas beside the channels' names
    // are for the main process and are left out here.
    build: {
      externalizeDeps: false,
      rollupOptions: {
        input: { index: resolve('electron/preload.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
        treeshake: { manualPureFunctions: ['z'] }
      }
    }
  },
  renderer: mergeConfig(renderer, { plugins: [licences.write('licences.txt')] })
})
