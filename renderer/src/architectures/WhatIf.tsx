import { formatExact } from '../charts/format'
import { Button } from '../ui/Button'
import { NumberInput } from '../ui/NumberInput'
import { Panel } from '../ui/Panel'
import styles from './Architectures.module.css'
import { changeableFields } from './changed-subject'
import type { ChangedField } from './choices'
import type { Subject } from './subjects'
import { useArchitectures } from './use-architectures'

const labels: Readonly<Record<ChangedField, string>> = {
  experts: 'Experts',
  topK: 'Top-k',
  expertWidth: 'Expert FFN width',
  sharedExperts: 'Shared experts',
  denseWidth: 'Dense FFN width',
  layers: 'Layers',
  width: 'Width (d)',
  vocabularySize: 'Vocabulary'
}

const fields = Object.keys(labels) as ChangedField[]

/** The shape as a form: every figure follows what is typed. */
export function WhatIf({ subject, problem }: { subject: Subject; problem: string | undefined }) {
  const [{ changes }, choose] = useArchitectures()
  const original = changeableFields(subject)
  const change = (field: ChangedField, value: number) => {
    const { [field]: _, ...others } = changes
    choose({ changes: value === original[field] ? others : { ...others, [field]: value } })
  }
  return (
    <Panel title="Change the shape">
      <div className={styles.form}>
        {fields.map((field) => {
          const value = original[field]
          if (value === undefined) return null
          return (
            <div key={field} className={styles.field} data-changed={field in changes || undefined}>
              <NumberInput
                label={labels[field]}
                value={changes[field] ?? value}
                min={field === 'sharedExperts' ? 0 : 1}
                max={field === 'layers' ? 10_000 : 9_999_999}
                onChange={(chosen) => change(field, chosen)}
              />
              {field in changes && <small>was {formatExact(value)}</small>}
            </div>
          )
        })}
        {problem !== undefined && (
          <p className={styles.warning} role="alert">
            {problem}. The original is shown.
          </p>
        )}
        <Button disabled={Object.keys(changes).length === 0} onClick={() => choose({ changes: {} })}>
          Reset
        </Button>
      </div>
    </Panel>
  )
}
