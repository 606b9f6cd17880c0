/** One page of Chromium with the two worlds that Electron gives it. */
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { BrowserWindowConstructorOptions } from 'electron'
import { nodeBase64 } from './base64'
import type { Session } from './devtools'
import { readyFor } from './life'
import type { FromPage, ToPage } from './page-messages'
import { createJoiner, piecesOf } from './pieces'
import { complain } from './problems'
import { decode, encode } from './structured'

/** The events of a page. */
export interface PageEvents {
  /** The page calls the main process. */
  called(message: FromPage): Promise<ToPage>
  navigating(navigation: Navigation): void
  /** The document has another address now. */
  navigated(url: string): void
  loaded(): void
  /** True when the page may leave though its document asks to stay. */
  mayLeave(): boolean
  /** A document wants to go to another address. */
  mayNavigate(navigation: Navigation): boolean
  /** Something is requested. */
  mayRequest(request: PageRequest, isMainFrame: boolean): Promise<boolean>
  /** A document wanted to open a window; it was not opened. */
  windowOpened(url: string): void
  crashed(): void
  closed(): void
}

/** A frame goes to an address, which is the browser's. */
export interface Navigation {
  readonly url: string
  readonly isMainFrame: boolean
  /** True when only the fragment is another. */
  readonly isSameDocument: boolean
}

/** A request of a page; the address is the browser's. */
export interface PageRequest {
  readonly url: string
  readonly method: string
  /** As DevTools name it, e.g. `Document`. */
  readonly type: string
}

/** A page. */
export interface Page {
  /** Resolves once it is loaded; rejects when it cannot be. */
  navigate(url: string): Promise<void>
  reload(): Promise<void>
  /** Tells the preload's world something; nothing when there is no such world. */
  tell(message: ToPage): void
  resize(width: number, height: number): Promise<void>
  setColorScheme(scheme: 'light' | 'dark'): Promise<void>
  /** Asks the document, which may want to stay. */
  close(): Promise<void>
  /** Asks nobody. */
  destroy(): Promise<void>
  /** Ends the process of the document. */
  crash(): Promise<void>
}

const preloadWorld = 'Electron Isolated Context'

/** Opens a page; it is empty until it navigates. */
export async function openPage(
  { width = 800, height = 600, webPreferences }: BrowserWindowConstructorOptions,
  events: PageEvents
): Promise<Page> {
  const session = await readyFor('BrowserWindow').openPage()
  const { frameTree } = await session.send('Page.getFrameTree')
  const mainFrame = frameTree.frame.id
  const state: PageState = { context: undefined }

  followDocument(session, mainFrame, state, events)
  answerCalls(session, state, events)
  guardRequests(session, mainFrame, events)
  reportErrors(session)
  const page = controls(session, state)
  await Promise.all([
    session.send('Page.enable'),
    session.send('Runtime.addBinding', { name: 'electronDoubleSend', executionContextName: preloadWorld }),
    session.send('Runtime.enable'),
    session.send('Log.enable'),
    session.send('Inspector.enable'),
    session.send('Fetch.enable', { patterns: [{ urlPattern: '*' }] }),
    page.resize(width, height),
    ...pageScripts(webPreferences?.preload).map((script) =>
      session.send('Page.addScriptToEvaluateOnNewDocument', script)
    )
  ])
  return page
}

interface PageState {
  /** The preload's world of the document that is shown. */
  context: number | undefined
}

function followDocument(session: Session, mainFrame: string, state: PageState, events: PageEvents): void {
  let gone = false
  session.on('Page.frameNavigated', ({ frame }) => {
    if (frame.id !== mainFrame) return
    events.navigated(frame.url + (frame.urlFragment ?? ''))
  })
  session.on('Page.frameStartedNavigating', ({ frameId, url, navigationType }) => {
    const isSameDocument = ['sameDocument', 'historySameDocument'].includes(navigationType)
    events.navigating({ url, isMainFrame: frameId === mainFrame, isSameDocument })
  })
  session.on('Page.navigatedWithinDocument', ({ frameId, url }) => {
    if (frameId === mainFrame) events.navigated(url)
  })
  session.on('Page.loadEventFired', () => events.loaded())
  session.on('Page.javascriptDialogOpening', ({ type, message }) => {
    const accept = type === 'beforeunload' && events.mayLeave()
    if (type !== 'beforeunload') complain(`the page opened a dialog (${type}): ${message}`)
    session.send('Page.handleJavaScriptDialog', { accept }).catch(() => {})
  })
  session.on('Page.windowOpen', ({ url }) => events.windowOpened(url))
  session.on('Inspector.targetCrashed', () => events.crashed())
  session.on('Inspector.detached', () => {
    if (gone) return
    gone = true
    events.closed()
  })
  session.on('Runtime.executionContextCreated', ({ context }) => {
    const { frameId } = context.auxData as { frameId?: string }
    if (context.name === preloadWorld && frameId === mainFrame) state.context = context.id
  })
  session.on('Runtime.executionContextsCleared', () => {
    state.context = undefined
  })
}

function answerCalls(session: Session, state: PageState, events: PageEvents): void {
  const join = new Map<number, ReturnType<typeof createJoiner>>()
  session.on('Runtime.bindingCalled', ({ name, payload, executionContextId }) => {
    if (name !== 'electronDoubleSend') return
    const joined = join.get(executionContextId) ?? createJoiner()
    join.set(executionContextId, joined)
    const text = joined(payload)
    if (text === undefined) return
    const message = decode(text, nodeBase64) as FromPage
    // A document that is gone wants no answer.
    const answer = (answered: ToPage) => {
      if (executionContextId === state.context) receive(session, executionContextId, encodeAnswer(answered, message))
    }
    events.called(message).then(answer, (error: unknown) => complain(String(error)))
  })
}

