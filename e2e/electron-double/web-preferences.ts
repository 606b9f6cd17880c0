import type { WebPreferences } from 'electron'

/** Electron's defaults. */
const defaults = {
  sandbox: true,
  contextIsolation: true,
  nodeIntegration: false,
  nodeIntegrationInWorker: false,
  nodeIntegrationInSubFrames: false,
  webSecurity: true,
  allowRunningInsecureContent: false,
  experimentalFeatures: false,
  webviewTag: false,
  navigateOnDragDrop: false
} satisfies WebPreferences

/**
 * The preferences of a window as Electron would take them.
 *
 * @throws {Error} for a window that is not sandboxed and isolated: the double has no other
 */
export function effectivePreferences(chosen: WebPreferences = {}): WebPreferences {
  const effective = { ...defaults, ...chosen }
  if (!effective.sandbox || !effective.contextIsolation || effective.nodeIntegration) {
    throw new Error('the Electron double opens windows only that are sandboxed, isolated and without Node')
  }
  return effective
}
