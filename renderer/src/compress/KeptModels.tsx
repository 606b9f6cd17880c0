import { specText } from '@core/compress/spec-text'
import { formatChange, formatCount, formatLoss } from '../charts/format'
import { recordRouting } from '../lab/record'
import { useApp, useAppState } from '../state/app'
import { attempt } from '../state/attempt'
import type { LibraryModel } from '../state/library'
import { Button } from '../ui/Button'
import { Figure } from '../ui/Figure'
import { Panel } from '../ui/Panel'
import { worthText } from '../words/model-words'
import styles from './KeptModels.module.css'

/** The compressed models that are here, each with what was done to it and what came out. */
export function KeptModels() {
  const models = useAppState(({ library }) => library?.models)
  const kept = models?.filter(({ own, compression }) => own && compression) ?? []
  if (kept.length === 0) return null
  return (
    <Panel title="Smaller models that are kept">
      <ul className={styles.models}>
        {kept.map((model) => (
          <KeptModel key={model.id} model={model} />
        ))}
      </ul>
    </Panel>
  )
}

function KeptModel({ model }: { model: LibraryModel }) {
  const app = useApp()
  const { id, role, total, active, loss, compression, worth } = model
  const from = compression?.from
  return (
    <li>
      <h3 data-kind={role}>{id}</h3>
      <dl>
        <dt>made of</dt>
        <dd>{from?.id ?? 'a model that its record does not name'}</dd>
        <dt>by</dt>
        <dd>{compression?.transforms.map(specText).join(', then ')}</dd>
        {from && (
          <>
            <dt>calibration</dt>
            <dd>
              {from.calibration_characters.toLocaleString('en')} characters of training text, seed {from.seed}
            </dd>
          </>
        )}
        <dt>parameters</dt>
        <dd>
          {formatCount(total)} total, {formatCount(active.all)} active, {worthText(worth.total)} effective
        </dd>
        {loss && (
          <>
            <dt>loss</dt>
            <dd>
              <Figure
                exact={`${loss.mean.toFixed(4)} nats per character${from ? `, ${from.loss.toFixed(4)} before` : ''}`}
                definition="Mean loss on all of the validation text of its corpus, as its training.json has it."
                provenance="measured here"
              >
                <b>{formatLoss(loss.mean)}</b> nats per character
              </Figure>
              {from && `, ${formatChange(loss.mean - from.loss)} against ${from.id}`}
            </dd>
          </>
        )}
      </dl>
      <div>
        <Button onClick={() => app.choose({ view: 'compare', pair: 'free', left: from?.id ?? id, right: id })}>
          Compare
        </Button>
        {role === 'moe' && <Button onClick={() => attempt(app, () => recordRouting(app, id))}>Routing</Button>}
        <Button onClick={() => app.choose({ compress: { ...app.store.getState().choices.compress, model: id } })}>
          Make smaller
        </Button>
        <Button look="quiet" onClick={() => app.store.setState({ removing: id })}>
          Remove
        </Button>
      </div>
    </li>
  )
}
