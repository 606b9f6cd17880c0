import { compressTextForm } from '@core/lab/kinds/compress-text'
import { formatChange } from '../charts/format'
import { RunProgress } from '../lab/RunProgress'
import { useApp, useAppState } from '../state/app'
import { attempt } from '../state/attempt'
import { Button } from '../ui/Button'
import { Choice } from '../ui/Choice'
import field from '../ui/Field.module.css'
import { Panel } from '../ui/Panel'
import styles from './CompressView.module.css'
import { runOf, textsOf, writeTexts } from './findings'
import { firstDifference } from './first-difference'
import { intervalText } from './interval'
import type { PageProps } from './pages'
import { valueOf } from './sweeps'

/** Text of the model as it was and of a smaller one, after the same prompt with the same seed. */
export default function TextPage({ model, sweeps, choose }: PageProps) {
  const app = useApp()
  const state = useAppState((each) => each)
  const sweep = sweeps.at(-1)
  const { value } = state.choices.compress
  const point = sweep?.measured.find((each) => valueOf(each, sweep) === value) ?? sweep?.measured[0]
  if (!sweep || !point) return <p className={styles.note}>Measure a sweep first: its models write here.</p>
  const texts = textsOf(state, sweep, point)
  const running = runOf(state.runs, compressTextForm, model.id)
  const { prompt, seed, temperature } = state.choices
  const first = texts ? firstDifference(texts.before, texts.after) : 0
  const name = `${sweep.name}, ${sweep.setting} ${valueOf(point, sweep)}`
  return (
    <>
      <div className={styles.bar}>
        <Choice
          label={sweep.setting}
          value={valueOf(point, sweep)}
          options={sweep.measured.map((each) => ({
            value: valueOf(each, sweep),
            label: `${sweep.setting} ${valueOf(each, sweep)}`,
            hint: `${formatChange(each.delta)} ${intervalText(each)}`
          }))}
          onChange={(chosen) => choose({ value: chosen })}
        />
        <label className={styles.field}>
          <span>prompt</span>
          <input
            className={field.code}
            size={40}
            maxLength={200}
            value={prompt}
            onChange={(event) => app.choose({ prompt: event.currentTarget.value })}
          />
        </label>
        {running ? (
          <RunProgress run={running} />
        ) : (
          <Button look="primary" onClick={() => attempt(app, () => writeTexts(app, sweep, point))}>
            Write with both
          </Button>
        )}
        <span className={styles.note}>
          seed {seed}, temperature {temperature}, as in Compare
        </span>
      </div>
      {texts && (
        <p className={styles.note} data-testid="same-text">
          {first === Math.max(texts.before.length, texts.after.length)
            ? 'Both write the same, character by character.'
            : `The first ${first} of ${texts.before.length} tokens are the same. From there on each goes on from its own text.`}
        </p>
      )}
      <div className={styles.columns}>
        {(
          [
            [`${model.id} as it was`, texts?.before],
            [name, texts?.after]
          ] as const
        ).map(([title, tokens]) => (
          <Panel key={title} title={title}>
            <p className={styles.text}>
              <span className={styles.prompt}>{prompt}</span>
              {tokens?.slice(0, first).map(visible).join('')}
              {tokens && first < tokens.length && <mark>{tokens.slice(first).map(visible).join('')}</mark>}
              {!tokens && <span className={styles.note}> …</span>}
            </p>
          </Panel>
        ))}
      </div>
    </>
  )
}

function visible(token: string): string {
  return token === '\n' ? '⏎\n' : token
}
