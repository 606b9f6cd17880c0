import { domainOf } from '@core/corpus'
import type { PairedDifference } from '@core/evaluate/proportions'
import { pairedCounts, pairedDifference, proportionOf } from '@core/evaluate/proportions'
import { chanceOf, scoredQuestions, whyNoScore } from '@core/evaluate/score'
import { countOff } from '@core/model/experts-off'
import { useShallow } from 'zustand/react/shallow'
import { formatPercent, visible } from '../charts/format'
import { ShareIntervals } from '../charts/ShareIntervals'
import { useApp, useAppState } from '../state/app'
import type { AppState } from '../state/app-state'
import type { LibraryModel } from '../state/library'
import { Button } from '../ui/Button'
import { Choice } from '../ui/Choice'
import { CommandButton } from '../ui/CommandButton'
import { Figure } from '../ui/Figure'
import { Panel } from '../ui/Panel'
import { modelName } from '../words/model-words'
import { languages } from './choices'
import { chosenModels, examKey, examOf, masksOf } from './exam'
import styles from './ScorePanel.module.css'
import type { ExamAnswers } from './state'

/** The share of right answers of both models to some hundred questions of one language. */
export function ScorePanel() {
  const { choose } = useApp()
  const score = useAppState(({ choices }) => choices.score)
  return (
    <Panel
      id="score"
      title="Score: right answers to the same questions"
      aside={
        score !== 'none' && (
          <span className={styles.aside}>
            <Choice
              label="Language of the questions"
              value={score}
              options={languages.map((id) => ({ value: id, label: domainOf(id).title, hint: domainOf(id).tests }))}
              onChange={(chosen) => choose({ score: chosen })}
            />
            <Button look="quiet" onClick={() => choose({ score: 'none' })}>
              Close
            </Button>
          </span>
        )
      }
    >
      {score === 'none' ? <Invitation /> : <Score />}
    </Panel>
  )
}

function Invitation() {
  return (
    <div className={styles.invitation}>
      <p>One text is an anecdote. Ask both models the same {scoredQuestions} questions; it takes seconds.</p>
      <CommandButton id="measure-score">Measure the score</CommandButton>
    </div>
  )
}

/** A model with some of its experts, and what it answered. */
interface Examinee {
  readonly model: LibraryModel
  readonly label: string
  /** True for a model with experts off as it is with all of them. */
  readonly whole: boolean
  readonly exam: ExamAnswers | undefined
}

function Score() {
  const state = useAppState(useShallow(({ library, choices, exams }) => ({ library, choices, exams })))
  const models = chosenModels(state)
  const reasons = models.flatMap(
    (model) => whyNoScore({ ...model, report: model.corpus && { corpus: model.corpus } }) ?? []
  )
  const examinees = examineesOf(state)
  const [first, second] = examinees.filter(({ whole }) => !whole)
  return (
    <>
      <div className={styles.score}>
        {first?.exam && <Answer examinees={[first, ...(second ? [second] : [])]} />}
        <div className={styles.chart}>
          <ShareIntervals rows={examinees.flatMap(rowOf)} chance={first?.exam && chanceOf(first.exam.questions)} />
          <Differences examinees={examinees} />
        </div>
      </div>
      {reasons.map((reason) => (
        <p key={reason} className={styles.note}>
          No score: {reason}
        </p>
      ))}
      {first?.exam && <Questions exam={first.exam} />}
    </>
  )
}

function examineesOf(state: Pick<AppState, 'library' | 'choices' | 'exams'>): Examinee[] {
  const { choices, exams } = state
  const models = chosenModels(state)
  const { score } = choices
  if (score === 'none') return []
  const names = models.map(modelName)
  return models.flatMap((model, i): Examinee[] => {
    const masks = masksOf(choices, model)
    const answersTo = (off: typeof masks) => {
      const exam = examOf(model, models, score, off)
      return exam && exams[examKey(exam)]
    }
    const name = new Set(names).size === names.length ? (names[i] ?? model.id) : model.id
    if (masks.length === 0) return [{ model, label: name, whole: false, exam: answersTo([]) }]
    const off = countOff(model.architecture, masks)
    return [
      { model, label: `${name}, ${off} ${off === 1 ? 'expert' : 'experts'} off`, whole: false, exam: answersTo(masks) },
      { model, label: `${name}, all experts on`, whole: true, exam: answersTo([]) }
    ]
  })
}

