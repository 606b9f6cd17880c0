import { useEffect, useState } from 'react'
import { useApp, useAppState } from '../state/app'
import { CommandButton } from '../ui/CommandButton'
import { Segments } from '../ui/Segments'
import { Curves } from './Curves'
import type { SweepPicture } from './choices'
import { Effective } from './Effective'
import { EqualCompute } from './EqualCompute'
import { NoSweep } from './NoSweep'
import { OwnProgress } from './OwnProgress'
import { followSweep, isOpenEnded } from './open-sweep'
import { Pareto } from './Pareto'
import { QueueProgress } from './QueueProgress'
import { RunDetail } from './RunDetail'
import { SweepTable } from './SweepTable'
import styles from './SweepView.module.css'
import type { OpenedSweep } from './state'
import { type SweepInSight, useInSight, useSweepChoices } from './use-sweep'
import { seedsText, settingsText, spreadText } from './words'

/** The runs of a sweep: one row each, and what they say together. */
export function SweepView() {
  const sweep = useAppState((state) => state.sweep)
  return (
    <main className={styles.view}>
      <div className={styles.head}>
        <h1 className={styles.title}>{questionOf(sweep)}</h1>
        <div className={styles.actions}>
          {sweep && <CommandButton id="open-sweep" />}
          {sweep && <CommandButton id="close-sweep">Other sweeps</CommandButton>}
          <CommandButton id="lab">Models in the Lab</CommandButton>
        </div>
      </div>
      {sweep ? <Sweep sweep={sweep} /> : <NoSweep />}
    </main>
  )
}

function questionOf(sweep: OpenedSweep | undefined): string {
  if (!sweep) return 'What do many runs say together?'
  const isWhole = sweep.runs.some(({ state }) => state.kind === 'whole')
  return isWhole || !sweep.own ? 'Which of these runs is best?' : 'What will this sweep take?'
}

const pictures: Readonly<Record<SweepPicture, { label: string; Picture: (props: PictureProps) => React.ReactNode }>> = {
  curves: { label: 'Curves', Picture: Curves },
  equal: { label: 'Equal compute', Picture: EqualCompute },
  effective: { label: 'Effective parameters', Picture: Effective },
  pareto: { label: 'Pareto', Picture: Pareto }
}

export interface PictureProps extends SweepInSight {
  /** Id of the run that the pointer is at, in the table or in a picture. */
  readonly pointed: string | undefined
  readonly onPoint: (run: string | undefined) => void
}

function Sweep({ sweep }: { sweep: OpenedSweep }) {
  const inSight = useInSight(sweep)
  const [{ picture }, choose] = useSweepChoices()
  const [pointed, setPointed] = useState<string>()
  useFollowed(sweep)
  const { Picture } = pictures[picture]
  return (
    <>
      <Summary {...inSight} />
      {sweep.own && <OwnProgress sweep={sweep} />}
      {sweep.store && sweep.runs.some(isOpenEnded) && <QueueProgress key={sweep.store} sweep={sweep.store} />}
      <div className={styles.columns}>
        <div className={styles.side}>
          <SweepTable {...inSight} pointed={pointed} onPoint={setPointed} />
          <RunDetail {...inSight} />
        </div>
        <div className={styles.side}>
          <Segments
            label="Picture"
            value={picture}
            options={Object.entries(pictures).map(([value, { label }]) => ({ value: value as SweepPicture, label }))}
            onChange={(chosen) => choose({ picture: chosen })}
          />
          <Picture {...inSight} pointed={pointed} onPoint={setPointed} />
        </div>
      </div>
    </>
  )
}

/** The best setting, and how much of the sweep is there. */
function Summary({ sweep, groups, paths, rows }: SweepInSight) {
  const { runs, name, read, folder, problem } = sweep
  const [best] = groups
  const count = (kind: string) => runs.filter(({ state }) => state.kind === kind).length
  const states = ['begun', 'failed', 'damaged', 'missing'].flatMap((kind) => {
    const found = count(kind)
    return found > 0 ? [`${found} ${kind === 'missing' ? 'not begun' : kind}`] : []
  })
  const isRead = read >= runs.length
  return (
    <p className={styles.answer} data-testid="answer">
      {best && (
        <>
          <strong>{settingsText(best.varied, paths) || 'all alike'}</strong>
          <span>
            has the lowest validation loss, <b>{spreadText(best)}</b> nats per character
            {best.deviation === null ? ' in one seed' : `, mean and standard deviation over ${seedsText(best.seeds)}`},
            of {groups.length} {groups.length === 1 ? 'setting' : 'settings'}
            {rows.length < runs.length ? ' in the filter' : ''}.
          </span>
        </>
      )}
      <output>
        {name}: {isRead ? '' : `${read} of ${runs.length} runs are read; `}
        {count('whole')} of {runs.length} runs are whole
        {isRead && states.length > 0 ? `; ${states.join(', ')}` : ''}.{' '}
        {problem ?? (folder?.isLive && runs.some(isOpenEnded) && isRead ? 'New results appear as they come.' : '')}
        {folder && !folder.isLive && runs.some(isOpenEnded)
          ? 'This browser reads a folder once: open it again for new results.'
          : ''}
      </output>
    </p>
  )
}

/** Milliseconds between two looks at a folder in which runs are still to end. */
const pause = 3000

/** Reads the folder of a sweep again and again while it is shown and runs of it are still to end. */
function useFollowed({ folder, runs, read, problem }: OpenedSweep): void {
  const app = useApp()
  const isDue = folder?.isLive === true && problem === undefined && read >= runs.length && runs.some(isOpenEnded)
  useEffect(() => {
    if (!folder || !isDue) return undefined
    let timer: ReturnType<typeof setTimeout> | undefined
    let isOver = false
    const follow = () => {
      const look = () => followSweep(app, folder).then(() => (isOver ? undefined : follow()))
      timer = setTimeout(() => void look(), pause)
    }
    follow()
    return () => {
      isOver = true
      clearTimeout(timer)
    }
  }, [app, folder, isDue])
}
