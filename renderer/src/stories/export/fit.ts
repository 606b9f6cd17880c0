/** The rehearsal of a story on a display: whatever of it is cut off, overlaps, or is too small there. */
import type { Story } from '@core/stories/story'
import { openStageFrame, type Size, type StageLine } from './stage-frame'

/** Draws every chapter at the size of a display, with the fonts that are here. A sentence for each fault. */
export function misfits(story: Story, display: Size): string[] {
  const frame = openStageFrame(story, 'light', display)
  try {
    return story.chapters.flatMap(({ headline }, i) => {
      frame.show(i, 1)
      return faultsOf(frame.lines(), display).map((fault) => `chapter ${i + 1}, “${headline}”: ${fault}`)
    })
  } finally {
    frame.close()
  }
}

/** At most one fault of each kind. */
export function faultsOf(lines: readonly StageLine[], { width, height }: Size): string[] {
  const cut = lines.find(
    ({ left, right, top, bottom }) => left < -1 || top < -1 || right > width + 1 || bottom > height + 1
  )
  const small = lines.find(({ top, bottom }) => bottom - top < smallest * height)
  const [over, under] = overlap(lines) ?? []
  return [
    ...(cut ? [`“${cut.text}” is cut off`] : []),
    ...(over && under ? [`“${over.text}” and “${under.text}” overlap`] : []),
    ...(small ? [`“${small.text}” is too small to be read`] : [])
  ]
}

/** Least height of a line over that of the display: 12 pixels of 720. */
const smallest = 1 / 60

function overlap(lines: readonly StageLine[]): readonly [StageLine, StageLine] | undefined {
  for (const [i, a] of lines.entries()) {
    for (const b of lines.slice(i + 1)) {
      const across = Math.min(a.right, b.right) - Math.max(a.left, b.left)
      const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top)
      // The boxes of lines touch each other where their letters do not.
      if (across > 2 && down > 0.4 * Math.min(a.bottom - a.top, b.bottom - b.top)) return [a, b]
    }
  }
  return undefined
}
