import type { Story } from '@core/stories/story'
import { useEffect, useState } from 'react'
import { useApp } from '../state/app'
import { attempt } from '../state/attempt'
import { Segments } from '../ui/Segments'
import styles from './Rehearsal.module.css'

/** The rehearsal on a display that is chosen: each chapter is drawn at its size. */
export function DisplayCheck({ story }: { story: Story }) {
  const app = useApp()
  const [display, setDisplay] = useState<DisplayName>(() => `${innerWidth} × ${innerHeight}`)
  const [found, setFound] = useState<{ display: DisplayName; story: Story; faults: readonly string[] }>()
  useEffect(() => {
    let isWanted = true
    attempt(app, async () => {
      const { misfits } = await import('./export/fit')
      const [width = 0, height = 0] = display.split(' × ').map(Number)
      if (isWanted) setFound({ display, story, faults: misfits(story, { width, height }) })
    })
    return () => {
      isWanted = false
    }
  }, [app, display, story])
  const faults = found?.display === display && found.story === story ? found.faults : undefined
  return (
    <section className={styles.rehearsal} aria-label="On the display">
      <div className={styles.displays}>
        <span>Display</span>
        <Segments
          label="Display"
          value={display}
          options={[...new Set<DisplayName>([`${innerWidth} × ${innerHeight}`, display, ...usual])].map((value) => ({
            value,
            label: value
          }))}
          onChange={setDisplay}
        />
        {faults?.length === 0 && <span>Every chapter fits it, with the fonts of this computer.</span>}
      </div>
      {faults && faults.length > 0 && (
        <ul>
          {faults.map((fault) => (
            <li key={fault}>{fault}</li>
          ))}
        </ul>
      )}
    </section>
  )
}

/** Width and height in pixels. */
type DisplayName = `${number} × ${number}`

const usual: readonly DisplayName[] = ['1280 × 720', '1920 × 1080', '1920 × 1200', '3840 × 2160', '1024 × 768']
