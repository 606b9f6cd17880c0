import { messageOf } from '@core/reason'
import type { Answers, Question } from '@core/routing/importers/importer'
import { useState } from 'react'
import { openRoutingAs } from '../routing/routing-file'
import { useApp, useAppState } from '../state/app'
import type { AppState } from '../state/app-state'
import { Button } from '../ui/Button'
import field from '../ui/Field.module.css'
import { Sheet } from '../ui/Sheet'
import styles from './AskSheet.module.css'

/** Asks for the format or shape that a routing file does not state, beside its first rows. */
export function AskSheet() {
  const { store } = useApp()
  const asked = useAppState((state) => state.asked)
  const close = () => store.setState({ asked: undefined })
  return (
    <Sheet title={asked ? `What is ${asked.file.name}?` : ''} open={asked !== undefined} onClose={close} width={46}>
      {asked && <Questions key={asked.file.name} asked={asked} />}
    </Sheet>
  )
}

function Questions({ asked: { file, candidates } }: { asked: NonNullable<AppState['asked']> }) {
  const app = useApp()
  const [format, setFormat] = useState(candidates[0]?.format ?? '')
  const [given, setGiven] = useState<Readonly<Record<string, string>>>({})
  const [failure, setFailure] = useState<string>()
  const candidate = candidates.find((each) => each.format === format)
  const open = async () => {
    try {
      app.notify(await openRoutingAs(app, file, { format, answers: answersOf(candidate?.questions ?? [], given) }))
    } catch (error) {
      setFailure(messageOf(error))
    }
  }
  return (
    <div className={styles.ask}>
      {candidates.length > 1 && (
        <label>
          It may be
          <select value={format} onChange={(event) => setFormat(event.target.value)}>
            {candidates.map((each) => (
              <option key={each.format} value={each.format}>
                {each.label}
              </option>
            ))}
          </select>
        </label>
      )}
      {candidates.length === 1 && <p>It looks like {candidate?.label}, which does not say everything.</p>}
      {candidate?.questions.map((question) => (
        <Answer
          key={question.id}
          question={question}
          value={given[question.id] ?? String(question.proposal ?? '')}
          onChange={(value) => setGiven({ ...given, [question.id]: value })}
        />
      ))}
      <h3>Its first rows</h3>
      <pre>{candidate?.preview}</pre>
      {failure !== undefined && <p role="alert">{failure}</p>}
      <Button look="primary" onClick={() => void open()}>
        Open
      </Button>
    </div>
  )
}

interface AnswerProps {
  readonly question: Question
  readonly value: string
  readonly onChange: (value: string) => void
}

function Answer({ question: { label, kind, choices, needed }, value, onChange }: AnswerProps) {
  const name = `${label}${needed ? '' : ' (may stay as proposed)'}`
  return (
    <label>
      {name}
      {choices ? (
        <select className={field.field} value={value} onChange={(event) => onChange(event.target.value)}>
          {value === '' && <option value="">choose</option>}
          {choices.map((choice) => (
            <option key={choice} value={choice}>
              {choice}
            </option>
          ))}
        </select>
      ) : (
        <input
          className={field.field}
          inputMode={kind === 'count' ? 'numeric' : 'text'}
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </label>
  )
}

/** Typed answers in the importers' types; empty ones are left out. */
function answersOf(questions: readonly Question[], given: Readonly<Record<string, string>>): Answers {
  return Object.fromEntries(
    questions.flatMap(({ id, kind, proposal, choices }) => {
      const value = (given[id] ?? String(proposal ?? '')).trim()
      if (value === '') return []
      const numeric = kind === 'count' || choices?.every((choice) => typeof choice === 'number')
      return [[id, numeric ? Number(value) : value]]
    })
  )
}
