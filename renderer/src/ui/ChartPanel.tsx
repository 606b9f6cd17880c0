import type { ReactNode } from 'react'
import type { ChartTable } from '../charts/export'
import type { Frame } from '../charts/frame'
import { useMainHeight, useWidth } from '../charts/use-size'
import styles from './ChartPanel.module.css'
import { ExportButton } from './ExportButton'
import { Panel } from './Panel'
import { useTextScale, useTheme } from './use-appearance'

export interface ChartPanelProps {
  readonly title: string
  /** Name of exported files, without their ending. */
  readonly fileName: string
  /** The numbers behind the chart; made when they are exported. */
  readonly table: () => ChartTable
  /** The chart, drawn anew for a picture of another size or ground. */
  readonly children: ReactNode | ((frame: Frame) => ReactNode)
  /** Meaning of colours and marks, and where the figures come from: beside the title, and in pictures. */
  readonly legend?: ReactNode
  /** Meaning of colours that the screen explains elsewhere, for pictures. */
  readonly colours?: ReactNode
  /** Controls beside the title, to the right. */
  readonly aside?: ReactNode
  /** The chart's message in a sentence or two, above it. */
  readonly answer?: ReactNode
  /** Below the chart. */
  readonly note?: ReactNode
  /** Below all, what can be done there. */
  readonly foot?: ReactNode
  readonly className?: string
  readonly id?: string
}

/** A chart in a frame, which can be exported as picture (PNG, SVG) and as numbers (CSV). */
export function ChartPanel(props: ChartPanelProps) {
  const { title, fileName, table, children, legend, colours, aside, answer, note, foot, className = '', id } = props
  const [ref, width] = useWidth()
  const frame = { width, height: useMainHeight(), textScale: useTextScale(), theme: useTheme() }
  const draw = typeof children === 'function' ? children : () => children
  return (
    <Panel
      title={title}
      className={className}
      {...(id !== undefined && { id })}
      aside={
        <span className={styles.aside}>
          {legend !== undefined && <span>{legend}</span>}
          {aside}
          <ExportButton {...{ title, fileName, table, legend, colours }}>{draw}</ExportButton>
        </span>
      }
    >
      {answer !== undefined && <p className={styles.answer}>{answer}</p>}
      <div ref={ref}>{draw(frame)}</div>
      {note !== undefined && <p className={styles.note}>{note}</p>}
      {foot}
    </Panel>
  )
}
