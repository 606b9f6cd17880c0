import { moeLayers, moeShape } from '@core/arch/architecture'
import { countText, storedOff } from '@core/model/experts-off'
import { type KeyboardEvent, type PointerEvent, useRef, useState } from 'react'
import { expertColour } from '../charts/expert-colour'
import { useApp, useAppState } from '../state/app'
import type { LibraryModel } from '../state/library'
import { Button } from '../ui/Button'
import { useTheme } from '../ui/use-appearance'
import styles from './ExpertSwitches.module.css'
import { masksOf } from './exam'

/** Every expert of a model as a switch: clicked, dragged over, or by the keyboard. */
export function ExpertSwitches({ model }: { model: LibraryModel }) {
  const { choose, store, notify } = useApp()
  const choices = useAppState((state) => state.choices)
  const masks = masksOf(choices, model)
  const layers = moeLayers(model.architecture)
  const setOff = (layer: number, off: readonly number[]) => {
    const { experts, topK } = moeShape(model.architecture, layer)
    if (off.length > experts - topK && off.length < experts) {
      return notify(
        `Layer ${layer}: each token needs ${topK} experts, so ${topK} of ${experts} stay on, or its MoE is skipped as a whole.`
      )
    }
    const { expertsOff } = store.getState().choices
    const others = storedOff(model.architecture, masksOf({ expertsOff }, model)).filter((each) => each.layer !== layer)
    const own = off.length > 0 ? [{ layer, experts: off.toSorted((a, b) => a - b) }] : []
    const changed = [...others, ...own].sort((a, b) => a.layer - b.layer)
    const { [model.id]: _, ...rest } = expertsOff
    choose({ expertsOff: changed.length > 0 ? { ...rest, [model.id]: changed } : rest })
  }
  const off = storedOff(model.architecture, masks)
  return (
    <fieldset className={styles.switches} aria-label={`Switch experts of ${model.id} off`}>
      {layers.map((layer, index) => (
        <LayerSwitches
          key={layer}
          layer={layer}
          shape={moeShape(model.architecture, layer)}
          loads={model.loads[index]}
          off={off.find((each) => each.layer === layer)?.experts ?? []}
          onChange={(off) => setOff(layer, off)}
        />
      ))}
      <output className={styles.state} data-off={off.length > 0 || undefined}>
        {off.length > 0 ? countText(model.architecture, masks) : 'Click or drag over experts to switch them off.'}
      </output>
      {off.length > 0 && <RestoreExperts />}
    </fieldset>
  )
}

/** All experts of all models on again. */
export function RestoreExperts() {
  const { choose } = useApp()
  return (
    <Button look="primary" className={styles.restore ?? ''} onClick={() => choose({ expertsOff: {} })}>
      All experts on
    </Button>
  )
}

interface LayerProps {
  readonly layer: number
  readonly shape: { readonly experts: number; readonly topK: number }
  /** Load of each expert on validation text; undefined where it is not known. */
  readonly loads: readonly number[] | undefined
  readonly off: readonly number[]
  readonly onChange: (off: readonly number[]) => void
}

function LayerSwitches({ layer, shape: { experts, topK }, loads, off, onChange }: LayerProps) {
  const theme = useTheme()
  const [focused, focus] = useState(0)
  /** While a pointer drags: true when it switches off. */
  const drags = useRef<boolean>(undefined)
  const numbers = Array.from({ length: experts }, (_, expert) => expert)
  const byLoad = loads && numbers.toSorted((a, b) => (loads[b] ?? 0) - (loads[a] ?? 0))
  const isSkipped = off.length === experts
  const turn = (expert: number, toOff: boolean) => {
    // One of a layer that is skipped brings the layer back: fewer than k experts cannot be on.
    if (isSkipped) return onChange([])
    if (off.includes(expert) !== toOff) onChange(toOff ? [...off, expert] : off.filter((each) => each !== expert))
  }
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const moves: Readonly<Record<string, number>> = {
      ArrowRight: Math.min(focused + 1, experts - 1),
      ArrowLeft: Math.max(focused - 1, 0),
      Home: 0,
      End: experts - 1
    }
    const target = moves[event.key]
    if (target === undefined) return
    event.preventDefault()
    focus(target)
    event.currentTarget.querySelectorAll('button')[target]?.focus()
  }
  const onDrag = (event: PointerEvent, expert: number) => {
    if (event.buttons % 2 === 1 && drags.current !== undefined) turn(expert, drags.current)
  }
  return (
    <>
      <span className={styles.layer}>layer {layer}</span>
      <div
        className={styles.experts}
        role="toolbar"
        tabIndex={-1}
        aria-label={`Experts of layer ${layer}`}
        onKeyDown={onKeyDown}
      >
        {numbers.map((expert) => (
          <button
            key={expert}
            type="button"
            className={styles.expert}
            style={{ borderBottomColor: expertColour(expert, experts, theme) }}
            aria-pressed={!off.includes(expert)}
            aria-label={`Layer ${layer}, expert ${expert}`}
            title={`Layer ${layer}, expert ${expert}: ${off.includes(expert) ? 'off' : 'on'}`}
            tabIndex={expert === focused ? 0 : -1}
            onFocus={() => focus(expert)}
            onPointerDown={(event) => {
              if (event.button !== 0) return
              // Else the pointer stays with this expert, and enters no other.
              event.currentTarget.releasePointerCapture(event.pointerId)
              drags.current = !off.includes(expert)
              turn(expert, drags.current)
            }}
            onPointerEnter={(event) => onDrag(event, expert)}
            // By the keyboard; a pointer has switched already.
            onClick={({ detail }) => detail === 0 && turn(expert, !off.includes(expert))}
          >
            {expert}
          </button>
        ))}
      </div>
      <span className={styles.quick}>
        {byLoad && (
          <>
            <Button look="quiet" aria-label={`Layer ${layer}: top off`} onClick={() => onChange(byLoad.slice(0, 1))}>
              top off
            </Button>
            <Button
              look="quiet"
              aria-label={`Layer ${layer}: all but top ${topK}`}
              onClick={() => onChange(byLoad.slice(topK))}
            >
              all but top {topK}
            </Button>
          </>
        )}
        <Button
          look="quiet"
          disabled={isSkipped}
          aria-label={`Layer ${layer}: skip MoE`}
          title="The whole MoE of this layer adds nothing, routed and shared experts alike: what attention left in the residual stream passes on."
          onClick={() => onChange(numbers)}
        >
          skip MoE
        </Button>
        <Button
          look="quiet"
          disabled={off.length === 0}
          aria-label={`Layer ${layer}: all on`}
          onClick={() => onChange([])}
        >
          all on
        </Button>
      </span>
    </>
  )
}
