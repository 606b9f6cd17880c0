import { countText, offText } from '@core/model/experts-off'
import { formatLoss, formatSpeed } from '../charts/format'
import { LossBar } from '../charts/LossBar'
import { useApp, useAppState } from '../state/app'
import type { LibraryModel } from '../state/library'
import { Choice } from '../ui/Choice'
import { Figure } from '../ui/Figure'
import { compressionText, modelName, modelShape } from '../words/model-words'
import { useCheckedText, useCheckedWhole } from './checked-text'
import { RestoreExperts } from './ExpertSwitches'
import { examKey, masksOf } from './exam'
import styles from './ModelCard.module.css'
import { TokenText } from './TokenText'
import { useChosenModels } from './use-models'

/** One of the two models: its name, speed, text and loss. */
export function ModelCard({ side }: { side: 0 | 1 }) {
  const model = useChosenModels()[side]
  const kind = model?.role ?? (side === 0 ? 'dense' : 'moe')
  return (
    <article className={styles.card} data-kind={kind} aria-label={side === 0 ? 'Left model' : 'Right model'}>
      <header className={styles.head}>
        <div>
          <ModelChoice side={side} />
          <p>{model ? modelShape(model) : ' '}</p>
          {model?.compression && <p>{compressionText(model.compression)}</p>}
        </div>
        <AnswerFigure side={side} />
        <SpeedFigure side={side} />
      </header>
      {model && <OffLine model={model} />}
      <TokenText side={side} model={model} />
      <WholeText side={side} />
      {model && <LossLine model={model} />}
    </article>
  )
}

/** Says that experts are off, and which. */
function OffLine({ model }: { model: LibraryModel }) {
  const masks = masksOf(
    useAppState(({ choices }) => choices),
    model
  )
  const loss = useAppState(({ maskedLosses }) => maskedLosses[examKey({ id: model.id, masks })])
  if (masks.length === 0) return null
  return (
    <div className={styles.off} data-testid={`off-${model.id}`}>
      <b>{countText(model.architecture, masks)}</b>
      <span>{offText(masks)}</span>
      {loss ? (
        <Figure
          exact={`${loss.loss.toFixed(4)} nats per character, ${loss.delta.toFixed(4)} ± ${loss.standardError?.toFixed(4) ?? '?'} more`}
          definition={`Validation loss with these experts off, and its increase over the whole model on the same ${loss.tokens.toLocaleString('en')} characters, with the standard error over windows.`}
          provenance="measured here"
        >
          loss <b>{formatLoss(loss.loss)}</b>, {loss.delta < 0 ? '−' : '+'}
          {formatLoss(Math.abs(loss.delta))} ± {loss.standardError === null ? '?' : formatLoss(loss.standardError)}
        </Figure>
      ) : (
        <span>measuring the loss …</span>
      )}
      <RestoreExperts />
    </div>
  )
}

/** The text with all experts on, from where the two differ. */
function WholeText({ side }: { side: 0 | 1 }) {
  const steps = useAppState(({ wholes }) => wholes[side]?.steps)
  const changed = useAppState(({ contestants }) => contestants[side].steps)
  if (!steps || steps.length === 0) return null
  const first = steps.findIndex(({ token }, i) => token !== changed[i]?.token)
  const text = (part: typeof steps) => part.map((step) => (step.text === '\n' ? '⏎' : step.text)).join('')
  const same = first < 0 ? steps.length : first
  return (
    <p className={styles.whole} data-testid={`whole-${side}`}>
      <small>all experts on</small>
      <span>
        {text(steps.slice(1, same))}
        <b>{text(steps.slice(Math.max(1, same)))}</b>
      </span>
    </p>
  )
}

function ModelChoice({ side }: { side: 0 | 1 }) {
  const { choose } = useApp()
  const id = useAppState(({ choices }) => (side === 0 ? choices.left : choices.right))
  const library = useAppState((state) => state.library)
  const known = (library?.models ?? []).map((model) => ({ value: model.id, label: modelName(model), hint: model.id }))
  const options = known.some(({ value }) => value === id) ? known : [{ value: id, label: id }, ...known]
  return (
    <Choice
      look="heading"
      label={side === 0 ? 'Left model' : 'Right model'}
      value={id}
      options={options}
      onChange={(chosen) => choose({ pair: 'free', [side === 0 ? 'left' : 'right']: chosen })}
    />
  )
}

