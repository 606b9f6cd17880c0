import { contextBridge, ipcRenderer } from 'electron'
import { channels, type MoescopeApi } from './channels'

const api: MoescopeApi = {
  version: () => ipcRenderer.invoke(channels.version),
  saveText: (request) => ipcRenderer.invoke(channels.saveText, request),
  openText: (request) => ipcRenderer.invoke(channels.openText, request)
}

contextBridge.exposeInMainWorld('moescope', api)
