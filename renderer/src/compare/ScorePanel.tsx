import { type DomainId, domainOf } from '@core/corpus'
import type { PairedDifference } from '@core/evaluate/proportions'
import { pairedCounts, pairedDifference, proportionOf } from '@core/evaluate/proportions'
import { scoredQuestions, whyNoScore } from '@core/evaluate/score'
import { offText } from '@core/model/experts-off'
import { useShallow } from 'zustand/react/shallow'
import { formatPercent, visible } from '../charts/format'
import { ShareIntervals } from '../charts/ShareIntervals'
import { useWidth } from '../charts/use-size'
import { useApp, useAppState } from '../state/app'
import type { LibraryModel } from '../state/library'
import { Button } from '../ui/Button'
import { Choice } from '../ui/Choice'
import { CommandButton } from '../ui/CommandButton'
import { ChartSubjectContext } from '../ui/chart-subject'
import { ExportButton } from '../ui/ExportButton'
import { Figure } from '../ui/Figure'
import { Panel } from '../ui/Panel'
import { useTextScale } from '../ui/use-appearance'
import { languages } from './choices'
import { chosenModels, languagesOf, masksOf } from './exam'
import styles from './ScorePanel.module.css'
import {
  answersTogether,
  type Examinee,
  examineesOf,
  pointsOf,
  sameQuestions,
  scoreTable,
  shareGroups
} from './score-rows'
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
              options={[
                { value: 'all', label: 'All languages' },
                ...languages.map((id) => ({ value: id, label: domainOf(id).title, hint: domainOf(id).tests }))
              ]}
              onChange={(chosen) => choose({ score: chosen })}
            />
            <ScoreExport />
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
  const state = useAppState(useShallow(({ library, choices }) => ({ library, choices })))
  const models = chosenModels(state)
  const reasons = reasonsOf(models)
  if (models.length > 0 && reasons.length === models.length) return <Reasons reasons={reasons} />
  return (
    <div className={styles.invitation}>
      <p>One text is an anecdote. Ask both models the same {scoredQuestions} questions; it takes seconds.</p>
      <CommandButton id="measure-score">Measure the score</CommandButton>
      <CommandButton id="measure-all-scores">All languages</CommandButton>
    </div>
  )
}

function Score() {
  const state = useAppState(useShallow(({ library, choices, exams }) => ({ library, choices, exams })))
  const [ref, width] = useWidth()
  const textScale = useTextScale()
  const reasons = reasonsOf(chosenModels(state))
  const shown = languagesOf(state.choices.score)
  const examinees = examineesOf(state)
  const together = answersTogether(examinees)
  const [first] = examinees
  const exam = first && together.get(first)
  const [language, ...more] = shown
  return (
    <>
      <div className={styles.score}>
        {exam && exam.questions.length > 0 && <Answer together={together} languages={shown} />}
        <div ref={ref} className={styles.chart}>
          <ShareIntervals groups={shareGroups(examinees, shown)} width={width} textScale={textScale} />
          <Differences together={together} />
        </div>
      </div>
      <Reasons reasons={reasons} />
      {first && language && more.length === 0 && <Questions exam={first.exams.get(language)} />}
    </>
  )
}

/** The reasons for which models cannot be asked, a sentence each. */
function reasonsOf(models: readonly LibraryModel[]): string[] {
  return models.flatMap((model) => whyNoScore({ ...model, report: model.corpus && { corpus: model.corpus } }) ?? [])
}

function Reasons({ reasons }: { readonly reasons: readonly string[] }) {
  return reasons.map((reason) => (
    <p key={reason} className={styles.note}>
      No score: {reason}
    </p>
  ))
}

/** The export of the intervals, with the questions that they come from. */
function ScoreExport() {
  const state = useAppState(useShallow(({ library, choices, exams }) => ({ library, choices, exams })))
  const examinees = examineesOf(state)
  const shown = languagesOf(state.choices.score)
  if (examinees.every(({ exams }) => exams.size === 0)) return null
  const titles = shown.length === 1 ? shown.map((id) => domainOf(id).title) : ['all languages']
  const off = chosenModels(state).flatMap((model) => {
    const masks = masksOf(state.choices, model)
    return masks.length > 0 ? [`${model.id}: ${offText(masks)}`] : []
  })
  const subject = {
    name: [...examinees.map(({ label }) => label), ...titles].join(' · '),
    settings: {
      models: [...new Set(examinees.map(({ model }) => model.id))].join(', '),
      questions: `${scoredQuestions} a language, of the validation split`,
      intervals: '95 %, Wilson',
      ...(off.length > 0 && { experts_off: off.join('; ') })
    }
  }
  return (
    <ChartSubjectContext value={subject}>
      <ExportButton
        title="Share of right answers"
        fileName={`score-${state.choices.score}`}
        table={() => scoreTable(examinees)}
        legend={`bar: 95 % interval; measured here${shown.length > 1 ? differenceLegend(examinees) : ''}`}
        colours={undefined}
      >
        {(frame) => <ShareIntervals {...frame} groups={shareGroups(examinees, shown)} />}
      </ExportButton>
    </ChartSubjectContext>
  )
}

