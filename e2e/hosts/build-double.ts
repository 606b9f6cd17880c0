import { build } from 'vite'

/** Before all tests: builds the Electron double into out/electron-double. */
export default async function buildDouble(): Promise<void> {
  await build({ configFile: 'e2e/electron-double/vite.config.ts' })
  await build({ configFile: 'e2e/electron-double/page/vite.config.ts' })
}
