import { messageOf } from '@core/reason'
import { frameRate, storyFrames } from '@core/stories/frames'
import type { Story } from '@core/stories/story'
import { useEffect, useRef, useState } from 'react'
import { useApp, useAppState } from '../../state/app'
import { Button } from '../../ui/Button'
import { Segments } from '../../ui/Segments'
import { Sheet } from '../../ui/Sheet'
import { useTheme } from '../../ui/use-appearance'
import styles from './ExportSheet.module.css'
import { type MadeFile, type PictureSize, sizes } from './look'
import { type ExportKind, exportKinds, makeExport } from './made'
import type { StageTheme } from './stage-frame'

/** The story that is told, as a file. */
export default function ExportSheet() {
  const { store } = useApp()
  const open = useAppState(({ overlay }) => overlay === 'export-story')
  const told = useAppState((state) => state.told)
  if (!open || !told) return null
  return (
    <Sheet title={`Export: ${told.story.title}`} open width={46} onClose={() => store.setState({ overlay: undefined })}>
      <Exports story={told.story} remarks={told.remarks} />
    </Sheet>
  )
}

const words = {
  html: [
    'Page (HTML)',
    'One file that plays in any browser, offline, with the keys of the stage and a speaker window.'
  ],
  markdown: ['Notes (Markdown)', 'What the speaker says to each chapter, with its sources.'],
  pdf: ['Slides (PDF)', 'A page for each chapter, at the end of its course.'],
  png: ['Pictures (PNG)', 'A picture of each chapter, in a ZIP archive.'],
  video: [
    'Video (MP4)',
    'The talk as it was rehearsed, without sound: H.264 where this system encodes it, else VP9 in WebM.'
  ]
} as const satisfies Record<ExportKind, readonly [label: string, words: string]>

/** Before anything was asked for, while it is made, when it is ready to be saved, and when it is not. */
type Progress =
  | { readonly step: 'making'; readonly kind: ExportKind; readonly done: number }
  | { readonly step: 'ready'; readonly kind: ExportKind; readonly file: MadeFile; readonly failure?: string }
  | { readonly step: 'over'; readonly says: string; readonly failed: boolean }

function Exports({ story, remarks }: { story: Story; remarks: readonly string[] }) {
  const { host } = useApp()
  const [theme, setTheme] = useState<StageTheme>(useTheme())
  const [size, setSize] = useState<PictureSize>('1080p')
  const [progress, setProgress] = useState<Progress>()
  const making = useRef<AbortController>(undefined)
  useEffect(() => () => making.current?.abort(), [])
  const make = async (kind: ExportKind) => {
    const { signal } = (making.current = new AbortController())
    setProgress({ step: 'making', kind, done: 0 })
    const onProgress = (done: number) => setProgress({ step: 'making', kind, done })
    try {
      const page = () => host.storyPlayer()
      const file = await makeExport(kind, story, { theme, size }, { signal, onProgress, page })
      setProgress({ step: 'ready', kind, file })
    } catch (error) {
      const says = signal.aborted ? 'Cancelled: nothing is saved.' : `It could not be made: ${messageOf(error)}`
      setProgress({ step: 'over', says, failed: !signal.aborted })
    }
  }
  const save = async (kind: ExportKind, file: MadeFile) => {
    try {
      const [description] = words[kind]
      const extension = file.name.split('.').at(-1) ?? ''
      const saved = await host.saveFile(file.name, { description, extensions: [extension] }, file.content)
      if (saved !== undefined) setProgress({ step: 'over', says: `${saved} is saved.`, failed: false })
    } catch (error) {
      setProgress({ step: 'ready', kind, file, failure: `It was not saved: ${messageOf(error)}` })
    }
  }
  const busy = progress?.step === 'making'
  return (
    <div className={styles.exports}>
      {remarks.length > 0 && <p className={styles.failure}>Without what is not whole: {remarks.join(' ')}</p>}
      <dl className={styles.kinds}>
        {exportKinds.map((kind) => (
          <div key={kind}>
            <dt>
              <Button disabled={busy} onClick={() => void make(kind)}>
                {words[kind][0]}
              </Button>
            </dt>
            <dd>
              {words[kind][1]}
              {kind === 'video' &&
                ` ${Math.round(storyFrames(story) / frameRate / 6) / 10} minutes, ${frameRate} frames a second.`}
            </dd>
          </div>
        ))}
      </dl>
      <fieldset className={styles.look}>
        <legend>Slides, pictures and video</legend>
        <Segments
          label="Size"
          value={size}
          options={(Object.keys(sizes) as PictureSize[]).map((value) => ({ value, label: value, disabled: busy }))}
          onChange={setSize}
        />
        <Segments
          label="Theme"
          value={theme}
          options={(['light', 'dark'] as const).map((value) => ({ value, label: value, disabled: busy }))}
          onChange={setTheme}
        />
      </fieldset>
      <output className={styles.progress}>
        {progress?.step === 'making' && (
          <>
            <progress value={progress.done} max={1} aria-label={words[progress.kind][0]} />
            <span>
              {words[progress.kind][0]}: {Math.round(100 * progress.done)} %
            </span>
            <Button onClick={() => making.current?.abort()}>Cancel</Button>
            <small>Leave this open until it is ready: closing it cancels.</small>
          </>
        )}
        {progress?.step === 'ready' && (
          <>
            <span className={progress.failure === undefined ? undefined : styles.failure}>
              {progress.failure ?? `${progress.file.name} is ready, ${sizeText(progress.file)}.`}
            </span>
            <Button look="primary" onClick={() => void save(progress.kind, progress.file)}>
              Save …
            </Button>
          </>
        )}
        {progress?.step === 'over' && (
          <span className={progress.failed ? styles.failure : undefined}>{progress.says}</span>
        )}
      </output>
    </div>
  )
}

function sizeText({ content }: MadeFile): string {
  const bytes = typeof content === 'string' ? new Blob([content]).size : content.length
  return bytes < 1e6 ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / 1e6).toFixed(1)} MB`
}
