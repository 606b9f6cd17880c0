import { transformOf } from '@core/compress'
import { isUnderWay } from '@core/lab/run'
import { useEffect } from 'react'
import { formatChange } from '../charts/format'
import { formatBytes } from '../charts/format-large'
import { RunProgress } from '../lab/RunProgress'
import { useApp, useAppState } from '../state/app'
import { attempt } from '../state/attempt'
import type { LibraryModel } from '../state/library'
import { Button } from '../ui/Button'
import { Choice } from '../ui/Choice'
import { Figure } from '../ui/Figure'
import { ChainFields } from './ChainFields'
import styles from './CompressView.module.css'
import { chainOf, stepsOf, unknownTransforms } from './chain'
import type { CompressChoices } from './choices'
import { intervalText } from './interval'
import { KeptModels } from './KeptModels'
import { PointsPanel } from './PointsPanel'
import { SizePanel } from './SizePanel'
import {
  chosenChains,
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

/** One model made smaller: a setting of a transform is varied, and each value is measured. */
export function CompressView() {
  const app = useApp()
  const library = useAppState((state) => state.library)
  const chosen = useAppState(({ choices }) => choices.compress)
  const model = library?.models.find(({ id }) => id === chosen.model)
  const runs = useAppState((state) => state.runs)
  const compressions = useAppState((state) => state.compressions)
  const id = model?.id
  useEffect(() => {
    if (id !== undefined) attempt(app, () => readSweeps(app, id))
  }, [app, id])
  const sweeps = id === undefined ? [] : knownSweeps({ runs, compressions }, id)
  const last = sweeps.at(-1)
  const worthOf = (point: MeasuredPoint) => (model ? worthAfter(model, library?.family, point) : '')
  return (
    <main className={styles.view}>
      <h1 className={styles.question}>How small can the same model be?</h1>
      {library && <Controls models={library.models} model={model} chosen={chosen} />}
      {last ? <Answer sweep={last} worth={worthOf} /> : <Introduction chosen={chosen} />}
      {model && library && (
        <div className={styles.columns}>
          <SizePanel model={model} sweeps={sweeps} models={library.models} />
          {last && <PointsPanel model={model} sweep={last} worth={worthOf} />}
        </div>
      )}
      <KeptModels />
    </main>
  )
}

interface ControlsProps {
  readonly models: readonly LibraryModel[]
  readonly model: LibraryModel | undefined
  readonly chosen: CompressChoices
}

function Controls({ models, model, chosen }: ControlsProps) {
  const app = useApp()
  const run = useAppState(({ runs }) => runs.find((each) => isUnderWay(each) && isOf(each, chosen.model)))
  const choose = (changes: Partial<CompressChoices>) =>
    app.choose({ compress: { ...app.store.getState().choices.compress, ...changes } })
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
      <ChainFields chosen={chosen} onChange={choose} />
      {run ? (
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
  if (unknownTransforms(chosen).length > 0) return null
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
