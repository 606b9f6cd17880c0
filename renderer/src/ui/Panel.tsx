import type { ComponentProps, ReactNode } from 'react'
import styles from './Panel.module.css'

export interface PanelProps extends Omit<ComponentProps<'section'>, 'title'> {
  readonly title: string
  /** Beside the title, to the right. */
  readonly aside?: ReactNode
}

/** A framed part of a view, with a heading. */
export function Panel({ title, aside, className = '', children, ...rest }: PanelProps) {
  return (
    <section className={`${styles.panel} ${className}`} aria-label={title} {...rest}>
      <div className={styles.head}>
        <h2>{title}</h2>
        {aside}
      </div>
      {children}
    </section>
  )
}
