import { transformOf } from '@core/compress'
import type { CompressSpec } from '@core/lab/kinds/compress'
import { isUnderWay } from '@core/lab/run'
import { type ComponentType, lazy, Suspense, useEffect } from 'react'
import { formatChange } from '../charts/format'
import { formatBytes } from '../charts/format-large'
import { RunProgress } from '../lab/RunProgress'
import { useApp, useAppState } from '../state/app'
import { attempt } from '../state/attempt'
import type { LibraryModel } from '../state/library'
import { Button } from '../ui/Button'
import { Choice } from '../ui/Choice'
import { Figure } from '../ui/Figure'
import { Segments } from '../ui/Segments'
import { AnswersPanel } from './AnswersPanel'
import { ChainFields, StepFields } from './ChainFields'
import styles from './CompressView.module.css'
import { chainOf, stepsOf, unknownTransforms } from './chain'
import type { CompressChoices, CompressPage } from './choices'
import { readFindings } from './findings'
import { intervalText } from './interval'
import { KeptModels } from './KeptModels'
import { PointsPanel } from './PointsPanel'
import { type PageProps, pages } from './pages'
import { SizePanel } from './SizePanel'
import {
  chosenChains,
  isCompression,
  isOf,
  knownSweeps,
  type MeasuredPoint,
  measuredCharacters,
  measureSweep,
  readSweeps,
  type Sweep,
  smallestGood,
  smallIncrease,
  valueOf
} from './sweeps'
import { worthAfter } from './worth'

const textPage = lazy(() => import('./TextPage'))
const partsPage = lazy(() => import('./PartsPage'))
const alikePage = lazy(() => import('./AlikePage'))
const otherPages: Readonly<Record<Exclude<CompressPage, 'sweep'>, ComponentType<PageProps>>> = {
  text: textPage,
  parts: partsPage,
  alike: alikePage
}

/** One model made smaller: a setting of a transform is varied, and each value is measured. */
export function CompressView() {
  const app = useApp()
  const library = useAppState((state) => state.library)
  const chosen = useAppState(({ choices }) => choices.compress)
  const model = library?.models.find(({ id }) => id === chosen.model)
  const runs = useAppState((state) => state.runs)
  const compressions = useAppState((state) => state.compressions)
  const id = model?.id
  const compressed = new Set(runs.filter(isCompression).map(({ spec }) => (spec as CompressSpec).model.id))
  const measured = (library?.models ?? []).flatMap((each) => (compressed.has(each.id) ? [each.id] : [])).join(' ')
  useEffect(() => {
    // Some questions are about several models.
    for (const each of measured.split(' ')) if (each !== '') attempt(app, () => readSweeps(app, each))
    if (id !== undefined) attempt(app, () => readFindings(app, id))
  }, [app, id, measured])
  const sweeps = id === undefined ? [] : knownSweeps({ runs, compressions }, id)
  const choose = (changes: Partial<CompressChoices>) =>
    app.choose({ compress: { ...app.store.getState().choices.compress, ...changes } })
  const isKnown = unknownTransforms(chosen).length === 0
  const Page = chosen.page === 'sweep' ? undefined : otherPages[chosen.page]
  return (
    <main className={styles.view}>
      <div className={styles.bar}>
        <h1 className={styles.question}>{pages.find(({ value }) => value === chosen.page)?.question}</h1>
        <Segments label="Page" value={chosen.page} options={pages} onChange={(page) => choose({ page })} />
      </div>
      {library && <Controls models={library.models} model={model} chosen={chosen} choose={choose} />}
      {model && library && isKnown && !Page && <SweepPage {...{ model, chosen, sweeps, choose }} />}
      {model && isKnown && Page && (
        <Suspense>
          <Page {...{ model, chosen, sweeps, choose }} />
        </Suspense>
      )}
    </main>
  )
}

/** The cost of each value of the setting that is varied. */
function SweepPage({ model, chosen, sweeps }: PageProps) {
  const library = useAppState((state) => state.library)
  const models = library?.models ?? []
  const last = sweeps.at(-1)
  const worthOf = (point: MeasuredPoint) => worthAfter(model, library?.family, point)
  return (
    <>
      {last ? <Answer sweep={last} worth={worthOf} /> : <Introduction chosen={chosen} />}
      <div className={styles.columns}>
        <SizePanel model={model} sweeps={sweeps} models={models} />
        {last && <PointsPanel model={model} sweep={last} worth={worthOf} />}
      </div>
      <AnswersPanel model={model} models={models} />
      <KeptModels />
    </>
  )
}

