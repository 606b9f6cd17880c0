import { domainIds, domainOf, editions } from '@core/corpus'
import { formatPercent } from '../charts/format'
import { NumberInput } from '../ui/NumberInput'
import type { LabRun } from './choices'
import { Problem, SegmentsRow } from './fields'
import { generatedCorpus } from './plan'
import styles from './TrainingForm.module.css'

interface MixtureProps {
  readonly run: LabRun
  readonly replace: (run: LabRun) => void
  readonly text: 'shipped' | 'small'
}

/** Shares of the domains of generated text, in percent. */
export function Mixture({ run, replace, text }: MixtureProps) {
  const { shares, ...usual } = run
  const { shares: own } = editions[generatedCorpus(text, usual).world.edition ?? 1]
  return (
    <>
      <SegmentsRow
        label="Mix of domains"
        value={shares ? 'own' : 'usual'}
        options={[
          { value: 'usual', label: 'usual' },
          { value: 'own', label: 'own' }
        ]}
        onChange={(mix) => replace(mix === 'usual' ? usual : { ...usual, shares: inPercent(own) })}
      />
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
          <Sum shares={shares} />
        </div>
      ) : (
        <p className={styles.note}>
          {domainIds.map((id) => `${domainOf(id).title} ${formatPercent(own[id])}`).join(', ')}
        </p>
      )}
      <Problem run={run} field="shares" />
    </>
  )
}

/** Shares that add up to another sum than 100 are parts of that sum. */
function Sum({ shares }: { shares: NonNullable<LabRun['shares']> }) {
  const sum = Object.values(shares).reduce((total, share) => total + share, 0)
  return sum === 100 || sum === 0 ? null : <p className={styles.note}>They add up to {sum}: each is a part of that.</p>
}

function inPercent(shares: NonNullable<LabRun['shares']>): NonNullable<LabRun['shares']> {
  return Object.fromEntries(Object.entries(shares).map(([id, share]) => [id, Math.round(100 * share)]))
}
