import { visible } from '../charts/format'
import field from '../ui/Field.module.css'
import styles from './TokenChips.module.css'

export interface TokenChipsProps {
  /** The characters that there are. */
  readonly vocabulary: readonly string[]
  /** Those that are chosen, each once; empty for all. */
  readonly chosen: string
  readonly onChange: (chosen: string) => void
}

/** Characters, typed or clicked. */
export function TokenChips({ vocabulary, chosen, onChange }: TokenChipsProps) {
  const choose = (text: string) =>
    onChange([...new Set(text)].filter((character) => vocabulary.includes(character)).join(''))
  return (
    <fieldset className={styles.tokens} aria-label="Tokens that are forced">
      <label>
        only the tokens{' '}
        <input
          className={field.code}
          value={chosen}
          placeholder="all"
          maxLength={200}
          onChange={(event) => choose(event.target.value)}
        />
      </label>
      {vocabulary.map((token) => (
        <button
          key={token}
          type="button"
          aria-pressed={chosen.includes(token)}
          onClick={() => choose(chosen.includes(token) ? chosen.replaceAll(token, '') : chosen + token)}
        >
          {visible(token)}
        </button>
      ))}
    </fieldset>
  )
}
