import { isResumable, isUnderWay } from '@core/lab/run'
import { useState } from 'react'
import { formatCount, formatLoss } from '../charts/format'
import { useApp, useAppState } from '../state/app'
import { attempt } from '../state/attempt'
import { isOfEarlierCorpus } from '../state/edition'
import type { LibraryModel } from '../state/library'
import { Button } from '../ui/Button'
import { Panel } from '../ui/Panel'
import { duplicateModel, renameModel } from './copy-model'
import { exportFolder, exportOnnx } from './export-model'
import { followTraining } from './follow'
import { NameSheet } from './NameSheet'
import styles from './OwnModels.module.css'
import { recordRouting } from './record'
import { statusText } from './run-words'
import { continueTraining } from './train'
import { trainOn } from './train-on'

/** The models that were trained here: they can be compared, resumed and removed. */
export function OwnModels() {
  const library = useAppState((state) => state.library)
  const unfinished = useAppState((state) => state.unfinished)
  const own = library?.models.filter((model) => model.own) ?? []
  const runs = useAppState((state) => state.runs)
  const interrupted = runs.filter((run) => run.kind === 'train' && isResumable(run)).map(({ id }) => id)
  // Of a training that was killed early there is no model yet, but it can go on.
  const begun = [...new Set([...unfinished, ...interrupted])].filter((id) => own.every((model) => model.id !== id))
  if (own.length + begun.length === 0) return null
  return (
    <Panel title="Trained here">
      <ul className={styles.models}>
        {own.map((model) => (
          <OwnModel key={model.id} id={model.id} model={model} />
        ))}
        {begun.map((id) => (
          <OwnModel key={id} id={id} />
        ))}
      </ul>
    </Panel>
  )
}

function stoppedText({ stopped }: LibraryModel): string {
  return stopped ? ` at step ${stopped.step} of ${stopped.steps}` : ''
}

function OwnModel({ id, model }: { id: string; model?: LibraryModel }) {
  const app = useApp()
  const run = useAppState(({ runs }) => runs.find((each) => each.id === id))
  const unfinished = useAppState((state) => state.unfinished.includes(id)) || (run !== undefined && isResumable(run))
  const checkpointed = useAppState((state) => state.checkpointed.includes(id))
  const busy = run !== undefined && isUnderWay(run)
  const facts = [
    model && `${formatCount(model.total)} total, ${formatCount(model.active.all)} active`,
    model?.loss
      ? `loss ${formatLoss(model.loss.mean)}${stoppedText(model)}`
      : model && !unfinished
        ? 'loss not measured'
        : 'not finished',
    isOfEarlierCorpus(model?.corpus) && 'earlier corpus',
    run && isResumable(run) && statusText(run, undefined)
  ]
  return (
    <li>
      <span data-kind={model?.role}>{id}</span>
      <small>{facts.filter(Boolean).join(' · ')}</small>
      <div>
        {unfinished && (
          <Button disabled={busy} onClick={() => attempt(app, () => continueTraining(app, id))}>
            Resume
          </Button>
        )}
        {model && <Button onClick={() => app.choose({ view: 'compare', pair: 'free', right: id })}>Compare</Button>}
        {model?.role === 'moe' && (
          <Button disabled={busy} onClick={() => attempt(app, () => recordRouting(app, id))}>
            Routing
          </Button>
        )}
        {model && run?.kind === 'train' && !unfinished && (
          <Button disabled={busy} onClick={() => attempt(app, () => trainOn(app, id))}>
            Train on
          </Button>
        )}
        {checkpointed && model?.role !== 'dense' && (
          <Button disabled={busy} onClick={() => attempt(app, () => followTraining(app, id))}>
            Routing over training
          </Button>
        )}
        <Button look="quiet" disabled={busy} onClick={() => app.store.setState({ removing: id })}>
          Remove
        </Button>
      </div>
      {model && <MoreOf id={id} busy={busy} />}
    </li>
  )
}

/** Names and files of a model. */
function MoreOf({ id, busy }: { id: string; busy: boolean }) {
  const app = useApp()
  const [naming, setNaming] = useState<'rename' | 'duplicate'>()
  const name = (given: string) =>
    naming === 'rename'
      ? renameModel(app, id, given)
      : duplicateModel(app, id, given).then((copy) => app.notify(`${copy} is a copy of ${id}.`))
  return (
    <details>
      <summary>Name and files</summary>
      <div>
        <Button disabled={busy} onClick={() => setNaming('rename')}>
          Rename
        </Button>
        <Button disabled={busy} onClick={() => setNaming('duplicate')}>
          Duplicate
        </Button>
        <Button disabled={busy} onClick={() => attempt(app, () => exportFolder(app, id))}>
          Save as Hugging Face folder
        </Button>
        <Button disabled={busy} onClick={() => attempt(app, () => exportOnnx(app, id))}>
          Save as ONNX
        </Button>
      </div>
      {naming && (
        <NameSheet
          title={naming === 'rename' ? `Rename ${id}` : `Duplicate ${id}`}
          proposal={naming === 'rename' ? id : `${id}-copy`}
          verb={naming === 'rename' ? 'Rename' : 'Duplicate'}
          onName={name}
          onClose={() => setNaming(undefined)}
        />
      )}
    </details>
  )
}
