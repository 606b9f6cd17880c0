import { domainIds, domainOf, editions } from '@core/corpus'
import { formatCount, formatPercent, formatRatio } from '../charts/format'
import { Choice } from '../ui/Choice'
import { NumberInput } from '../ui/NumberInput'
import { Segments } from '../ui/Segments'
import { type LabRun, textCharacters } from './choices'
import { Numbers, type PartProps, Problem, Row } from './fields'
import { chosenCorpus } from './plan'
import styles from './TrainingForm.module.css'

interface TextProps extends PartProps {
  readonly replace: (run: LabRun) => void
}

/** The text that the edited run reads: which, how much of it, and of which domains. */
export function TextFields({ run, change, replace }: TextProps) {
  const { textCharacters: amount, ...whole } = run
  const readings = run.characters / chosenCorpus(run).characters
  return (
    <>
      <h3 className={styles.part}>Text</h3>
      <Row label="Text">
        <Choice
          label="Text"
          value={run.text}
          options={[
            { value: 'shipped', label: 'of the shipped models', hint: '1024 people, 2048 pairs, 2048 keys' },
            { value: 'small', label: 'small world', hint: '128 people, pairs and keys: seen within a minute' }
          ]}
          onChange={(text) => change({ text })}
        />
      </Row>
      <Numbers
        label="Characters of text"
        value={amount ?? 0}
        options={[0, ...textCharacters]}
        write={(characters) => (characters === 0 ? 'no limit' : formatCount(characters))}
        onChange={(characters) => replace(characters === 0 ? whole : { ...whole, textCharacters: characters })}
      />
      {readings > 1 && <p className={styles.cost}>Each character is read about {formatRatio(readings)}.</p>}
      <Mixture run={run} replace={replace} />
    </>
  )
}

/** Shares of the domains, in percent. */
function Mixture({ run, replace }: Pick<TextProps, 'run' | 'replace'>) {
  const { shares, ...usual } = run
  const { shares: own } = editions[chosenCorpus(usual).world.edition ?? 1]
  return (
    <>
      <Row label="Mix of domains">
        <Segments
          label="Mix of domains"
          value={shares ? 'own' : 'usual'}
          options={[
            { value: 'usual', label: 'usual' },
            { value: 'own', label: 'own' }
          ]}
          onChange={(mix) => replace(mix === 'usual' ? usual : { ...usual, shares: inPercent(own) })}
        />
      </Row>
      {shares ? (
        <div className={styles.shares}>
          {domainIds.map((id) => (
            <div key={id} className={styles.typed}>
              <NumberInput
                label={`${domainOf(id).title}, %`}
                value={shares[id] ?? 0}
                min={0}
                max={100}
                onChange={(share) => replace({ ...usual, shares: { ...shares, [id]: share } })}
              />
            </div>
          ))}
        </div>
      ) : (
        <p className={styles.cost}>
          {domainIds.map((id) => `${domainOf(id).title} ${formatPercent(own[id])}`).join(', ')}
        </p>
      )}
      <Problem run={run} field="shares" />
    </>
  )
}

function inPercent(shares: NonNullable<LabRun['shares']>): LabRun['shares'] & object {
  return Object.fromEntries(Object.entries(shares).map(([id, share]) => [id, Math.round(100 * share)]))
}
