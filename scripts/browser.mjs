// Finds an installed Chromium, Chrome or Edge.
import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'

/**
 * @returns {string | undefined} path of the browser's program
 */
export function findBrowser() {
  return candidates().find((path) => existsSync(path))
}

/** @returns {string[]} */
function candidates() {
  const { env, platform } = process
  if (platform === 'darwin') {
    const names = ['Google Chrome', 'Chromium', 'Microsoft Edge']
    return ['/Applications', join(homedir(), 'Applications')].flatMap((folder) =>
      names.map((name) => join(folder, `${name}.app`, 'Contents', 'MacOS', name))
    )
  }
  if (platform === 'win32') {
    const folders = [env.PROGRAMFILES, env['PROGRAMFILES(X86)'], env.LOCALAPPDATA]
    const programs = ['Google/Chrome/Application/chrome.exe', 'Chromium/Application/chrome.exe']
    return [...programs, 'Microsoft/Edge/Application/msedge.exe'].flatMap((program) =>
      folders.flatMap((folder) => (folder ? join(folder, program) : []))
    )
  }
  const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'microsoft-edge-stable']
  const folders = [...new Set([...(env.PATH ?? '').split(delimiter), '/usr/bin', '/snap/bin'])].filter(Boolean)
  return names.flatMap((name) => folders.map((folder) => join(folder, name)))
}
