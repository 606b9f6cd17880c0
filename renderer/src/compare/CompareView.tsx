import { useEffect } from 'react'
import { useApp, useAppState } from '../state/app'
import { ChartSubjectContext } from '../ui/chart-subject'
import { modelName, questionOf } from '../words/model-words'
import { AnswerPanel } from './AnswerPanel'
import styles from './CompareView.module.css'
import { EffectivePanel } from './EffectivePanel'
import { FailurePanel, NoModels } from './FailurePanel'
import { ModelCard } from './ModelCard'
import { PromptBar } from './PromptBar'
import { RoutingPanel } from './RoutingPanel'
import { ScorePanel } from './ScorePanel'
import { SettingsBar } from './SettingsBar'
import { SpeedPanel } from './SpeedPanel'
import { useChosenModels } from './use-models'

/** Two models continue one prompt, with their total, active and effective parameters. */
export function CompareView() {
  const pair = useAppState(({ choices }) => choices.pair)
  const failure = useAppState((state) => state.failure)
  const empty = useAppState(({ library }) => library?.models.length === 0)
  const models = useChosenModels().flatMap((model) => (model ? [`${modelName(model)} (${model.id})`] : []))
  const subject = { name: models.join(' · '), settings: { models: models.join(', ') } }
  useRevealed()
  return (
    <main className={styles.view}>
      <h1 className={styles.question}>{questionOf(pair)}</h1>
      {empty ? (
        <NoModels />
      ) : (
        <>
          <PromptBar />
          <SettingsBar />
          <ChartSubjectContext value={subject}>
            <AnswerPanel />
          </ChartSubjectContext>
          {failure && <FailurePanel failure={failure} />}
          <div className={styles.cards}>
            <ModelCard side={0} />
            <ModelCard side={1} />
          </div>
          <ScorePanel />
          <RoutingPanel />
          <div className={styles.panels}>
            <ChartSubjectContext value={subject}>
              <EffectivePanel />
            </ChartSubjectContext>
            <SpeedPanel />
          </div>
        </>
      )}
    </main>
  )
}

/** Brings the part into sight that was asked for. */
function useRevealed(): void {
  const { store } = useApp()
  const revealed = useAppState((state) => state.revealed)
  useEffect(() => {
    if (revealed === undefined) return
    document.getElementById(revealed)?.scrollIntoView({ block: 'center' })
    store.setState({ revealed: undefined })
  }, [revealed, store])
}