function AnswerFigure({ side }: { side: 0 | 1 }) {
  const { right, total } = useCheckedText(side).tally
  const whole = useCheckedWhole(side)?.tally
  if (total === 0) return null
  return (
    <div className={styles.answers} data-testid={`answers-${side}`}>
      <Figure
        exact={`${right} of ${total} answers in this text are right`}
        definition="The languages are generated, so the truth is known: attributes of people, values of words and keys, sums, reversed and sorted letters, closing brackets, values of variables. Wrong answers are struck out in the text."
        provenance="measured here"
      >
        <strong>
          {right}/{total}
        </strong>
        <small>answers right{whole && `, were ${whole.right}/${whole.total}`}</small>
      </Figure>
    </div>
  )
}

function SpeedFigure({ side }: { side: 0 | 1 }) {
  const speed = useAppState(({ contestants }) => contestants[side].speed)
  const replay = useAppState((state) => state.replay)
  const clock = replay ? 'recorded' : 'its own clock'
  return (
    <div className={styles.speed} data-testid={`speed-${side}`}>
      {speed ? (
        <Figure
          exact={`${speed.median.toFixed(1)} tokens/s, median of ${speed.steps} steps`}
          definition={`Half of the steps lie between ${formatSpeed(speed.low)} and ${formatSpeed(speed.high)} tokens/s. The models take turns, and each clock runs only while its own model computes.`}
          provenance={replay ? 'recorded' : 'measured here'}
        >
          <strong>{formatSpeed(speed.median)}</strong> tokens/s
          <small>
            {formatSpeed(speed.low)} – {formatSpeed(speed.high)}, {clock}
          </small>
        </Figure>
      ) : (
        <>
          <strong>–</strong> tokens/s
          <small>measured as it writes</small>
        </>
      )}
    </div>
  )
}

/** The loss of the model with all experts, also where some are off. */
function LossLine({ model }: { model: LibraryModel }) {
  const { role, loss, floor, own, stopped } = model
  const isMasked = useAppState(({ choices }) => masksOf(choices, model).length > 0)
  const most = useAppState(({ library, choices }) =>
    Math.max(
      ...(library?.models ?? [])
        .filter(({ id }) => id === choices.left || id === choices.right)
        .map((model) => model.loss?.mean ?? 0)
    )
  )
  if (loss === null || floor === null)
    return <p className={styles.unknown}>Its loss is not known: it has no training report.</p>
  const spread = loss.deviation === null ? 'one seed' : `± ${formatLoss(loss.deviation)} over ${loss.seeds} seeds`
  const provenance = own ? 'measured here' : 'shipped'
  const meaning = 'Mean surprise at unseen text of the same languages: smaller is better.'
  return (
    <div className={styles.loss}>
      <Figure
        exact={`${loss.mean.toFixed(4)} nats per character, ${spread}`}
        definition={
          stopped ? `${meaning} Validated last at step ${stopped.step}; the training was stopped after it.` : meaning
        }
        provenance={provenance}
      >
        {isMasked && 'all experts on: '}loss <b>{formatLoss(loss.mean)}</b> nats/char
        {stopped && ` at step ${stopped.step} of ${stopped.steps}`}
      </Figure>
      <LossBar kind={role} loss={loss.mean} floor={floor} most={most * 1.1} />
      <Figure
        exact={`${(loss.mean - floor).toFixed(4)} nats per character above ${floor.toFixed(4)}`}
        definition="The floor is the entropy of the generated text itself, known exactly: no model can be below it. Only what is above it is the model's own."
        provenance={provenance}
      >
        <b>{formatLoss(loss.mean - floor)}</b> above the floor
      </Figure>
    </div>
  )
}