interface ControlsProps {
  readonly models: readonly LibraryModel[]
  readonly model: LibraryModel | undefined
  readonly chosen: CompressChoices
  readonly choose: PageProps['choose']
}

function Controls({ models, model, chosen, choose }: ControlsProps) {
  const app = useApp()
  const run = useAppState(({ runs }) => runs.find((each) => isUnderWay(each) && isOf(each, chosen.model)))
  const unknown = unknownTransforms(chosen)
  if (unknown.length > 0) {
    return (
      <p className={styles.note}>
        This build has no transform {unknown.join(', ')}.{' '}
        <Button onClick={() => choose(chainOf([{ transform: 'rtn', settings: {} }], 0))}>Begin a chain anew</Button>
      </p>
    )
  }
  const { sweep } = transformOf(chosen.transform)
  const points = model ? chosenChains(chosen, model.architecture) : []
  const values = new Set(points.map((chain) => chain[chosen.before.length]?.[sweep.setting]))
  return (
    <div className={styles.bar}>
      <Choice
        label="Model"
        value={chosen.model}
        options={models.map(({ id }) => ({ value: id, label: id }))}
        onChange={(id) => choose({ model: id })}
      />
      {chosen.page === 'parts' && !chosen.without && (
        <StepFields
          step={chosen}
          name="Transform"
          isVaried={false}
          onChange={(step) => choose({ transform: step.transform, settings: step.settings })}
        />
      )}
      {chosen.page !== 'parts' && chosen.page !== 'alike' && <ChainFields chosen={chosen} onChange={choose} />}
      {chosen.page !== 'sweep' ? null : run ? (
        <RunProgress run={run} />
      ) : (
        <Button look="primary" disabled={points.length === 0} onClick={() => attempt(app, () => measureSweep(app))}>
          {points.length === 0
            ? `Nothing to vary in ${chosen.model}`
            : `Measure ${sweep.setting} ${[...values].join(', ')}`}
        </Button>
      )}
    </div>
  )
}

function Introduction({ chosen }: { chosen: CompressChoices }) {
  return (
    <p className={styles.note}>
      {stepsOf(chosen)
        .map(({ transform }) => {
          const { name, saves, papers } = transformOf(transform)
          const sources = papers.map(({ arxiv, place }) => `arXiv ${arxiv}, ${place}`).join('; ')
          return `${capital(name)} saves ${saves}${sources === '' ? '' : ` (${sources})`}. `
        })
        .join('')}
      Each value of the setting that is varied is measured on the same {measuredCharacters.toLocaleString('en')}{' '}
      characters of validation text, beside the model as it was.
    </p>
  )
}

/** The sweep in a sentence. */
function Answer({ sweep, worth }: { sweep: Sweep; worth: (point: MeasuredPoint) => string }) {
  const { before } = sweep
  const best = smallestGood(sweep)
  if (sweep.measured.length === 0) return <p className={styles.note}>The model as it was is measured first.</p>
  if (!best) {
    return (
      <p className={styles.note} data-testid="answer">
        {capital(sweep.name)}: every value that was measured raises the loss by more than {smallIncrease} nats per
        character.
      </p>
    )
  }
  return (
    <p className={styles.answer} data-testid="answer">
      <strong>
        <Figure
          exact={`${best.bytes} of ${before.bytes} bytes of weights`}
          definition={`The fewest bytes among the values that raise the loss by at most ${smallIncrease} nats per character.`}
          provenance="measured here"
        >
          {formatBytes(best.bytes)}
        </Figure>
      </strong>
      <span>
        instead of {formatBytes(before.bytes)}, by {sweep.name} with {sweep.setting} {valueOf(best, sweep)}:{' '}
        {Math.abs(best.delta) < 0.0005 ? 'the loss stays the same' : `${formatChange(best.delta)} nats per character`}
        <small> {intervalText(best)}</small>
        {worth(best) !== '' && `, ${worth(best)} effective parameters`}
      </span>
    </p>
  )
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
