import type { WrittenLine, WrittenSample } from '@core/train/samples'
import styles from './WrittenLines.module.css'

/** The latest sample of a model: a few beginnings and how it goes on, its right and wrong answers marked. */
export function WrittenLines({ sample }: { sample: WrittenSample }) {
  return (
    <ul className={styles.lines} aria-label={`Written after step ${sample.step}, at temperature 0`}>
      {sample.lines.map((line) => (
        <li key={line.prompt}>
          <span className={styles.prompt}>{line.prompt}</span>
          <Written line={line} />
        </li>
      ))}
    </ul>
  )
}

function Written({ line: { written, answers } }: { line: WrittenLine }) {
  const parts = answers.map(({ start, end, correct, expected }, i) => {
    const before = written.slice(answers[i - 1]?.end ?? 0, start)
    const right = correct ? 'right' : 'wrong'
    return (
      <span key={start}>
        {before}
        <mark data-answer={right} title={correct ? 'right' : `wrong: it is ${expected}`}>
          {written.slice(start, end)}
        </mark>
      </span>
    )
  })
  return (
    <>
      {parts}
      {written.slice(answers.at(-1)?.end ?? 0)}
    </>
  )
}
