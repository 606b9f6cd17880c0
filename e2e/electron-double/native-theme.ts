import type { NativeTheme } from 'electron'
import { modelledEmitter } from './modelled-emitter'

let source: NativeTheme['themeSource'] = 'system'

/** Electron's module `nativeTheme`; the system itself is light. */
export const nativeTheme = modelledEmitter<NativeTheme>('nativeTheme', ['updated'], {
  get themeSource() {
    return source
  },
  set themeSource(chosen) {
    if (chosen === source) return
    source = chosen
    nativeTheme.emit('updated')
  },
  get shouldUseDarkColors() {
    return source === 'dark'
  }
})
