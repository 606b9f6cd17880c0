import { messageOf } from '@core/reason'
import { type ReactNode, useContext, useRef } from 'react'
import { type ChartTable, csvOf, pngOf, standaloneSvg } from '../charts/export'
import type { Frame } from '../charts/frame'
import { useApp, useAppState } from '../state/app'
import { pictureGrounds, pictureWidths } from '../state/settings'
import { Button } from './Button'
import { ChartSubjectContext } from './chart-subject'
import { NumberInput } from './NumberInput'
import styles from './PictureSheet.module.css'
import { Segments } from './Segments'
import { Sheet } from './Sheet'

export interface PictureSheetProps {
  readonly title: string
  /** Without its ending. */
  readonly fileName: string
  readonly table: () => ChartTable
  readonly draw: (frame: Frame) => ReactNode
  readonly legend: ReactNode
  readonly colours: ReactNode
  readonly onClose: () => void
}

const formats = { png: 'Picture (PNG)', svg: 'Drawing (SVG)', csv: 'Numbers (CSV)' } as const

const usualWidths = { column: 'Column, 90 mm', page: 'Page, 180 mm', slide: 'Slide' } as const

/** From this width on a picture is read from far, and its text is larger. */
const slideWidth = 1000

/** A chart as it will be printed, with its title, its subject and its legend, to be saved as a file. */
export function PictureSheet({ title, fileName, table, draw, legend, colours, onClose }: PictureSheetProps) {
  const { host, notify, configure } = useApp()
  const { pictureWidth: width, pictureGround: ground } = useAppState(({ settings }) => settings)
  const { name, settings } = useContext(ChartSubjectContext)
  const picture = useRef<HTMLElement>(null)
  const textScale = width >= slideWidth ? 1.5 : 1
  const theme = ground === 'dark' ? 'dark' : 'light'
  const inner = width - 2 * margin
  const contentOf = async (format: keyof typeof formats) => {
    if (format === 'csv') return csvOf(table(), { title, ...(name !== '' && { subject: name }), ...settings })
    if (!picture.current) throw new Error('the picture is no longer on the screen')
    const svg = standaloneSvg(picture.current, title)
    return format === 'svg' ? svg : await pngOf(svg)
  }
  const save = async (format: keyof typeof formats) => {
    try {
      const kind = { description: formats[format], extensions: [format] }
      const saved = await host.saveFile(`${fileName}.${format}`, kind, await contentOf(format))
      if (saved) notify(`${saved} is saved.`)
    } catch (error) {
      notify(`The chart was not saved: ${messageOf(error)}`)
    }
  }
  return (
    <Sheet
      title={`Export: ${title}`}
      open
      onClose={onClose}
      width={Math.max(50, width / 14 + 4)}
      foot={(Object.keys(formats) as (keyof typeof formats)[]).map((format) => (
        <Button key={format} onClick={() => void save(format)}>
          {formats[format]}
        </Button>
      ))}
    >
      <div className={styles.controls}>
        <Segments
          label="Size"
          value={sizeOf(width)}
          options={Object.entries(usualWidths).map(([value, label]) => ({ value, label }))}
          onChange={(size) => configure({ pictureWidth: pictureWidths[size as keyof typeof usualWidths] })}
        />
        <NumberInput
          label="Width in pixels"
          value={width}
          min={pictureWidths.least}
          max={pictureWidths.most}
          onChange={(pictureWidth) => configure({ pictureWidth })}
        />
        <Segments
          label="Ground"
          value={ground}
          options={pictureGrounds.map((each) => ({ value: each, label: each }))}
          onChange={(pictureGround) => configure({ pictureGround })}
        />
      </div>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- the keyboard scrolls it */}
      <section className={styles.preview} tabIndex={0} aria-label="Preview">
        <figure
          ref={picture}
          className={styles.picture}
          data-ground={ground}
          style={{ width, padding: margin, fontSize: 14 * textScale, colorScheme: theme }}
          inert
        >
          <p className={styles.title}>{title}</p>
          {name !== '' && <p className={styles.facts}>{name}</p>}
          {legend !== undefined && <p className={styles.facts}>{legend}</p>}
          {colours}
          {draw({ width: inner, height: Math.round(inner * 0.6), textScale, theme })}
        </figure>
      </section>
    </Sheet>
  )
}

/** Around a picture, in pixels. */
const margin = 12

function sizeOf(width: number): string {
  return Object.keys(usualWidths).find((size) => pictureWidths[size as keyof typeof usualWidths] === width) ?? ''
}
