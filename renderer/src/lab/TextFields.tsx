import { formatCount, formatRatio } from '../charts/format'
import { type LabRun, textCharacters } from './choices'
import { ChoiceRow, Numbers, type PartProps, PercentRow, Problem } from './fields'
import { Mixture } from './Mixture'
import { OwnText } from './OwnText'
import { generatedCorpus } from './plan'
import styles from './TrainingForm.module.css'

export interface TextProps extends PartProps {
  readonly replace: (run: LabRun) => void
}

/** The text that the edited run reads: which, how much of it, and of which domains. */
export function TextFields({ run, change, replace }: TextProps) {
  const generated = run.text === 'own' ? run.beside : run.text
  return (
    <>
      <h3 className={styles.part}>Text</h3>
      <ChoiceRow
        label="Text"
        value={run.text}
        options={[
          { value: 'shipped', label: 'of the shipped models', hint: '1024 people, 2048 pairs, 2048 keys' },
          { value: 'small', label: 'small world', hint: '128 people, pairs and keys: seen within a minute' },
          { value: 'own', label: 'your own', hint: 'open a file or paste it: its floor is not known' }
        ]}
        onChange={(text) => change({ text })}
      />
      {run.text === 'own' && (
        <>
          <OwnText run={run} change={change} />
          <Problem run={run} field="text" />
          <Beside run={run} change={change} />
        </>
      )}
      {generated !== 'none' && (
        <>
          <Amount run={run} replace={replace} text={generated} />
          <Mixture run={run} replace={replace} text={generated} />
        </>
      )}
    </>
  )
}

/** Generated text that is read beside the user's. */
function Beside({ run, change }: PartProps) {
  return (
    <>
      <ChoiceRow
        label="Beside it"
        value={run.beside}
        options={[
          { value: 'none', label: 'nothing' },
          { value: 'shipped', label: 'text of the shipped models' },
          { value: 'small', label: 'text of the small world' }
        ]}
        onChange={(beside) => change({ beside })}
      />
      {run.beside !== 'none' && (
        <PercentRow
          label="Own text, % of the windows"
          share={run.ownShare}
          onChange={(ownShare) => change({ ownShare })}
        />
      )}
    </>
  )
}

/** Characters of generated text that there are, and how often each is read. */
function Amount({ run, replace, text }: Pick<TextProps, 'run' | 'replace'> & { text: 'shipped' | 'small' }) {
  const { textCharacters: amount, ...whole } = run
  const read = run.text === 'own' ? run.characters * (1 - run.ownShare) : run.characters
  const readings = read / generatedCorpus(text, run).characters
  return (
    <>
      <Numbers
        label="Characters of text"
        value={amount ?? 0}
        options={[0, ...textCharacters]}
        write={(characters) => (characters === 0 ? 'no limit' : formatCount(characters))}
        onChange={(characters) => replace(characters === 0 ? whole : { ...whole, textCharacters: characters })}
      />
      {readings > 1 && <p className={styles.note}>Each character is read {formatRatio(readings)} on average.</p>}
    </>
  )
}
