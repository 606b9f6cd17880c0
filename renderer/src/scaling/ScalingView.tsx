import type { ComponentType } from 'react'
import { ChartSubjectContext } from '../ui/chart-subject'
import { Segments } from '../ui/Segments'
import { Budget } from './Budget'
import { CostOfComputing } from './CostOfComputing'
import type { ScalingQuestion } from './choices'
import { ExpertLaws } from './ExpertLaws'
import { IsoFlop } from './IsoFlop'
import { LawLoss } from './LawLoss'
import { Lifetime } from './Lifetime'
import { OwnFamily } from './OwnFamily'
import { Repeats } from './Repeats'
import styles from './Scaling.module.css'
import { SmallText } from './SmallText'
import { scalingSubject } from './scaling-subject'
import { useScaling } from './use-scaling'

const questions: Readonly<Record<ScalingQuestion, { label: string; title: string; Part: ComponentType }>> = {
  law: { label: 'Loss', title: 'What loss does a law expect?', Part: LawLoss },
  budget: { label: 'Budget', title: 'Which size is best for a budget?', Part: Budget },
  lifetime: { label: 'Lifetime', title: 'Which size is best if it is used a lot?', Part: Lifetime },
  repeats: { label: 'Repeats', title: 'How much does repeated text help?', Part: Repeats },
  experts: {
    label: 'Experts',
    title: 'How many effective parameters do experts give, by published laws?',
    Part: ExpertLaws
  },
  family: {
    label: 'Shipped models',
    title: 'Do the models that were trained for this app follow a law?',
    Part: OwnFamily
  },
  'iso-flop': { label: 'Iso-FLOP', title: 'Which size was best for a budget, as trained?', Part: IsoFlop },
  'small-text': { label: 'Small text', title: 'What does a small text teach, read again and again?', Part: SmallText },
  cost: { label: 'Energy', title: 'What does it cost in energy and carbon?', Part: CostOfComputing }
}

/** Published scaling laws, asked one question at a time, and the family that was measured. */
export function ScalingView() {
  const [chosen, choose] = useScaling()
  const { question } = chosen
  const { title, Part } = questions[question]
  return (
    <main className={styles.view}>
      <header className={styles.head}>
        <h1 className={styles.question}>{title}</h1>
        <Segments
          label="Question"
          value={question}
          options={(Object.keys(questions) as ScalingQuestion[]).map((id) => ({
            value: id,
            label: questions[id].label
          }))}
          onChange={(asked) => choose({ question: asked })}
        />
      </header>
      <ChartSubjectContext value={scalingSubject(chosen)}>
        <Part />
      </ChartSubjectContext>
    </main>
  )
}