/** The two shares, as large as they go. */
function Answer({ examinees }: { examinees: readonly Examinee[] }) {
  const total = examinees[0]?.exam?.questions.length ?? scoredQuestions
  const answered = Math.min(...examinees.map(({ exam }) => exam?.answers.length ?? 0))
  return (
    <div className={styles.answer} aria-live="polite">
      {examinees.map(({ model, label, exam }) => {
        const { share, right, low, high } = proportionOf(
          exam?.answers.filter(Boolean).length ?? 0,
          exam?.answers.length ?? 0
        )
        return (
          <div key={label} data-kind={model.role} data-testid={`score-${model.id}`}>
            {exam && exam.answers.length > 0 ? (
              <Figure
                exact={`${right} of ${exam.answers.length} answers are right: ${(100 * share).toFixed(2)} %`}
                definition={`95 % interval ${formatPercent(low)} to ${formatPercent(high)} (Wilson). An answer is right when the model writes all of it at temperature 0.`}
                provenance="measured here"
              >
                <strong>{formatPercent(share)}</strong>
              </Figure>
            ) : (
              <strong>…</strong>
            )}
            <span>{label}</span>
          </div>
        )
      })}
      <p>{answered < total ? `${answered} of ${total} questions` : `of ${total} questions are answered right`}</p>
    </div>
  )
}

function rowOf({ model, label, whole, exam }: Examinee) {
  if (!exam || exam.answers.length === 0) return []
  const share = proportionOf(exam.answers.filter(Boolean).length, exam.answers.length)
  return [{ id: label, label, kind: model.role, faint: whole, ...share }]
}

/** Each difference that both sides of have answered, with its interval. */
function Differences({ examinees }: { examinees: readonly Examinee[] }) {
  const shown = examinees.filter(({ whole }) => !whole)
  const pairs = [
    ...(shown[0] && shown[1] ? [[shown[0], shown[1]] as const] : []),
    ...shown.flatMap((changed) => {
      const whole = examinees.find((each) => each.whole && each.model.id === changed.model.id)
      return whole ? [[whole, changed] as const] : []
    })
  ]
  return pairs.map(([before, after]) => (
    <DifferenceLine key={`${before.label} ${after.label}`} before={before} after={after} />
  ))
}

function DifferenceLine({ before, after }: { before: Examinee; after: Examinee }) {
  if (!before.exam || !after.exam) return null
  if (before.exam.questions[0]?.prompt !== after.exam.questions[0]?.prompt) {
    return (
      <p className={styles.note}>
        They were trained on different corpora: each is asked questions of its own, so there is no difference to state.
      </p>
    )
  }
  const answered = Math.min(before.exam.answers.length, after.exam.answers.length)
  if (answered === 0) return null
  const found = pairedDifference(
    pairedCounts(before.exam.answers.slice(0, answered), after.exam.answers.slice(0, answered))
  )
  return (
    <p className={styles.difference}>
      <Figure
        exact={`only ${after.label}: ${found.onlySecond}; only ${before.label}: ${found.onlyFirst}; both: ${found.both}; neither: ${found.neither}`}
        definition="Difference of the two shares on the same questions, with a 95 % interval for paired answers (Newcombe 1998, method 10). Where the interval holds 0, no difference is shown."
        provenance="measured here"
      >
        {after.label} − {before.label}: <b>{pointsOf(found.difference)}</b> ({pointsOf(found.low)} to{' '}
        {pointsOf(found.high)}) points
      </Figure>
      {verdict(found)}
    </p>
  )
}

function verdict({ low, high }: PairedDifference): string {
  return low <= 0 && high >= 0 ? ' – no difference shown' : ''
}

function pointsOf(share: number): string {
  const points = Math.abs(100 * share).toFixed(1)
  return `${share < 0 ? '−' : '+'}${points}`
}

/** The source of the questions, and one of them for both models. */
function Questions({ exam: { questions } }: { exam: ExamAnswers }) {
  const prompt = useAppState(({ choices }) => choices.prompt)
  const index = questions.findIndex((each) => each.prompt === prompt)
  return (
    <div className={styles.questions}>
      <span>Have both write on one of them:</span>
      <CommandButton id="first-question">First</CommandButton>
      <CommandButton id="next-question">Next</CommandButton>
      <CommandButton id="random-question">Random</CommandButton>
      <output>
        {index < 0 ? '' : `question ${index + 1} of ${questions.length}: ${visible(prompt).replaceAll('␣', ' ')}…`}
      </output>
      <p className={styles.note}>
        Drawn from the validation split, independently of all training text, one question of each document. Facts, words
        and keys are the world's own, which training text tells; a short sum or sequence can stand there, too.
      </p>
    </div>
  )
}
