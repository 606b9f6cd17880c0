import { useState } from 'react'
import { visible } from '../charts/format'
import { Choice } from '../ui/Choice'
import field from '../ui/Field.module.css'
import styles from './PartBar.module.css'
import { layerName, useInspected } from './use-inspected'

/** Which part of the trace all charts show. */
export function PartBar() {
  const { facts, inspection, layer, expert, inspect } = useInspected()
  const { page, domains, text, onlyExpert } = inspection
  // Ablation measures on validation text, not on the trace.
  const filters = page !== 'causes'
  const filtered = domains.length > 0 || text !== '' || onlyExpert
  const toggle = (domain: number) => {
    const chosen = domains.includes(domain) ? domains.filter((each) => each !== domain) : [...domains, domain]
    inspect({ domains: chosen.length === facts.domains.length ? [] : chosen.sort((a, b) => a - b) })
  }
  if (facts.kind === 'counts') return null
  return (
    <fieldset className={styles.bar} aria-label="Part of the trace">
      <Choice
        label="Layer"
        value={layer}
        options={facts.layers.map((_, place) => ({ value: place, label: layerName(facts, place) }))}
        onChange={(chosen) => inspect({ layer: chosen })}
      />
      <Choice
        label="Expert"
        value={expert}
        options={Array.from({ length: facts.experts }, (_, each) => ({ value: each, label: `expert ${each}` }))}
        onChange={(chosen) => inspect({ expert: chosen })}
      />
      {filters && (
        <label className={styles.only}>
          <input type="checkbox" checked={onlyExpert} onChange={() => inspect({ onlyExpert: !onlyExpert })} />
          only its tokens
        </label>
      )}
      {filters && facts.has.includes('domainIds') && (
        <fieldset className={styles.domains} aria-label="Domains">
          {facts.domains.map((name, domain) => (
            <button
              key={name}
              type="button"
              aria-pressed={domains.length === 0 || domains.includes(domain)}
              onClick={() => toggle(domain)}
            >
              {name}
            </button>
          ))}
        </fieldset>
      )}
      {filters && facts.has.includes('texts') && (
        <TextField key={text} text={text} onChange={(chosen) => inspect({ text: chosen })} />
      )}
      {filters && filtered && (
        <button
          type="button"
          className={styles.all}
          onClick={() => inspect({ domains: [], text: '', onlyExpert: false })}
        >
          Show all tokens
        </button>
      )}
    </fieldset>
  )
}

function TextField({ text, onChange }: { text: string; onChange: (text: string) => void }) {
  const [typed, setTyped] = useState(text)
  return (
    <label className={styles.text}>
      token
      <input
        className={field.code}
        value={typed}
        maxLength={100}
        placeholder="any"
        title={text === '' ? 'Only tokens with this text' : `Only tokens that are ${visible(text)}`}
        onChange={(event) => setTyped(event.target.value)}
        onBlur={() => typed !== text && onChange(typed)}
        onKeyDown={(event) => event.key === 'Enter' && event.currentTarget.blur()}
      />
    </label>
  )
}
