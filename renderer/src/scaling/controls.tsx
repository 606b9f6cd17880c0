import { findLaw, type Law, laws } from '@core/scaling/laws'
import { formatLarge, formatPower, parseLarge } from '../charts/format-large'
import { Choice } from '../ui/Choice'
import { Formula } from '../ui/Formula'
import { Range } from '../ui/Range'
import type { ScalingChoices } from './choices'
import styles from './Scaling.module.css'
import { useScaling } from './use-scaling'

type Amount = 'parameters' | 'tokens' | 'flops' | 'served' | 'unique' | 'speed'

const amounts: Readonly<Record<Amount, { label: string; from: number; to: number; unit: string }>> = {
  parameters: { label: 'Size', from: 7, to: 13, unit: 'parameters' },
  tokens: { label: 'Trained on', from: 9, to: 14, unit: 'tokens' },
  flops: { label: 'Compute', from: 18, to: 27, unit: 'FLOPs' },
  served: { label: 'Used for', from: 8, to: 15, unit: 'tokens' },
  unique: { label: 'Different text', from: 8, to: 13, unit: 'tokens' },
  speed: { label: 'Speed of a device', from: 0, to: 5, unit: 'tokens/s' }
}

/** A slider over powers of ten, whose amount can be typed. */
export function AmountRange({ amount }: { amount: Amount }) {
  const [chosen, choose] = useScaling()
  const { label, from, to, unit } = amounts[amount]
  const write = amount === 'flops' ? formatPower : formatLarge
  return (
    <Range
      label={label}
      value={chosen[amount]}
      min={from}
      max={to}
      step={0.05}
      write={(power) => write(10 ** power)}
      read={(text) => logarithm(text, Math.log10)}
      unit={unit}
      onChange={(power) => choose({ [amount]: power })}
    />
  )
}

/** Logarithm of a typed amount; undefined where there is no amount above 0. */
function logarithm(text: string, log: (amount: number) => number): number | undefined {
  const amount = parseLarge(text)
  return amount !== undefined && amount > 0 ? log(amount) : undefined
}

/** Experts of a layer, doubled at each step. */
export function ExpertsRange() {
  const [{ experts }, choose] = useScaling()
  return (
    <Range
      label="Experts"
      value={Math.log2(experts)}
      min={0}
      max={10}
      step={1}
      write={(power) => String(Math.round(2 ** power))}
      read={(text) => logarithm(text, Math.log2)}
      onChange={(power) => choose({ experts: Math.round(2 ** power) })}
    />
  )
}

/** Slider of the granularity, which doubles at each step. */
export function GranularityRange() {
  const [{ granularity }, choose] = useScaling()
  return (
    <Range
      label="Granularity"
      value={Math.log2(granularity)}
      min={0}
      max={6}
      step={1}
      write={(power) => String(Math.round(2 ** power))}
      read={(text) => logarithm(text, Math.log2)}
      onChange={(power) => choose({ granularity: Math.round(2 ** power) })}
    />
  )
}

/** One of some laws; the first where the chosen one is none of them. */
export function useLaw(ids: readonly string[]): Law {
  const [{ law }] = useScaling()
  const found = findLaw(ids.includes(law) ? law : (ids[0] ?? ''))
  if (!found) throw new Error(`there is no law '${ids[0]}'`)
  return found
}

/** Which law is asked. */
export function LawChoice({ law, among }: { law: Law; among: readonly string[] }) {
  const [, choose] = useScaling()
  return (
    <Choice<ScalingChoices['law']>
      label="Law"
      value={law.id}
      options={laws
        .filter(({ id }) => among.includes(id))
        .map(({ id, name, source }) => ({ value: id, label: name, hint: source.split(/[,(;]/)[0]?.trim() ?? '' }))}
      onChange={(id) => choose({ law: id })}
    />
  )
}

/** Formula, source, region of the fit and caveats of a law. */
export function LawFacts({ law }: { law: Law }) {
  return (
    <dl className={styles.facts}>
      <dt>Formula</dt>
      <dd>
        <Formula text={law.formula} />; N counts {law.counts}
      </dd>
      <dt>Source</dt>
      <dd>
        {law.source}
        {law.provenance === 'secondary' ? ' (quoted elsewhere, not checked against the paper)' : ''}
        {law.provenance === 'folklore' ? ' (folklore)' : ''}
      </dd>
      <dt>Fitted on</dt>
      <dd>{law.region.source}</dd>
      {law.note !== undefined && (
        <>
          <dt>Caveat</dt>
          <dd>{law.note}</dd>
        </>
      )}
    </dl>
  )
}
