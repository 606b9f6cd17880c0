import { Select } from '@base-ui/react/select'
import { formatExact, visible } from '../charts/format'
import { type App, useApp, useAppState } from '../state/app'
import { commandOf } from '../state/command'
import { runCommand } from '../state/run-command'
import chip from '../ui/Chip.module.css'
import { CommandButton } from '../ui/CommandButton'
import { PauseIcon, ResetIcon, RunIcon, StepIcon } from '../ui/icons'
import { limits } from './choices'
import { domainOfPrompt, exampleCorpus, exampleDomains, worldOfCorpus } from './examples'
import styles from './PromptBar.module.css'
import { promptProblem } from './prompt'

/** The prompt of both models, with Run, Step and Reset. */
export function PromptBar() {
  const app = useApp()
  const prompt = useAppState(({ choices }) => choices.prompt)
  const status = useAppState((state) => state.status)
  const awaited = useAppState((state) => state.awaited)
  const problem = useAppState(promptProblem)
  return (
    <div className={styles.bar}>
      <div className={styles.prompt} data-invalid={problem !== undefined || undefined}>
        <label htmlFor="prompt">Prompt</label>
        <textarea
          id="prompt"
          rows={prompt.split('\n').length}
          spellCheck={false}
          autoComplete="off"
          value={prompt}
          aria-invalid={problem !== undefined}
          aria-describedby={problem === undefined ? undefined : 'prompt-problem'}
          onChange={(event) => choosePrompt(app, event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Escape') event.currentTarget.blur()
            if (event.key !== 'Enter' || event.shiftKey) return
            event.preventDefault()
            runCommand(app, commandOf(app, 'run'))
          }}
        />
        <Examples />
      </div>
      <div className={styles.buttons}>
        <CommandButton id="run" look="primary">
          {status === 'running' ? (
            <>
              <PauseIcon /> Pause
            </>
          ) : (
            <>
              <RunIcon /> {awaited ? 'Starting' : status === 'finished' ? 'Run again' : 'Run'}
            </>
          )}
        </CommandButton>
        <CommandButton id="step">
          <StepIcon /> Step
        </CommandButton>
        <CommandButton id="reset">
          <ResetIcon /> Reset
        </CommandButton>
      </div>
      {problem !== undefined && (
        <p id="prompt-problem" role="alert" className={styles.problem}>
          {problem}
        </p>
      )}
    </div>
  )
}

/** Cuts a prompt that is longer than the app keeps or links to, and says so. */
function choosePrompt({ choose, notify }: App, text: string): void {
  choose({ prompt: text.slice(0, limits.prompt) })
  if (text.length > limits.prompt) notify(`The prompt was cut to ${formatExact(limits.prompt)} characters.`)
}

function Examples() {
  const { choose } = useApp()
  const world = worldOfCorpus(useAppState((state) => exampleCorpus(state)))
  const prompt = useAppState(({ choices }) => choices.prompt)
  const domain = domainOfPrompt(prompt, world)
  const label = domain ? `example: ${domain.title}` : 'examples'
  return (
    <Select.Root
      value={domain ? prompt : null}
      onValueChange={(example) => {
        if (example !== null) choose({ prompt: example })
      }}
    >
      <Select.Trigger className={`${chip.chip} ${styles.examples}`} aria-label={label} title="Example prompts">
        {label}
      </Select.Trigger>
      <Select.Portal>
        <Select.Positioner sideOffset={6} align="end" alignItemWithTrigger={false} className={styles.positioner}>
          <Select.Popup className={styles.popup}>
            {exampleDomains(world).map(({ id, title, tests, prompts }) => (
              <Select.Group key={id}>
                <Select.GroupLabel className={styles.groupLabel}>
                  {title} <small>{tests}</small>
                </Select.GroupLabel>
                {prompts.slice(0, 3).map((each) => (
                  <Select.Item key={each} value={each} className={styles.item}>
                    {visible(each).replace(/␣$/, '').replaceAll('␣', ' ')}
                  </Select.Item>
                ))}
              </Select.Group>
            ))}
          </Select.Popup>
        </Select.Positioner>
      </Select.Portal>
    </Select.Root>
  )
}
