import { type ComponentType, lazy, Suspense } from 'react'
import { HomeView } from '../home/HomeView'
import { useApp, useAppState } from '../state/app'
import type { ViewId } from '../state/choices'
import { commandOf } from '../state/command'
import { runCommand } from '../state/run-command'
import { Button } from '../ui/Button'
import { CommandButton, type CommandButtonProps } from '../ui/CommandButton'
import {
  AddChapterIcon,
  LinkIcon,
  MoreIcon,
  OpenIcon,
  RedoIcon,
  SaveIcon,
  SearchIcon,
  SettingsIcon,
  ThemeIcon,
  UndoIcon
} from '../ui/icons'
import { ariaKeys, keyName } from '../ui/keys'
import { useAppearanceOnPage } from '../ui/use-appearance'
import { DropTarget } from './DropTarget'
import { Notice, Warnings } from './Notices'
import styles from './Shell.module.css'

// The front page comes with the first script. The rest follows at once, and is there before it is asked for.
const compare = import('../compare/CompareView')
const views: Readonly<Record<ViewId, ComponentType>> = {
  home: HomeView,
  compare: lazy(async () => ({ default: (await compare).CompareView })),
  lab: lazy(async () => ({ default: (await import('../lab/LabView')).LabView })),
  sweep: lazy(async () => ({ default: (await import('../sweeps/SweepView')).SweepView })),
  compress: lazy(async () => ({ default: (await import('../compress/CompressView')).CompressView })),
  trace: lazy(async () => ({ default: (await import('../routing/TraceView')).TraceView })),
  architectures: lazy(async () => ({
    default: (await import('../architectures/ArchitecturesView')).ArchitecturesView
  })),
  scaling: lazy(async () => ({ default: (await import('../scaling/ScalingView')).ScalingView })),
  stories: lazy(async () => ({ default: (await import('../stories/StoriesView')).StoriesView }))
}
const Chips = lazy(() => import('./Chips'))
const Interrupted = lazy(() => import('./Interrupted'))
const Overlays = lazy(() => import('./Overlays'))

/** Header, warnings, the view, and what opens over it; of a story on the stage, nothing but itself. */
export function Shell() {
  useAppearanceOnPage()
  const View = views[useAppState(({ choices }) => choices.view)]
  const onStage = useAppState(
    ({ choices }) => choices.view === 'stories' && choices.story.id !== '' && !choices.story.edit
  )
  if (onStage) {
    return (
      <Suspense>
        <View />
        <Overlays />
      </Suspense>
    )
  }
  return (
    <>
      <Header />
      <Warnings />
      <Suspense>
        <Interrupted />
      </Suspense>
      <div className={styles.stage}>
        <Suspense>
          <View />
        </Suspense>
      </div>
      <Suspense>
        <Overlays />
      </Suspense>
      <DropTarget />
      <Notice />
    </>
  )
}

const places = [
  { view: 'compare', label: 'Compare' },
  { view: 'trace', label: 'Routing' },
  { view: 'lab', label: 'Lab' },
  { view: 'compress', label: 'Compress' },
  { view: 'architectures', label: 'Architectures' },
  { view: 'scaling', label: 'Scaling' }
] as const satisfies readonly { view: ViewId; label: string }[]

/** Header button of a view, marked while the view is shown. */
function ViewButton({ view, label }: { view: (typeof places)[number]['view']; label: string }) {
  const app = useApp()
  const current = useAppState(({ choices }) => (choices.view === 'sweep' ? 'lab' : choices.view) === view)
  const command = commandOf(app, view)
  return (
    <button
      type="button"
      className={styles.place}
      aria-current={current ? 'page' : undefined}
      aria-keyshortcuts={ariaKeys(command)}
      title={`${command.label} (${keyName(command)})`}
      onClick={() => runCommand(app, command)}
    >
      {label}
    </button>
  )
}

function Header() {
  return (
    <header className={styles.header}>
      <CommandButton id="home" look="quiet" className={styles.brand ?? ''}>
        Moescope
      </CommandButton>
      <nav className={styles.views} aria-label="Views">
        {places.map(({ view, label }) => (
          <ViewButton key={view} view={view} label={label} />
        ))}
      </nav>
      <span className={styles.space} />
      <CommandButton id="palette" look="quiet" iconOnly>
        <SearchIcon />
      </CommandButton>
      <Suspense>
        <Chips />
      </Suspense>
      <Tools />
    </header>
  )
}

const toolsId = 'tools'

/** Buttons of the header's end; where they find no room beside the views, they open from one button, with their names. */
function Tools() {
  const linkable = useAppState((state) => state.linkable)
  return (
    <>
      <Button look="quiet" className={styles.more ?? ''} popoverTarget={toolsId} aria-label="More" title="More">
        <MoreIcon />
      </Button>
      <div id={toolsId} popover="auto" className={styles.tools} role="toolbar" aria-label="Tools">
        <Tool id="undo">
          <UndoIcon />
        </Tool>
        <Tool id="redo">
          <RedoIcon />
        </Tool>
        <Tool id="open">
          <OpenIcon />
        </Tool>
        <Tool id="save-run">
          <SaveIcon />
        </Tool>
        <Tool id="add-to-story">
          <AddChapterIcon />
        </Tool>
        {linkable && (
          <Tool id="copy-link">
            <LinkIcon />
          </Tool>
        )}
        <Tool id="theme">
          <ThemeIcon />
        </Tool>
        <Tool id="settings">
          <SettingsIcon />
        </Tool>
        <Tool id="help">
          <span aria-hidden="true" className={styles.sign}>
            ?
          </span>
        </Tool>
      </div>
    </>
  )
}

/** A command's button, which closes the tools where they were opened. */
function Tool({ id, children }: Pick<CommandButtonProps, 'id' | 'children'>) {
  return (
    <CommandButton id={id} look="quiet" iconOnly popoverTarget={toolsId}>
      {children}
    </CommandButton>
  )
}
