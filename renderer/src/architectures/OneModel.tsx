import { shippedBytes } from '@core/arch/count/bytes'
import type { Component } from '@core/arch/describe/component'
import { useMemo } from 'react'
import { componentLook } from '../charts/component-colour'
import { formatExact, formatPercent } from '../charts/format'
import { formatBytes, formatDifference, formatLarge } from '../charts/format-large'
import { Choice } from '../ui/Choice'
import { Figure } from '../ui/Figure'
import styles from './Architectures.module.css'
import { CachePanel } from './CachePanel'
import { changedSubject } from './changed-subject'
import { maxCompared } from './choices'
import { conventionOf, conventionWords } from './gallery-rows'
import { Head } from './Head'
import { MeasuredSpeed } from './MeasuredSpeed'
import { MemoryPanel } from './MemoryPanel'
import { MetersPanel } from './MetersPanel'
import { PartsPanel } from './PartsPanel'
import { PredictedSpeed } from './PredictedSpeed'
import { Situation } from './Situation'
import type { Subject } from './subjects'
import { useArchitectures } from './use-architectures'
import { WhatIf } from './WhatIf'

/** One model: where its parameters sit, what it needs, how fast it would be, and what changes with its shape. */
export function OneModel({ subject, subjects }: { subject: Subject; subjects: readonly Subject[] }) {
  const [{ changes }] = useArchitectures()
  const changed = useMemo(() => changedSubject(subject, changes), [subject, changes])
  const problem = typeof changed === 'string' ? changed : undefined
  const shown = typeof changed === 'string' ? subject : changed
  return (
    <>
      <Head question="Where do its parameters sit?" />
      <Answer original={subject} shown={shown} />
      <div className={styles.columns}>
        <div className={styles.side}>
          <Which subject={subject} subjects={subjects} />
          <WhatIf subject={subject} problem={problem} />
        </div>
        <div className={styles.main}>
          <PartsPanel subject={shown} />
          <MetersPanel original={subject} shown={shown} />
          <Situation />
          <div className={styles.pair}>
            <MemoryPanel original={subject} shown={shown} />
            <CachePanel original={subject} shown={shown} />
          </div>
          <PredictedSpeed original={subject} shown={shown} />
          <MeasuredSpeed />
        </div>
      </div>
    </>
  )
}

/** Components as places, where their names do not say it. */
const placeWords: Partial<Record<Component, string>> = {
  dense: 'dense feed-forwards',
  embedding: 'the token embedding',
  output: 'the output projection'
}

/** The largest part, in a sentence. */
function Answer({ original, shown }: { original: Subject; shown: Subject }) {
  const { total, active, components } = shown.count
  const [largest = 'other', size = 0] =
    (Object.entries(components) as [Component, number][]).sort(([, a], [, b]) => b - a)[0] ?? []
  const convention = conventionOf(original)
  const isChanged = shown !== original
  return (
    <p className={styles.answer} data-testid="answer">
      <strong data-kind={largest === 'experts' ? 'moe' : largest === 'dense' ? 'dense' : 'none'}>
        {formatPercent(size / total)}
      </strong>
      <span>
        of the{' '}
        <Figure
          exact={`${formatExact(total)} parameters in total`}
          definition="Every weight of the model; blocks for multi-token prediction are not part of it."
          provenance="counted"
        >
          <b>{formatLarge(total)}</b>
        </Figure>{' '}
        of {shown.name} sit in {placeWords[largest] ?? componentLook(largest).name}; a token uses{' '}
        <Figure
          exact={`${formatExact(active[convention])} active parameters`}
          definition={`Weights that one token touches: ${conventionWords[convention]}.`}
          provenance="counted"
        >
          <b>{formatLarge(active[convention])}</b>
        </Figure>
      </span>
      {isChanged && (
        <small data-testid="difference">
          total {formatDifference(total / original.count.total - 1)}, active{' '}
          {formatDifference(active[convention] / original.count.active[convention] - 1)} against the original
        </small>
      )}
    </p>
  )
}

/** Which model it is, where its shape is from, and what to know about it. */
function Which({ subject, subjects }: { subject: Subject; subjects: readonly Subject[] }) {
  const [{ compared }, choose] = useArchitectures()
  const { id, family, year, description, source, notes, published, count } = subject
  const options = [...subjects]
    .sort((a, b) => a.name.localeCompare(b.name))
    .map((each) => ({ value: each.id, label: each.name, hint: formatLarge(each.count.total) }))
  const beside = compared.includes(id)
  return (
    <section className={styles.which} aria-label="Model">
      <Choice
        look="heading"
        label="Model"
        value={id}
        options={options}
        onChange={(model) => choose({ model, changes: {} })}
      />
      <p className={styles.facts}>
        {[
          family,
          year,
          `model_type ${description.modelType}`,
          description.context && `context ${formatExact(description.context)}`
        ]
          .filter(Boolean)
          .join(' · ')}
      </p>
      {description.bestEffort.length > 0 && (
        <div className={styles.warning} role="note">
          <b>Best effort: read by the names of its keys.</b>
          <ul>
            {description.bestEffort.map((each) => (
              <li key={each}>{each}</li>
            ))}
          </ul>
        </div>
      )}
      {published && published.total !== null && (
        <p className={styles.facts}>
          Published: {formatLarge(published.total)}
          {published.active === null ? '' : `, ${formatLarge(published.active)} active`} ({published.source}); counted{' '}
          {formatDifference(count.total / published.total - 1)}
        </p>
      )}
      {count.multiTokenPrediction > 0 && (
        <p className={styles.facts}>
          Its checkpoint holds {formatLarge(count.multiTokenPrediction)} more for multi-token prediction.
        </p>
      )}
      {count.activeRange && (
        <p className={styles.facts}>
          Active from {formatLarge(count.activeRange.least.all)} to {formatLarge(count.activeRange.most.all)}, depending
          on the token.
        </p>
      )}
      {description.leftOut.length > 0 && <p className={styles.facts}>Not counted: {description.leftOut.join(', ')}.</p>}
      {description.notes.map((each) => (
        <p className={styles.facts} role="note" key={each}>
          Note: {each}.
        </p>
      ))}
      {description.quantisation && (
        <p className={styles.facts}>
          Shipped as {description.quantisation.name}: {formatBytes(shippedBytes(description))}.
        </p>
      )}
      {notes !== '' && <p className={styles.facts}>{notes}</p>}
      <p className={styles.facts}>Shape from {source}.</p>
      <button
        type="button"
        className={styles.textButton}
        disabled={!beside && compared.length >= maxCompared}
        onClick={() => choose({ compared: beside ? compared.filter((each) => each !== id) : [...compared, id] })}
      >
        {beside ? 'Take from side by side' : 'Put side by side'}
      </button>
    </section>
  )
}
