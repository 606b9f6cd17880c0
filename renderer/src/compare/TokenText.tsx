/* oxlint-disable jsx-a11y/prefer-tag-over-role -- an <option> draws no line breaks and no underlines */
import type { StepRecord } from '@core/generate/records'
import { type KeyboardEvent, memo, type PointerEvent } from 'react'
import { expertColour, type Theme } from '../charts/expert-colour'
import { useApp, useAppState } from '../state/app'
import type { LibraryModel } from '../state/library'
import { useTheme } from '../ui/use-appearance'
import { type Mark, useCheckedText } from './checked-text'
import styles from './TokenText.module.css'

const chunkSize = 32

/**
 * Prompt and generated text, token by token. Lines are blocks, and their tokens are drawn in chunks: only the
 * last ones change while the text grows, and only they are laid out again. A token can be pointed at, or reached with
 * the arrow keys.
 */
export function TokenText({ side, model }: { side: 0 | 1; model: LibraryModel | undefined }) {
  const app = useApp()
  const theme = useTheme()
  const steps = useAppState(({ contestants }) => contestants[side].steps)
  const { marks } = useCheckedText(side)
  const status = useAppState((state) => state.status)
  const marked = useAppState(({ pointed, choices }) => {
    const place = pointed ?? choices.selected
    return place?.model === side ? place.position : undefined
  })

  const first = steps[0]?.position ?? 0
  const select = (position: number) => {
    const last = first + steps.length - 1
    const within = Math.min(last, Math.max(Math.max(1, first), position))
    app.choose({ selected: { model: side, position: within } })
    document.getElementById(tokenId(side, within))?.scrollIntoView({ block: 'nearest' })
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const promptEnd = steps.findLastIndex((each) => each.source === 'prompt') + first
    const moves: Readonly<Record<string, number>> = {
      ArrowRight: marked === undefined ? promptEnd : marked + 1,
      ArrowLeft: marked === undefined ? promptEnd : marked - 1,
      Home: 0,
      End: first + steps.length - 1
    }
    const target = moves[event.key]
    if (event.key === 'Escape') app.choose({ selected: null })
    else if (target !== undefined && steps.length > 0) select(target)
    else return
    event.preventDefault()
  }
  const point = (event: PointerEvent) => {
    const position = positionOf(event.target)
    const { pointed } = app.store.getState()
    if (pointed?.model === side && pointed.position === position) return
    app.store.setState({ pointed: position === undefined ? null : { model: side, position } })
  }

  const lines = linesOf(steps)
  const next = steps.at(-1)?.next.text
  return (
    <div
      className={styles.text}
      role="listbox"
      aria-label={`Text of the ${side === 0 ? 'left' : 'right'} model`}
      aria-activedescendant={marked === undefined ? undefined : tokenId(side, marked)}
      tabIndex={0}
      data-testid={`text-${side}`}
      data-experts={model?.role === 'moe' || undefined}
      onKeyDown={onKeyDown}
      onPointerMove={point}
      onPointerLeave={() => app.store.setState({ pointed: null })}
      onClick={(event) => {
        const position = positionOf(event.target)
        if (position !== undefined) select(position)
      }}
    >
      <div role="none">
        {steps.length === 0 && <Waiting />}
        {lines.map((line, i) => (
          <div key={line.start} role="none">
            {line.chunks.map((part) => (
              <Chunk
                key={part[0]?.position}
                steps={part}
                marks={part.map(({ position }) => marks.get(position))}
                side={side}
                theme={theme}
                marked={part.some(({ position }) => position === marked) ? marked : undefined}
                model={model}
              />
            ))}
            {i === lines.length - 1 && status !== 'finished' && (
              <span className={styles.next} role="none">
                {next === '\n' ? '⏎' : next}
              </span>
            )}
          </div>
        ))}
      </div>
    </div>
  )
}

function Waiting() {
  const status = useAppState((state) => state.status)
  const loading = useAppState((state) => state.loading)
  const prompt = useAppState(({ choices }) => choices.prompt)
  if (status === 'loading') return <Note className={styles.note} text={`${loading} …`} />
  if (status === 'failed') return <Note className={styles.note} text="Not running" />
  return <Note className={styles.prompt} text={prompt} cursor />
}

function Note({ text, className, cursor = false }: { text: string; className: string | undefined; cursor?: boolean }) {
  return (
    <span role="option" aria-selected={false} aria-disabled="true" className={className}>
      {text}
      {cursor && <span className={styles.next}> </span>}
    </span>
  )
}

interface Line {
  /** Index of its first step. */
  readonly start: number
  readonly chunks: readonly (readonly StepRecord[])[]
}

/** The lines of a text, each up to and with its end; after an end there is one more, which may have no step yet. */
function linesOf(steps: readonly StepRecord[]): Line[] {
  const lines: Line[] = []
  const ends = steps.flatMap(({ text }, i) => (text === '\n' ? [i + 1] : []))
  let start = 0
  for (const end of steps.length > 0 ? [...ends, steps.length] : []) {
    const chunks = []
    for (let from = start; from < end; from += chunkSize) {
      chunks.push(steps.slice(from, Math.min(end, from + chunkSize)))
    }
    lines.push({ start, chunks })
    start = end
  }
  return lines
}

interface ChunkProps {
  readonly steps: readonly StepRecord[]
  /** Of each step: the answer that it is part of. */
  readonly marks: readonly (Mark | undefined)[]
  readonly side: 0 | 1
  readonly theme: Theme
  readonly marked: number | undefined
  readonly model: LibraryModel | undefined
}

const Chunk = memo(
  function Chunk({ steps, marks, side, theme, marked, model }: ChunkProps) {
    return steps.map((step, i) => {
      if (step.position === 0) return null
      const mark = marks[i]
      return (
        <span
          key={step.position}
          id={tokenId(side, step.position)}
          role="option"
          aria-selected={step.position === marked}
          aria-label={names[step.text]}
          className={step.source === 'prompt' ? styles.prompt : styles.token}
          data-position={step.position}
          data-answer={mark && (mark.correct ? 'right' : 'wrong')}
          title={mark && !mark.correct ? `right would be ${mark.expected}` : undefined}
          style={underline(step, theme, model)}
        >
          {step.text === '\n' ? '⏎' : step.text}
        </span>
      )
    })
  },
  (before, after) =>
    before.steps.length === after.steps.length &&
    before.steps[0] === after.steps[0] &&
    before.marks.every((mark, i) => mark?.correct === after.marks[i]?.correct) &&
    before.marked === after.marked &&
    before.theme === after.theme &&
    before.model === after.model
)

const names: Readonly<Record<string, string>> = { ' ': 'space', '\n': 'end of line' }

/** The colour of the expert with the largest weight in the last layer that has experts. */
function underline({ routing }: StepRecord, theme: Theme, model: LibraryModel | undefined) {
  const decision = routing.findLast(({ experts }) => experts.length > 0)
  const best = decision?.experts[0]
  if (!decision || best === undefined || !model) return undefined
  return { borderBottomColor: expertColour(best, decision.probabilities.length, theme) }
}

function tokenId(side: 0 | 1, position: number): string {
  return `token-${side}-${position}`
}

function positionOf(target: EventTarget): number | undefined {
  const token = target instanceof Element ? target.closest<HTMLElement>('[data-position]') : null
  return token ? Number(token.dataset.position) : undefined
}
