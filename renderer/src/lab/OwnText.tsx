import { tokenizer } from '@core/corpus'
import { messageOf } from '@core/reason'
import { useState } from 'react'
import { formatExact } from '../charts/format'
import { useApp, useAppState } from '../state/app'
import { attempt } from '../state/attempt'
import { Button } from '../ui/Button'
import { Sheet } from '../ui/Sheet'
import type { ChosenText } from './choices'
import type { PartProps } from './fields'
import styles from './OwnText.module.css'
import { openText, takeText } from './own-text'

/** The user's text of the edited run: what it has come to, and how another one is taken. */
export function OwnText({ run, change }: PartProps) {
  const app = useApp()
  const problem = useAppState((state) => state.textProblem)
  const [pastes, setPastes] = useState(false)
  const open = async () => {
    const own = await openText(app)
    if (own) change({ own })
  }
  return (
    <div className={styles.text}>
      {run.own && <Facts own={run.own} />}
      <div className={styles.actions}>
        <Button onClick={() => attempt(app, open)}>{run.own ? 'Open another text …' : 'Open a text …'}</Button>
        <Button onClick={() => setPastes(true)}>Paste a text …</Button>
      </div>
      {problem !== undefined && (
        <p className={styles.problem} role="alert">
          {problem}.
        </p>
      )}
      {pastes && (
        <Paste
          onClose={() => setPastes(false)}
          onTake={async (text) => {
            change({ own: await takeText(app, text) })
            setPastes(false)
          }}
        />
      )}
    </div>
  )
}

function Facts({ own }: { own: ChosenText }) {
  const { name, documents, training, validation, changed, left, leftOut } = own
  return (
    <>
      <p>
        <b>{name}</b>: {formatExact(documents)} documents, {formatExact(training)} characters to train on,{' '}
        {formatExact(validation)} kept for validation.
      </p>
      {changed > 0 && (
        <p className={styles.note}>
          {formatExact(changed)} characters are read as others: capitals as small letters, letters without accents.
        </p>
      )}
      {left > 0 && (
        <p className={styles.note}>
          {formatExact(left)} are left out, as the vocabulary has {tokenizer.size} characters:{' '}
          {leftOut.map(({ character, count }) => `${visible(character)} (${formatExact(count)})`).join(', ')}
          {leftOut.reduce((sum, { count }) => sum + count, 0) < left && ' and others'}.
        </p>
      )}
    </>
  )
}

/** A character, or its code where it cannot be seen. */
function visible(character: string): string {
  const code = character.codePointAt(0) ?? 0
  return /[\p{C}\p{M}\p{Z}]/u.test(character) ? `U+${code.toString(16).toUpperCase().padStart(4, '0')}` : character
}

interface PasteProps {
  readonly onClose: () => void
  /** Rejects when the text cannot be learnt. */
  readonly onTake: (text: string) => Promise<void>
}

function Paste({ onClose, onTake }: PasteProps) {
  const [typed, setTyped] = useState('')
  const [problem, setProblem] = useState<string>()
  const take = () => onTake(typed).catch((error: unknown) => setProblem(messageOf(error)))
  return (
    <Sheet
      title="A text of your own"
      open
      onClose={onClose}
      closeLabel="Cancel"
      foot={
        <Button look="primary" disabled={typed.trim() === ''} onClick={() => void take()}>
          Use this text
        </Button>
      }
    >
      <p className={styles.note}>
        Blank lines separate documents; without any, each line is one. Every tenth document is kept for validation.
      </p>
      <textarea
        className={styles.pasted}
        aria-label="Text to learn"
        rows={12}
        value={typed}
        onChange={(event) => {
          setTyped(event.currentTarget.value)
          setProblem(undefined)
        }}
      />
      {problem !== undefined && (
        <p className={styles.problem} role="alert">
          {problem}.
        </p>
      )}
    </Sheet>
  )
}
