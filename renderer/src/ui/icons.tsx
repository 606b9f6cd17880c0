import type { ReactNode } from 'react'

export const RunIcon = () => <Icon filled d="M4 2.5v11l9-5.5z" />
export const PauseIcon = () => <Icon filled d="M3.5 2.5h3v11h-3zM9.5 2.5h3v11h-3z" />
export const StepIcon = () => <Icon filled d="M3 2.5v11l7-5.5zM11 2.5h2v11h-2z" />
export const ResetIcon = () => <Icon d="M3.2 8a4.8 4.8 0 1 0 1.6-3.6M4.6 1.6v3h3" />
export const LinkIcon = () => (
  <Icon d="M6.5 9.5a3 3 0 0 0 4.2 0l2.3-2.3a3 3 0 0 0-4.2-4.2l-1 1M9.5 6.5a3 3 0 0 0-4.2 0L3 8.8A3 3 0 0 0 7.2 13l1-1" />
)
export const MoreIcon = () => <Icon filled d="M1.8 6.6h2.8v2.8h-2.8zM6.6 6.6h2.8v2.8h-2.8zM11.4 6.6h2.8v2.8h-2.8z" />
export const OpenIcon = () => <Icon d="M1.8 12.8v-9.4h4l1.6 2h6.8v7.4z" />
export const SaveIcon = () => <Icon d="M8 1.8v8M4.8 6.8L8 10l3.2-3.2M2.2 11.2v2.6h11.6v-2.6" />
export const AddChapterIcon = () => <Icon d="M1.8 2.8h12.4v8H1.8zM5.2 14l2.8-3.2 2.8 3.2M8 4.6v4.4M5.8 6.8h4.4" />
export const UndoIcon = () => <Icon d="M3 6.5h6.5a3.5 3.5 0 0 1 0 7H6M5.8 3.5L2.8 6.5l3 3" />
export const RedoIcon = () => <Icon d="M13 6.5H6.5a3.5 3.5 0 0 0 0 7H10M10.2 3.5l3 3-3 3" />
export const SearchIcon = () => <Icon d="M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9zM10.3 10.3l3.4 3.4" />
export const SettingsIcon = () => (
  <Icon d="M2 4.5h7M13 4.5h1M2 11.5h1M7 11.5h7M11 6.3a1.8 1.8 0 1 0 0-3.6 1.8 1.8 0 0 0 0 3.6zM5 13.3a1.8 1.8 0 1 0 0-3.6 1.8 1.8 0 0 0 0 3.6z" />
)
export const ThemeIcon = () => (
  <Icon d="M8 1.8a6.2 6.2 0 1 0 0 12.4z">
    <path d="M8 1.8a6.2 6.2 0 0 1 0 12.4z" fill="currentColor" />
  </Icon>
)

function Icon({ d, filled = false, children }: { d: string; filled?: boolean; children?: ReactNode }) {
  return (
    <svg width="1.15em" height="1.15em" viewBox="0 0 16 16" aria-hidden="true">
      <path
        d={d}
        fill={filled ? 'currentColor' : 'none'}
        stroke={filled ? 'none' : 'currentColor'}
        strokeWidth="1.5"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
      {children}
    </svg>
  )
}
