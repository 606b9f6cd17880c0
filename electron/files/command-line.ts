import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * The files that a command line names, absolute.
 *
 * @param args the whole command line, with the program as its first word
 * @param packaged when not, the first word after the program is the app's own folder
 * @param cwd what relative paths are relative to
 */
export function filesOf(args: readonly string[], packaged: boolean, cwd: string): string[] {
  const words = args.slice(1)
  const end = words.indexOf('--')
  const before = (end < 0 ? words : words.slice(0, end)).filter((word) => word !== '' && !word.startsWith('-'))
  const files = packaged ? before : before.slice(1)
  const after = end < 0 ? [] : words.slice(end + 1)
  return [...files, ...after].flatMap((word) => pathOf(word, cwd) ?? [])
}

/** Desktops hand files over as paths or as file: addresses. */
function pathOf(word: string, cwd: string): string | undefined {
  if (!/^file:/i.test(word)) return resolve(cwd, word)
  try {
    return fileURLToPath(word)
  } catch {
    return undefined
  }
}
