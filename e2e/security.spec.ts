/** Electron's security checklist: every line is a test of the running app. */

import { readFile, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { channels } from '../electron/channels'
import { contentPolicy } from '../scripts/static-files.mjs'
import { call } from './hosts/api'
import type { DesktopHost } from './hosts/host'
import { pageAt } from './hosts/page-at'
import { expect, test } from './hosts/test'

declare global {
  /** In the main process: the addresses that the app did not let its page go to. */
  var prevented: string[]
}

let host: DesktopHost
let page: Page
/** Another origin, and what was requested of it. */
let elsewhere: string
let server: Server
let requested: string[]

test.beforeAll(async ({ newDesktop }) => {
  requested = []
  server = createServer((request, response) => {
    requested.push(request.url ?? '')
    response.setHeader('Access-Control-Allow-Origin', '*').end('<!doctype html>')
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const address = server.address()
  elsewhere = `http://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : ''}/`
  host = newDesktop()
  page = await host.open()
})

test.afterAll(() => {
  server.close()
})

test.afterEach(() => {
  expect(requested).toEqual([])
})

test('the page is a secure context of its own', async () => {
  expect(await page.evaluate(() => [isSecureContext, crossOriginIsolated])).toEqual([true, true])
})

test('the page sees the API and nothing else of Electron', async () => {
  const seen = await page.evaluate(() => {
    const { writable, configurable } = Object.getOwnPropertyDescriptor(window, 'moescope') ?? {}
    const names = ['require', 'process', 'module', 'Buffer', 'global', 'electron', 'ipcRenderer', 'contextBridge']
    return {
      api: Object.keys(window.moescope ?? {}),
      frozen: Object.isFrozen(window.moescope),
      writable,
      configurable,
      others: names.filter((name) => name in window)
    }
  })
  expect(seen.api.toSorted()).toEqual([...Object.keys(channels), 'onFileOpened', 'onCommand'].toSorted())
  expect(seen).toMatchObject({ frozen: true, writable: false, configurable: false, others: [] })
})

test('every window is sandboxed, isolated, without Node and without experiments', async () => {
  const preferences = await host.inMain(
    ({ BrowserWindow }) =>
      BrowserWindow.getAllWindows().map(({ webContents }) => {
        // Electron has it and does not document it.
        const { getLastWebPreferences } = webContents as unknown as { getLastWebPreferences(): object }
        return getLastWebPreferences.call(webContents)
      }),
    null
  )
  expect(preferences).toHaveLength(1)
  expect(preferences[0]).toMatchObject({
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    experimentalFeatures: false,
    webviewTag: false
  })
  expect(preferences[0]).not.toHaveProperty('enableBlinkFeatures')
})

test('the content policy comes with every answer and stands in the page', async () => {
  const policies = await page.evaluate(async () => {
    const meta = document.querySelector('meta[http-equiv="Content-Security-Policy"]')
    const answers = await Promise.all([fetch('./index.html'), fetch('./models/index.json')])
    return [meta?.getAttribute('content'), ...answers.map(({ headers }) => headers.get('Content-Security-Policy'))]
  })
  for (const policy of policies) {
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("script-src 'self' 'wasm-unsafe-eval'")
    expect(policy).not.toMatch(/script-src[^;]*('unsafe-inline'|'unsafe-eval'|https?:|\*)/)
  }
  expect(policies.slice(1)).toEqual([contentPolicy, contentPolicy])
})

test('inline scripts and eval are refused, in the page and in a worker', async () => {
  const found = await page.evaluate(async () => {
    const script = document.createElement('script')
    script.textContent = 'window.inlineRan = true'
    document.head.append(script)
    const link = document.createElement('a')
    link.setAttribute('onclick', 'window.handlerRan = true')
    link.click()
    // Later, because what a test evaluates is itself exempt.
    const evaluated = await new Promise((done) => {
      setTimeout(() => {
        try {
          done(Reflect.construct(Function, ['return "ran"'])())
        } catch (error) {
          done(error instanceof Error ? error.name : error)
        }
      })
    })
    const code = 'try { postMessage(Function("return \'ran\'")()) } catch (error) { postMessage(error.name) }'
    const worker = new Worker(URL.createObjectURL(new Blob([code], { type: 'text/javascript' })))
    const inWorker = await new Promise((done) => worker.addEventListener('message', ({ data }) => done(data)))
    return { inline: 'inlineRan' in window, handler: 'handlerRan' in window, evaluated, inWorker }
  })
  expect(found).toEqual({ inline: false, handler: false, evaluated: 'EvalError', inWorker: 'EvalError' })
})

test('no other origin is asked for anything', async () => {
  const outcomes = await page.evaluate(async (elsewhere) => {
    const loaded = (element: HTMLElement) =>
      new Promise((done) => {
        element.addEventListener('load', () => done('loaded'))
        element.addEventListener('error', () => done('refused'))
        document.body.append(element)
      })
    const image = Object.assign(new Image(), { src: `${elsewhere}image` })
    const script = Object.assign(document.createElement('script'), { src: `${elsewhere}script` })
    const style = Object.assign(document.createElement('link'), { rel: 'stylesheet', href: `${elsewhere}style` })
    const socket = new Promise((done) => {
      try {
        const opened = new WebSocket(elsewhere.replace('http', 'ws'))
        opened.addEventListener('open', () => done('loaded'))
        opened.addEventListener('error', () => done('refused'))
      } catch {
        done('refused')
      }
    })
    const code = `fetch('${elsewhere}worker').then(() => postMessage('loaded'), () => postMessage('refused'))`
    const worker = new Worker(URL.createObjectURL(new Blob([code], { type: 'text/javascript' })))
    return Promise.all([
      fetch(`${elsewhere}fetch`).then(
        () => 'loaded',
        () => 'refused'
      ),
      loaded(image),
      loaded(script),
      loaded(style),
      socket,
      new Promise((done) => worker.addEventListener('message', ({ data }) => done(data)))
    ])
  }, elsewhere)
  expect(outcomes).toEqual(['refused', 'refused', 'refused', 'refused', 'refused', 'refused'])
})

test('no window is opened', async () => {
  const before = host.pages().length
  const denied = await page.evaluate((elsewhere) => {
    const link = Object.assign(document.createElement('a'), { href: `${elsewhere}linked`, target: '_blank' })
    document.body.append(link)
    link.click()
    return [window.open(`${elsewhere}opened`), window.open('./index.html')].map((opened) => opened === null)
  }, elsewhere)
  expect(denied).toEqual([true, true])
  // The main process hears of windows and of calls in their order.
  await call(page, 'storage')
  expect(host.pages()).toHaveLength(before)
  expect(await host.inMain(({ BrowserWindow }) => BrowserWindow.getAllWindows().length, null)).toBe(before)
  expect(host.problems().filter((each) => each.includes('lets a page open'))).toEqual([])
})

test('the page stays where it is', async () => {
  const address = page.url()
  // Chromium itself refuses what it says so of; the app refuses the rest.
  const refused: string[] = []
  page.on('console', (message) => {
    if (/^Not allowed to (load|navigate)/.test(message.text())) refused.push(message.text())
  })
  await host.inMain(({ BrowserWindow }) => {
    globalThis.prevented = []
    BrowserWindow.getAllWindows()[0]?.webContents.on('will-frame-navigate', ({ defaultPrevented, url }) => {
      if (defaultPrevented) globalThis.prevented.push(url)
    })
  }, null)
  const refusals = async (target: string) => {
    const prevented = await host.inMain(() => globalThis.prevented, null)
    return [...refused, ...prevented].filter((each) => each.includes(target.replace(/^\.\//, ''))).length
  }
  const ways = [
    (target: string) => {
      window.location.href = target
    },
    (target: string) => {
      const link = Object.assign(document.createElement('a'), { href: target })
      document.body.append(link)
      link.click()
    }
  ]
  for (const target of [elsewhere, './models/index.json', 'data:text/html,foreign', 'file:///etc/hosts']) {
    for (const go of ways) {
      const before = await refusals(target)
      await page.evaluate(go, target)
      await expect.poll(() => refusals(target)).toBeGreaterThan(before)
      expect(page.url()).toBe(address)
    }
  }
  expect(await call(page, 'storage')).toMatchObject({ problem: null })
})

test('a frame in the page shows nothing of elsewhere and has no API', async () => {
  const api = await page.evaluate(async (elsewhere) => {
    const own = document.body.appendChild(document.createElement('iframe'))
    const foreign = Object.assign(document.createElement('iframe'), { src: `${elsewhere}frame` })
    const loaded = new Promise((done) => foreign.addEventListener('load', done))
    document.body.append(foreign)
    await loaded
    const view = own.contentWindow
    return view !== null && 'moescope' in view
  }, elsewhere)
  expect(api).toBe(false)
  expect(page.frames().map((frame) => frame.url())).not.toContain(`${elsewhere}frame`)
})

test('no permission is given', async () => {
  const found = await page.evaluate(async () => {
    const state = async (name: string) => (await navigator.permissions.query({ name: name as PermissionName })).state
    const refusal = (ask: () => Promise<unknown>) =>
      ask().then(
        () => 'given',
        (error: unknown) => (error instanceof Error ? error.name : String(error))
      )
    return {
      states: await Promise.all(['geolocation', 'notifications', 'camera', 'microphone', 'clipboard-read'].map(state)),
      notification: await Notification.requestPermission(),
      place: await new Promise((done) =>
        navigator.geolocation.getCurrentPosition(
          () => done('given'),
          ({ code }) => done(code)
        )
      ),
      clipboard: await refusal(() => navigator.clipboard.readText())
    }
  })
  expect(found).toEqual({
    states: ['denied', 'denied', 'denied', 'denied', 'denied'],
    notification: 'denied',
    place: 1,
    clipboard: 'NotAllowedError'
  })
})

test('no path leads out of the app', async () => {
  const paths = [
    '/..%2fmain/index.js',
    '/%2e%2e/main/index.js',
    '/..%5cmain%5cindex.js',
    '/%00',
    '//etc/passwd',
    '/missing'
  ]
  const statuses = await page.evaluate(
    (paths) => Promise.all(paths.map(async (path) => (await fetch(new URL(location.origin + path))).status)),
    paths
  )
  for (const status of statuses) expect([403, 404]).toContain(status)
})

test('nothing is downloaded', async () => {
  await page.evaluate(() => {
    const link = document.createElement('a')
    link.href = URL.createObjectURL(new Blob(['x']))
    link.download = 'x.txt'
    link.click()
  })
  await expect
    .poll(() => readFile(join(host.userData, 'crash.log'), 'utf8').catch(() => ''))
    .toContain('refused to download')
})

test.describe('what the page sends is checked', () => {
  const kind = { description: 'Run record', extensions: ['json'] }
  const unknown = '00000000-0000-4000-8000-000000000000'
  const malformed: readonly (readonly [keyof typeof channels, what: string, request: unknown])[] = [
    ['store', 'nothing', undefined],
    ['store', 'another name', { name: '../../escape', value: 1 }],
    ['store', 'a field too many', { name: 'state', value: 1, more: true }],
    ['saveFile', 'a path as extension', { name: 'x', kind: { ...kind, extensions: ['../x'] }, content: '' }],
    ['saveFile', 'a number as content', { name: 'x', kind, content: 12 }],
    ['openFile', 'a text', 'x'],
    ['readFile', 'a path', { id: '/etc/passwd', start: 0, end: 10 }],
    ['readFile', 'an id that was not given', { id: unknown, start: 0, end: 10 }],
    ['readFile', 'more than it reads at a time', { id: unknown, start: 0, end: 1e12 }],
    ['openRecent', 'an id that was not given', { id: unknown }],
    ['readFolderFile', 'a folder above', { place: 'models', id: '..', name: 'config.json' }],
    ['writeFolderFile', 'a file above', { place: 'runs', id: 'mine', name: '../main.js', content: [] }],
    ['openWindow', 'an endless address', { fragment: 'x'.repeat(30_000) }],
    ['setMenu', 'a role', { sections: [{ label: 'File', groups: [[{ command: 'x', label: 'x', role: 'quit' }]] }] }]
  ]

  for (const [name, what, request] of malformed) {
    test(`${name} refuses ${what}`, async () => {
      await expect(call(page, name, request)).rejects.toThrow(/does not fit|was not opened|no longer in the list/)
    })
  }

  test('a value that contains itself is refused', async () => {
    const refused = await page.evaluate(async () => {
      const value: unknown[] = []
      value.push(value)
      try {
        await window.moescope?.store({ name: 'state', value: value as never })
        return false
      } catch {
        return true
      }
    })
    expect(refused).toBe(true)
  })

  test('no dialog opened, and the main process answers as before', async () => {
    expect(await host.shownDialogs()).toEqual([])
    expect(await call(page, 'storage')).toMatchObject({ folder: host.userData })
  })
})

test('other senders and unknown channels are refused', async () => {
  const preload = test.info().outputPath('preload.cjs')
  await writeFile(
    preload,
    `const { contextBridge, ipcRenderer } = require('electron')
    const canRequire = (name) => { try { require(name); return true } catch { return false } }
    contextBridge.exposeInMainWorld('raw', {
      invoke: (...args) => ipcRenderer.invoke(...args),
      node: () => ['fs', 'child_process', 'node:net'].filter(canRequire)
    })`
  )
  await host.inMain(async ({ BrowserWindow }, preload) => {
    await new BrowserWindow({ show: false, webPreferences: { preload } }).loadURL('data:text/html,foreign')
  }, preload)
  const foreign = await pageAt(host, /^data:/)
  const refusals = await foreign.evaluate(
    async (names) => {
      const { raw } = window as unknown as {
        raw: { invoke(...args: unknown[]): Promise<unknown>; node(): string[] }
      }
      const refusal = (name: string) =>
        raw.invoke(name).then(
          () => 'answered',
          (error: Error) => error.message
        )
      return { node: raw.node(), refused: await Promise.all(names.map(refusal)) }
    },
    [...Object.values(channels), 'app:unknown']
  )
  expect(refusals.node).toEqual([])
  for (const refused of refusals.refused.slice(0, -1)) {
    expect(refused).toMatch(
      /^Error invoking remote method '.*': Error: .*refused, because it was not asked by the app's own page/
    )
  }
  expect(refusals.refused.at(-1)).toBe(
    "Error invoking remote method 'app:unknown': Error: No handler registered for 'app:unknown'"
  )
})