/** Says which difference the points are. */
function differenceLegend(examinees: readonly Examinee[]): string {
  const [first, second] = examinees.filter(({ whole }) => !whole)
  return first && second ? `; points: ${second.label} − ${first.label}` : ''
}

/** The two shares, as large as they go. */
function Answer({ together, languages: asked }: { together: Together; languages: readonly DomainId[] }) {
  const { session } = useApp()
  const examining = useAppState((state) => state.examining)
  const stopped = useAppState((state) => state.scoreStopped)
  const shown = [...together].filter(([{ whole }]) => !whole)
  const [first] = shown
  // Those of a language are drawn when it is its turn.
  const drawn = asked.map((language) => first?.[0].exams.get(language)?.questions.length ?? scoredQuestions)
  const total = drawn.reduce((sum, each) => sum + each, 0)
  const answered = Math.min(...shown.map(([, { answers }]) => answers.length))
  return (
    <div className={styles.answer} aria-live="polite">
      {shown.map(([{ model, label }, exam]) => {
        const { share, right, low, high } = proportionOf(exam.answers.filter(Boolean).length, exam.answers.length)
        return (
          <div key={label} data-kind={model.role} data-testid={`score-${model.id}`}>
            {exam.answers.length > 0 ? (
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
      <p>
        {answered < total
          ? `${answered} of ${total} questions`
          : `of ${total} questions${asked.length > 1 ? ` in ${asked.length} languages` : ''} are answered right`}
        {answered < total && examining && !stopped && <Button onClick={session.stopScore}>Stop</Button>}
        {answered < total && stopped && <Button onClick={() => void session.resumeScore()}>Resume</Button>}
      </p>
    </div>
  )
}

type Together = ReadonlyMap<Examinee, ExamAnswers>

/** Each difference that both sides of have answered, with its interval. */
function Differences({ together }: { together: Together }) {
  const examinees = [...together.keys()]
  const shown = examinees.filter(({ whole }) => !whole)
  const pairs = [
    ...(shown[0] && shown[1] ? [[shown[0], shown[1]] as const] : []),
    ...shown.flatMap((changed) => {
      const whole = examinees.find((each) => each.whole && each.model.id === changed.model.id)
      return whole ? [[whole, changed] as const] : []
    })
  ]
  return pairs.map(([before, after]) => (
    <DifferenceLine
      key={`${before.label} ${after.label}`}
      labels={[before.label, after.label]}
      exams={[together.get(before), together.get(after)]}
    />
  ))
}

interface DifferenceLineProps {
  readonly labels: readonly [string, string]
  readonly exams: readonly [ExamAnswers | undefined, ExamAnswers | undefined]
}

function DifferenceLine({ labels: [before, after], exams: [first, second] }: DifferenceLineProps) {
  if (!first || !second || first.questions.length === 0 || second.questions.length === 0) return null
  if (!sameQuestions(first, second)) {
    return (
      <p className={styles.note}>
        They were trained on different corpora: each is asked questions of its own, so there is no difference to state.
      </p>
    )
  }
  if (first.answers.length === 0) return null
  const found = pairedDifference(pairedCounts(first.answers, second.answers))
  return (
    <p className={styles.difference}>
      <Figure
        exact={`only ${after}: ${found.onlySecond}; only ${before}: ${found.onlyFirst}; both: ${found.both}; neither: ${found.neither}`}
        definition="Difference of the two shares on the same questions, with a 95 % interval for paired answers (Newcombe 1998, method 10). Where the interval holds 0, no difference is shown."
        provenance="measured here"
      >
        {after} − {before}: <b>{pointsOf(found.difference)}</b> ({pointsOf(found.low)} to {pointsOf(found.high)}) points
      </Figure>
      {verdict(found)}
    </p>
  )
}

function verdict({ low, high }: PairedDifference): string {
  return low <= 0 && high >= 0 ? ' – no difference shown' : ''
}

/** The source of the questions, and one of them for both models. */
function Questions({ exam }: { exam: ExamAnswers | undefined }) {
  const prompt = useAppState(({ choices }) => choices.prompt)
  if (!exam) return null
  const { questions } = exam
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
