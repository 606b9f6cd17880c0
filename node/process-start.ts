import { readFile } from 'node:fs/promises'

/**
 * The beginning of a process, in words that no other process of the same number ever has: on Linux the boot and the
 * clock tick since then (`/proc/PID/stat`, field 22); undefined elsewhere, and when there is no such process.
 */
export async function processStart(pid: number): Promise<string | undefined> {
  if (process.platform !== 'linux') return undefined
  try {
    const [boot, stat] = await Promise.all([
      readFile('/proc/sys/kernel/random/boot_id', 'utf8'),
      readFile(`/proc/${pid}/stat`, 'utf8')
    ])
    // The name of the program, in parentheses, may hold spaces.
    const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    // A zombie computes no more.
    return state === 'Z' ? undefined : `${boot.trim()}/${fields[18]}`
  } catch {
    return undefined
  }
}