function encodeAnswer(answer: ToPage, { invoke, channel }: FromPage): string {
  try {
    return encode(answer, nodeBase64)
  } catch (error) {
    const words = `Error invoking remote method '${channel}': ${String(error)}`
    return encode({ answer: invoke, error: words } satisfies ToPage, nodeBase64)
  }
}

function receive(session: Session, executionContextId: number, text: string): void {
  for (const piece of piecesOf(text)) {
    session
      .send('Runtime.callFunctionOn', {
        executionContextId,
        functionDeclaration: 'function (piece) { electronDoubleReceive(piece) }',
        arguments: [{ value: piece }]
      })
      // The document is gone.
      .catch(() => {})
  }
}

/** Lets through what the app allows, and tells navigations of documents from those that the app or the user asked for. */
function guardRequests(session: Session, mainFrame: string, events: PageEvents): void {
  const wanted = new Map<string, string>()
  session.on('Page.frameRequestedNavigation', ({ frameId, url }) => wanted.set(frameId, url))
  // Nothing is requested for another fragment.
  session.on('Page.navigatedWithinDocument', ({ frameId }) => wanted.delete(frameId))
  session.on('Fetch.requestPaused', ({ requestId, frameId, request, resourceType }) => {
    const url = request.url + (request.urlFragment ?? '')
    const isNavigation = resourceType === 'Document' && wanted.get(frameId) === url
    if (isNavigation) wanted.delete(frameId)
    const mayNavigate =
      !isNavigation || events.mayNavigate({ url, isMainFrame: frameId === mainFrame, isSameDocument: false })
    const allowed = mayNavigate
      ? events.mayRequest({ url: request.url, method: request.method, type: resourceType }, frameId === mainFrame)
      : Promise.resolve(false)
    allowed
      .then((may) =>
        may
          ? session.send('Fetch.continueRequest', { requestId })
          : session.send('Fetch.failRequest', { requestId, errorReason: mayNavigate ? 'BlockedByClient' : 'Aborted' })
      )
      // The page is gone.
      .catch(() => {})
  })
}

/** Errors of the page are the test's concern, whether it looks at the page or not. */
function reportErrors(session: Session): void {
  session.on('Runtime.exceptionThrown', ({ exceptionDetails: { exception, text } }) => {
    complain(`the page threw: ${exception?.description ?? text}`)
  })
  session.on('Runtime.consoleAPICalled', ({ type, args }) => {
    if (type !== 'error' && type !== 'warning') return
    complain(`the page's console (${type}): ${args.map(({ value, description }) => value ?? description).join(' ')}`)
  })
  session.on('Log.entryAdded', ({ entry: { level, text, url = '' } }) => {
    if (level !== 'error' && level !== 'warning') return
    if (!ofSandbox.test(text)) complain(`the browser's log (${level}): ${text} ${url}`)
  })
}

/** A message of the browser because the double denies windows by a sandbox: Electron does not say it. */
const ofSandbox =
  /^(Blocked opening .* 'allow-popups' permission|An iframe which has both allow-scripts and allow-same-)/

function controls(session: Session, state: PageState): Page {
  return {
    navigate: async (url) => {
      const load = nextLoad(session)
      // Awaited below, or never.
      load.catch(() => {})
      const { errorText, loaderId } = await session.send('Page.navigate', { url })
      if (errorText !== undefined) throw loadError(errorText, url)
      // Without a new document there is nothing to load: only the fragment is another.
      if (loaderId !== undefined) await load
    },
    reload: async () => void (await session.send('Page.reload')),
    tell: (message) => {
      if (state.context !== undefined) receive(session, state.context, encode(message, nodeBase64))
    },
    resize: async (width, height) => {
      await session.send('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor: 1, mobile: false })
    },
    setColorScheme: async (scheme) => {
      await session.send('Emulation.setEmulatedMedia', { features: [{ name: 'prefers-color-scheme', value: scheme }] })
    },
    close: async () => void (await session.send('Page.close').catch(() => {})),
    destroy: async () => {
      const { targetInfo } = await session.send('Target.getTargetInfo')
      await readyFor('BrowserWindow').browser.send('Target.closeTarget', { targetId: targetInfo.targetId })
    },
    // It has no answer: who would give it is gone.
    crash: async () => void session.send('Page.crash').catch(() => {})
  }
}

/** Resolves when a document is loaded; rejects when the page is gone before that. */
function nextLoad(session: Session): Promise<void> {
  return new Promise((done, failed) => {
    session.on('Page.loadEventFired', () => done())
    session.on('Inspector.detached', () => failed(loadError('net::ERR_FAILED', 'a page that was closed')))
  })
}

/** As Electron's, whose code says what happened. */
function loadError(errorText: string, url: string): Error {
  const code = errorText.replace(/^net::/, '')
  return Object.assign(new Error(`${code} loading '${url}'`), { code, url })
}

/** The scripts of a page's two worlds: first the page's own, which listens for what the other exposes. */
function pageScripts(preload: string | undefined): { source: string; worldName?: string }[] {
  if (preload === undefined) return []
  const library = readFileSync(new URL('./page.js', import.meta.url), 'utf8')
  const secret = JSON.stringify(randomUUID())
  const script = `(require, module, exports) => {${readFileSync(preload, 'utf8')}\n}`
  return [
    { source: `(() => {${library}\nelectronDouble.mainWorld(${secret})})()` },
    { source: `(() => {${library}\nelectronDouble.preloadWorld(${secret}, ${script})})()`, worldName: preloadWorld }
  ]
}
