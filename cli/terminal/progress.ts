import type { Terminal } from './terminal'

/** A bar on standard error for long work; nothing where no person reads it. */
export interface Progress {
  /** @param note a few words about where the work is */
  update(done: number, total: number, note?: string): void
  /** Takes the bar away. */
  end(): void
}

const millisecondsBetweenDraws = 100
const barCells = 30

export function createProgress(terminal: Terminal, label: string): Progress {
  if (!terminal.progressIsRead) return { update: () => {}, end: () => {} }
  let begun: { readonly at: number; readonly done: number } | undefined
  let drawnAt = Number.NEGATIVE_INFINITY
  return {
    update: (done, total, note = '') => {
      const now = performance.now()
      begun ??= { at: now, done }
      if (now - drawnAt < millisecondsBetweenDraws && done < total) return
      drawnAt = now
      const cells = Math.round((barCells * done) / total)
      const bar = '━'.repeat(cells) + '┈'.repeat(barCells - cells)
      const percent = `${Math.floor((100 * done) / total)}`.padStart(3)
      const left = timeLeft(((now - begun.at) / (done - begun.done)) * (total - done))
      const line = [label, bar, `${percent} %`, note, left].filter((part) => part !== '').join('  ')
      terminal.tell(`\r\x1b[2K${line.slice(0, terminal.columns - 1)}`)
    },
    end: () => terminal.tell('\r\x1b[2K')
  }
}

function timeLeft(milliseconds: number): string {
  if (!Number.isFinite(milliseconds)) return ''
  const seconds = Math.ceil(milliseconds / 1000)
  return seconds < 100 ? `${seconds} s left` : `${Math.ceil(seconds / 60)} min left`
}
