import { createContext } from 'react'

/** Models that the charts of a view are about, and the settings that their figures depend on. */
export interface ChartSubject {
  /** Below the title of a picture; empty where the titles say it. */
  readonly name: string
  /** For the head of a table, in the order in which they are written. */
  readonly settings: Readonly<Record<string, string | number>>
}

/** A view provides it once for all of its charts. */
export const ChartSubjectContext = createContext<ChartSubject>({ name: '', settings: {} })
