// npm run package: makes what is given to users, for the system it runs on, in out/package/. Arguments go on to
// electron-builder: --dir leaves out installers and images.
import { run, say } from './command.mjs'
import { fetchElectron, findElectron } from './electron.mjs'
import { build, prepare } from './prepare.mjs'

try {
  prepare()
  build()
  if ((findElectron() ?? fetchElectron()) === undefined) {
    throw new Error(
      "A package holds Electron's program, and it could not be fetched from its releases page. Run this where there is a " +
        'network, or set ELECTRON_MIRROR, or set ELECTRON_OVERRIDE_DIST_PATH to a folder that has it. ' +
        'npm run package:check checks everything else without it.'
    )
  }
  const dist = process.env.ELECTRON_OVERRIDE_DIST_PATH
  const own = dist === undefined ? [] : [`"--config.electronDist=${dist}"`]
  if (!run(['electron-builder --publish never', ...own, ...process.argv.slice(2)].join(' '))) {
    throw new Error(
      'electron-builder failed (see above). It fetches Electron and its own tools once, for which it needs a network.'
    )
  }
  say('The packages are in out/package/. npm run smoke starts the app as it was packed.')
} catch (error) {
  say(error instanceof Error ? error.message : String(error))
  process.exitCode = 1
}
