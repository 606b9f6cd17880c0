import { readFile, writeFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { app, BrowserWindow, dialog, type IpcMainInvokeEvent, ipcMain } from 'electron'
import { z } from 'zod'
import { channels, type MoescopeApi, openTextRequest, saveTextRequest } from './channels'
import { isAppUrl } from './protocol'

/**
 * Answers every channel, and only to the app's own page: the sender is checked and the payload parsed before anything
 * is done.
 *
 * @param origin the page's origin, e.g. `app://moescope`
 */
export function answerPage(origin: string): void {
  answer(channels.version, z.undefined(), async () => app.getVersion() satisfies Answer<'version'>)

  answer(channels.saveText, saveTextRequest, async ({ name, kind, text }, window) => {
    const { canceled, filePath } = await dialog.showSaveDialog(window, {
      defaultPath: basename(name),
      filters: [{ name: kind.description, extensions: kind.extensions }]
    })
    if (canceled || filePath === '') return null satisfies Answer<'saveText'>
    await writeFile(filePath, text, 'utf8')
    return basename(filePath) satisfies Answer<'saveText'>
  })

  answer(channels.openText, openTextRequest, async ({ kind }, window) => {
    const { canceled, filePaths } = await dialog.showOpenDialog(window, {
      properties: ['openFile'],
      filters: [{ name: kind.description, extensions: kind.extensions }]
    })
    const [path] = filePaths
    if (canceled || path === undefined) return null satisfies Answer<'openText'>
    return { name: basename(path), text: await readFile(path, 'utf8') } satisfies Answer<'openText'>
  })

  function answer<T>(channel: string, payload: z.ZodType<T>, act: (request: T, window: BrowserWindow) => unknown) {
    ipcMain.handle(channel, (event: IpcMainInvokeEvent, request: unknown) => {
      const window = BrowserWindow.fromWebContents(event.sender)
      if (window === null || !isAppUrl(event.senderFrame?.url ?? '', origin)) {
        throw new Error(`${channel}: refused, because it was not asked by the app's own page`)
      }
      return act(payload.parse(request), window)
    })
  }
}

type Answer<Name extends keyof MoescopeApi> = Awaited<ReturnType<MoescopeApi[Name]>>
