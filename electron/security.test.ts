/** Electron's security checklist, as far as it can be seen without a browser. */
import { EventEmitter } from 'node:events'
import { readFile } from 'node:fs/promises'
import type { Session, WebContents } from 'electron'
import { expect, test } from 'vitest'
import { contentPolicy } from '../scripts/static-files.mjs'
import { appOrigin } from './protocol'
import { isWithinApp, lockContents, lockSession, offlineSwitches, pagePreferences } from './security'

// The other preferences of a window are checked in a running app: e2e/security.spec.ts.
test('the tools for developers are there only while developing', () => {
  expect(pagePreferences('/app/preload.cjs', false)).toMatchObject({ preload: '/app/preload.cjs', devTools: false })
  expect(pagePreferences('/app/preload.cjs', true).devTools).toBe(true)
})

/** A session that notes the calls of `lockSession`. */
function lockedSession(developed = false) {
  type Locks = Pick<Session, 'setPermissionRequestHandler' | 'setPermissionCheckHandler' | 'setDevicePermissionHandler'>
  const locks = new Map<keyof Locks | 'onBeforeRequest', (...args: never[]) => unknown>()
  const noted: string[] = []
  const emitter = new EventEmitter()
  const lock = (name: keyof Locks) => (handler: (...args: never[]) => unknown) => void locks.set(name, handler)
  const session = Object.assign(emitter, {
    setPermissionRequestHandler: lock('setPermissionRequestHandler'),
    setPermissionCheckHandler: lock('setPermissionCheckHandler'),
    setDevicePermissionHandler: lock('setDevicePermissionHandler'),
    setSpellCheckerEnabled: (on: boolean) => void noted.push(`spelling ${on}`),
    webRequest: { onBeforeRequest: (handler: (...args: never[]) => unknown) => locks.set('onBeforeRequest', handler) }
  })
  const source = { origin: appOrigin, developed }
  lockSession(session as unknown as Session, source, (message) => noted.push(message))
  return {
    emitter,
    noted,
    call: (name: keyof Locks | 'onBeforeRequest') => locks.get(name) as (...args: unknown[]) => unknown
  }
}

test.each([
  'media',
  'geolocation',
  'notifications',
  'clipboard-read',
  'fullscreen',
  'openExternal',
  'fileSystem',
  'usb'
])('the permission %s is denied', (permission) => {
  const { call } = lockedSession()
  const decided: unknown[] = []
  call('setPermissionRequestHandler')({}, permission, (granted: boolean) => decided.push(granted), {})
  expect(decided).toEqual([false])
  expect(call('setPermissionCheckHandler')({}, permission, appOrigin, {})).toBe(false)
  expect(call('setDevicePermissionHandler')({ deviceType: permission })).toBe(false)
})

test('downloads are refused, and spelling, whose dictionaries come from the network, is off', () => {
  const { emitter, noted } = lockedSession()
  const refused: string[] = []
  emitter.emit('will-download', { preventDefault: () => refused.push('download') }, { getURL: () => 'blob:x' })
  expect(refused).toEqual(['download'])
  expect(noted).toEqual(['spelling false', 'refused to download blob:x'])
})

test.each([
  ['app://moescope/index.html', true],
  ['app://moescope/models/moe-64/model.safetensors', true],
  ['blob:app://moescope/1b4e28ba-2fa1-41d2-883f-0016d3cca427', true],
  ['data:image/png;base64,AA==', true],
  ['app://other/index.html', false],
  ['blob:https://example.org/1b4e28ba', false],
  ['http://localhost:5173/', false],
  ['https://example.org/', false],
  ['http://127.0.0.1:1/', false],
  ['ws://moescope/', false],
  ['wss://example.org/', false],
  ['ftp://example.org/', false],
  ['file:///etc/passwd', false],
  ['devtools://devtools/bundled/inspector.html', false],
  ['chrome-extension://x/y', false],
  ['filesystem:app://moescope/temporary/x', false],
  ['javascript:alert(1)', false],
  ['', false]
])('a request of %s goes through: %s', (url, passes) => {
  const { call, noted } = lockedSession()
  let answered: unknown
  call('onBeforeRequest')({ url }, (answer: unknown) => (answered = answer))
  expect(answered).toEqual({ cancel: !passes })
  expect(noted.length).toBe(passes ? 1 : 2)
})

test.each([
  ['http://localhost:5173/src/main.tsx', true],
  ['ws://localhost:5173/', true],
  ['devtools://devtools/bundled/inspector.html', true],
  ['http://localhost:5174/', false],
  ['ws://localhost:1/', false],
  ['https://example.org/', false]
])('while developing, a request of %s goes through: %s', (url, passes) => {
  expect(isWithinApp(url, { origin: 'http://localhost:5173', developed: true })).toBe(passes)
})

test('no name is looked up in the network', () => {
  expect(Object.fromEntries(offlineSwitches)).toMatchObject({ 'host-resolver-rules': 'MAP * ~NOTFOUND' })
})

/** Window contents that note the calls of `lockContents`, with their decisions. */
function lockedContents() {
  const noted: unknown[] = []
  const emitter = new EventEmitter()
  const contents = Object.assign(emitter, {
    setWindowOpenHandler: (handler: (details: { url: string }) => unknown) =>
      void noted.push(handler({ url: 'app://moescope/index.html' })),
    setWebRTCIPHandlingPolicy: (policy: string) => void noted.push(policy)
  })
  lockContents(contents as unknown as WebContents, appOrigin)
  const prevented = (event: string, url: string) => {
    let stopped = false
    emitter.emit(event, { url, preventDefault: () => (stopped = true) })
    return stopped
  }
  return { noted, prevented }
}

test('no window is opened, and WebRTC asks no server', () => {
  expect(lockedContents().noted).toEqual([{ action: 'deny' }, 'disable_non_proxied_udp'])
})

test.each(['will-navigate', 'will-frame-navigate', 'will-redirect'])('%s leads nowhere but to the page', (event) => {
  const { prevented } = lockedContents()
  const elsewhere = [
    'https://example.org/',
    'file:///etc/passwd',
    'app://other/index.html',
    'app://moescope/models/index.json',
    'app://moescope/index.html/../models/index.json',
    'data:text/html,x',
    'blob:app://moescope/1b4e28ba',
    'javascript:alert(1)',
    'about:blank'
  ]
  expect(elsewhere.filter((url) => !prevented(event, url))).toEqual([])
  const page = ['app://moescope/index.html', 'app://moescope/', 'app://moescope/index.html?x#prompt=a']
  expect(page.filter((url) => prevented(event, url))).toEqual([])
})

test('webviews are not attached', () => {
  expect(lockedContents().prevented('will-attach-webview', 'app://moescope/index.html')).toBe(true)
})

test('the page holds the same content policy as every answer, and it is a strict one', async () => {
  const page = await readFile('renderer/index.html', 'utf8')
  expect(page).toContain(`http-equiv="Content-Security-Policy"\n      content="${contentPolicy}"`)
  const rules = new Map(contentPolicy.split('; ').map((rule) => [rule.split(' ', 1)[0], rule.split(' ').slice(1)]))
  expect(rules.get('default-src')).toEqual(["'none'"])
  expect(rules.get('script-src')).toEqual(["'self'", "'wasm-unsafe-eval'"])
  expect(rules.get('worker-src')).toEqual(["'self'", 'blob:'])
  expect(rules.get('connect-src')).toEqual(["'self'"])
  expect(contentPolicy).not.toMatch(/https?:|\*|'unsafe-eval'/)
})
