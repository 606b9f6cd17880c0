import { pairModels } from '../compare/choices'
import { NoModels } from '../compare/FailurePanel'
import { PairAnswer } from '../compare/PairAnswer'
import { useApp, useAppState } from '../state/app'
import { commandOf } from '../state/command'
import type { Library } from '../state/library'
import { runCommand } from '../state/run-command'
import { StoryCards } from '../stories/StoryCards'
import { Button } from '../ui/Button'
import { CommandButton } from '../ui/CommandButton'
import styles from './HomeView.module.css'

/** Front page: the main answer, the last comparison, and the stories that tell the others. */
export function HomeView() {
  const library = useAppState((state) => state.library)
  return (
    <main className={styles.view}>
      <h1 className={styles.title}>What are experts worth?</h1>
      {library?.models.length === 0 ? (
        <NoModels />
      ) : (
        <>
          <Hero library={library} />
          <Stories />
          <Files />
        </>
      )}
    </main>
  )
}

/** The answer of the shipped measurements, and the one click to see it. */
function Hero({ library }: { library: Library | undefined }) {
  const pair = pairModels['equal-active']
  const left = library?.models.find(({ id }) => id === pair.left)
  const right = library?.models.find(({ id }) => id === pair.right)
  return (
    <section className={styles.hero} aria-label="The main answer">
      <PairAnswer pair="equal-active" left={left} right={right} rowHeight={58} answerClass={styles.answer} />
      <div className={styles.buttons}>
        <RunButton />
        <Continue library={library} />
        <small>Models trained by this project; everything runs on this machine, nothing is sent anywhere.</small>
      </div>
    </section>
  )
}

function RunButton() {
  const app = useApp()
  const ask = () => {
    app.choose({ view: 'compare', pair: 'equal-active', ...pairModels['equal-active'] })
    if (app.store.getState().contestants[0].steps.length === 0) runCommand(app, commandOf(app, 'run'))
  }
  return (
    <Button look="primary" className={styles.run ?? ''} onClick={ask}>
      See the two models write
    </Button>
  )
}

/** Back to what was chosen the last time. */
function Continue({ library }: { library: Library | undefined }) {
  const { choose } = useApp()
  const { prompt, left, right } = useAppState(({ choices }) => choices)
  const continuable = useAppState((state) => state.continuable || state.contestants[0].steps.length > 0)
  if (!continuable) return null
  const named = [left, right].map((id) => (library?.models.some((model) => model.id === id) ? id : `${id} (not here)`))
  return (
    <Button className={styles.continue ?? ''} onClick={() => choose({ view: 'compare' })}>
      Continue <span>{`${named.join(' and ')} on “${prompt.trim()}”`}</span>
    </Button>
  )
}

function Stories() {
  return (
    <section aria-labelledby="stories">
      <h2 id="stories" className={styles.heading}>
        Stories: talks that need no computing
      </h2>
      <StoryCards />
      <p className={styles.note}>
        Losses are nats per character on unseen text, shipped with the models; sizes are parameters.
      </p>
    </section>
  )
}

function Files() {
  const app = useApp()
  const recent = useAppState((state) => state.recent)
  return (
    <section aria-labelledby="files">
      <h2 id="files" className={styles.heading}>
        Files
      </h2>
      <div className={styles.files}>
        <CommandButton id="open" />
        {recent.length === 0 ? (
          <p className={styles.note}>
            Saved runs and states, routing traces, and the config.json of any model. A file can also be dropped anywhere
            on the window.
          </p>
        ) : (
          <ul className={styles.recent} aria-label="Recent files">
            {recent.slice(0, 6).map(({ id, name, folder }) => (
              <li key={id}>
                <button
                  type="button"
                  onClick={() =>
                    void import('../files/open-file').then(({ openRecentFile }) => openRecentFile(app, id))
                  }
                >
                  {name}
                  <span>{folder}</span>
                </button>
              </li>
            ))}
          </ul>
        )}
      </div>
    </section>
  )
}
