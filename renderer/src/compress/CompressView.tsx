import { transformOf, transforms } from '@core/compress'
import { halfInterval } from '@core/evaluate/paired-losses'
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
import styles from './CompressView.module.css'
import type { CompressChoices } from './choices'
import { PointsPanel } from './PointsPanel'
import { SettingFields } from './SettingFields'
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
  const { sweep } = transformOf(chosen.transform)
  const points = model ? chosenChains(chosen, model.architecture) : []
  const values = new Set(points.map(([spec]) => spec?.[sweep.setting]))
  return (
    <>
      <div className={styles.bar}>
        <Choice
          label="Model"
          value={chosen.model}
          options={models.map(({ id }) => ({ value: id, label: id }))}
          onChange={(id) => choose({ model: id })}
        />
        <Choice
          label="Transform"
          value={chosen.transform}
          options={transforms.map(({ id, name, saves }) => ({ value: id, label: name, hint: saves }))}
          onChange={(id) => choose({ transform: id, settings: {} })}
        />
        <SettingFields chosen={chosen} onChange={(settings) => choose({ settings })} />
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
    </>
  )
}

function Introduction({ chosen }: { chosen: CompressChoices }) {
  const { name, saves, papers } = transformOf(chosen.transform)
  return (
    <p className={styles.note}>
      {capital(name)} saves {saves} ({papers.map(({ arxiv, place }) => `arXiv ${arxiv}, ${place}`).join('; ')}). Each
      value of its setting is measured on the same {measuredCharacters.toLocaleString('en')} characters of validation
      text, beside the model as it was.
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
        {best.standardError !== null && <small> ± {(halfInterval * best.standardError).toFixed(3)}</small>}
        {worth(best) !== '' && `, ${worth(best)} effective parameters`}
      </span>
    </p>
  )
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
