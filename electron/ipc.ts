/** The table of what the page may ask. The sender is checked and the payload parsed before anything is done. */

import { problemsOf } from '@core/formats/problems'
import type { IpcMainInvokeEvent, WebContents } from 'electron'
import { z } from 'zod'
import { reasonOf } from '../node/reason'
import * as contract from './channels'
import { isAppUrl } from './protocol'

type Name = keyof typeof contract.channels
type RequestOf<N extends Name> = Parameters<contract.MoescopeApi[N]> extends [infer R] ? R : undefined
type AnswerOf<N extends Name> = Awaited<ReturnType<contract.MoescopeApi[N]>>

/** Answers every channel's fitting requests from the page of a window. */
export type Answers<Window> = {
  readonly [N in Name]: (request: RequestOf<N>, window: Window) => AnswerOf<N> | Promise<AnswerOf<N>>
}

const nothing = z.undefined()

const requests: { readonly [N in Name]: z.ZodType<RequestOf<N>> } = {
  versions: nothing,
  ready: nothing,
  copyText: contract.copyTextRequest,
  toggleFullScreen: nothing,
  openWindow: contract.openWindowRequest,
  setMenu: contract.setMenuRequest,
  setTheme: contract.setThemeRequest,
  openFile: contract.openFileRequest,
  readFile: contract.readFileRequest,
  saveFile: contract.saveFileRequest,
  openFolder: nothing,
  openedFolderFiles: contract.chosenFolderRequest,
  openedFolderFile: contract.chosenFolderFileRequest,
  readOpenedFolderFile: contract.readChosenFolderFileRequest,
  watchQueue: contract.watchQueueRequest,
  queueState: contract.queueRequest,
  leaveQueue: contract.queueRequest,
  recentFiles: nothing,
  openRecent: contract.openRecentRequest,
  clearRecent: nothing,
  storage: nothing,
  recall: contract.recallRequest,
  store: contract.storeRequest,
  setAside: contract.recallRequest,
  folders: contract.foldersRequest,
  folderFiles: contract.folderRequest,
  readFolderFile: contract.folderFileRequest,
  writeFolderFile: contract.writeFolderFileRequest,
  removeFolderFile: contract.folderFileRequest,
  removeFolder: contract.folderRequest,
  modelsFolder: nothing,
  chooseModelsFolder: nothing,
  resetModelsFolder: nothing,
  reportCrash: contract.reportCrashRequest,
  lastCrash: nothing
}

/** Senders of requests, and their permissions. */
export interface Post<Window> {
  /** As Electron's `ipcMain.handle`. */
  readonly handle: (channel: string, answer: (event: IpcMainInvokeEvent, request: unknown) => Promise<unknown>) => void
  /** The window that shows a page; null when none of ours does. */
  readonly windowOf: (contents: WebContents) => Window | null
  /** The page's origin, e.g. `app://moescope`. */
  readonly origin: string
  /** Told what was refused. */
  readonly log: (where: string, message: string) => void
}

/** Answers every channel, and only to the main frame of the app's own page. */
export function answerPage<Window>({ handle, windowOf, origin, log }: Post<Window>, answers: Answers<Window>): void {
  for (const name of Object.keys(requests) as Name[]) register(name)

  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- it ties the request to its answer
  function register<N extends Name>(name: N): void {
    const channel = contract.channels[name]
    const refuse = (reason: string): never => {
      log('ipc', `${channel}: ${reason}`)
      throw new Error(`${channel}: ${reason}`)
    }
    handle(channel, async ({ sender, senderFrame }, payload) => {
      const window = windowOf(sender)
      const isOurs = senderFrame?.parent === null && isAppUrl(senderFrame.url, origin)
      if (window === null || !isOurs) return refuse("refused, because it was not asked by the app's own page")
      const parsed = parse(requests[name], payload)
      if ('problem' in parsed) return refuse(`the request does not fit: ${parsed.problem}`)
      return await answers[name](parsed.request, window)
    })
  }
}

function parse<T>(schema: z.ZodType<T>, payload: unknown): { readonly request: T } | { readonly problem: string } {
  try {
    const parsed = schema.safeParse(payload)
    return parsed.success ? { request: parsed.data } : { problem: problemsOf(parsed.error) }
  } catch (error) {
    // A value that contains itself has no end.
    return { problem: reasonOf(error) }
  }
}
