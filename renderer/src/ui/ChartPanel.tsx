import { Menu } from '@base-ui/react/menu'
import { messageOf } from '@core/reason'
import { type ReactNode, useRef } from 'react'
import { type ChartTable, csvOf, pngOf, standaloneSvg } from '../charts/export'
import { useApp } from '../state/app'
import styles from './ChartPanel.module.css'
import { Panel } from './Panel'

export interface ChartPanelProps {
  readonly title: string
  /** Name of exported files, without their ending. */
  readonly fileName: string
  /** The numbers behind the chart; made when they are exported. */
  readonly table: () => ChartTable
  readonly children: ReactNode
  /** Beside the title, to the right. */
  readonly aside?: ReactNode
  /** The chart's message in a sentence or two, above it. */
  readonly answer?: ReactNode
  readonly className?: string
}

/** A chart in a frame, which can be saved as picture (PNG, SVG) and as numbers (CSV). */
export function ChartPanel({ title, fileName, table, children, aside, answer, className = '' }: ChartPanelProps) {
  const { host, notify } = useApp()
  const chart = useRef<HTMLDivElement>(null)
  const save = async (extension: 'png' | 'svg' | 'csv') => {
    if (!chart.current) return
    const description = { png: 'Picture (PNG)', svg: 'Drawing (SVG)', csv: 'Table (CSV)' }[extension]
    const svg = () => standaloneSvg(chart.current as HTMLDivElement, title)
    try {
      const content = extension === 'csv' ? csvOf(table()) : extension === 'svg' ? svg() : await pngOf(svg())
      const saved = await host.saveFile(`${fileName}.${extension}`, { description, extensions: [extension] }, content)
      if (saved) notify(`${saved} is saved.`)
    } catch (error) {
      notify(`The chart was not saved: ${messageOf(error)}`)
    }
  }
  return (
    <Panel
      title={title}
      className={className}
      aside={
        <span className={styles.aside}>
          {aside}
          <Menu.Root>
            <Menu.Trigger className={styles.trigger} aria-label={`Export: ${title}`} title="Export as PNG, SVG or CSV">
              <svg width="14" height="14" viewBox="0 0 16 16" aria-hidden="true">
                <path d="M8 2v8m0 0L5 7m3 3 3-3M2.5 11v2.5h11V11" fill="none" stroke="currentColor" strokeWidth="1.4" />
              </svg>
            </Menu.Trigger>
            <Menu.Portal>
              <Menu.Positioner sideOffset={4} align="end" className={styles.positioner}>
                <Menu.Popup className={styles.popup}>
                  <Menu.Item className={styles.item} onClick={() => void save('png')}>
                    Picture (PNG)
                  </Menu.Item>
                  <Menu.Item className={styles.item} onClick={() => void save('svg')}>
                    Drawing (SVG)
                  </Menu.Item>
                  <Menu.Item className={styles.item} onClick={() => void save('csv')}>
                    Numbers (CSV)
                  </Menu.Item>
                </Menu.Popup>
              </Menu.Positioner>
            </Menu.Portal>
          </Menu.Root>
        </span>
      }
    >
      {answer !== undefined && <p className={styles.answer}>{answer}</p>}
      <div ref={chart}>{children}</div>
    </Panel>
  )
}
