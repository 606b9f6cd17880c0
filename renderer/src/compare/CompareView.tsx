import { useAppState } from '../state/app'
import { AnswerPanel } from './AnswerPanel'
import styles from './CompareView.module.css'
import { FailurePanel, NoModels } from './FailurePanel'
import { ModelCard } from './ModelCard'
import { PromptBar } from './PromptBar'
import { RoutingPanel } from './RoutingPanel'
import { SettingsBar } from './SettingsBar'
import { SpeedPanel } from './SpeedPanel'
import { WorthPanel } from './WorthPanel'
import { questionOf } from './words'

/** Two models continue one prompt: what do they weigh, cost, and what are they worth? */
export function CompareView() {
  const pair = useAppState(({ choices }) => choices.pair)
  const failure = useAppState((state) => state.failure)
  const empty = useAppState(({ library }) => library?.models.length === 0)
  return (
    <main className={styles.view}>
      <h1 className={styles.question}>{questionOf(pair)}</h1>
      {empty ? (
        <NoModels />
      ) : (
        <>
          <PromptBar />
          <SettingsBar />
          <AnswerPanel />
          {failure && <FailurePanel failure={failure} />}
          <div className={styles.cards}>
            <ModelCard side={0} />
            <ModelCard side={1} />
          </div>
          <RoutingPanel />
          <div className={styles.panels}>
            <WorthPanel />
            <SpeedPanel />
          </div>
        </>
      )}
    </main>
  )
}
