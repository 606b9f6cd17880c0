import { storedBytes } from '@core/arch/count/bytes'
import { cacheBytes } from '@core/arch/count/cache'
import { modelFlopsPerToken } from '@core/arch/count/flops'
import { describeWorkload, type MemoryNeed, memoryNeed, type SpeedPrediction } from '@core/bench/predicted'
import { formatExact, formatPercent, formatSpeed } from '../charts/format'
import { formatBytes, formatLarge, formatMemory, formatPower } from '../charts/format-large'
import { Button } from '../ui/Button'
import { Choice } from '../ui/Choice'
import { CommandButton } from '../ui/CommandButton'
import { Panel } from '../ui/Panel'
import styles from './Architectures.module.css'
import { maxCompared } from './choices'
import { useDevice, useMemoryOf } from './devices'
import { activeShare, expertsText } from './gallery-rows'
import { Head } from './Head'
import { Meters } from './MetersPanel'
import { limitWords, predict } from './predict'
import { Situation } from './Situation'
import type { Subject } from './subjects'
import { useArchitectures } from './use-architectures'

/** Sets of models to compare; the first names its models, which a presenter looks for. */
const suggestions = [
  {
    label: 'Mixtral, Llama 70B, Qwen3 30B, gpt-oss 120B',
    ids: ['mixtral-8x7b', 'llama-3.1-70b', 'qwen3-30b-a3b', 'gpt-oss-120b']
  },
  { label: 'Dense against sparse at one active size', ids: ['llama-1-13b', 'mixtral-8x7b', 'jamba-v0.1'] },
  { label: 'Ever sparser', ids: ['mixtral-8x7b', 'qwen3-235b-a22b', 'deepseek-v3', 'kimi-k2'] }
] as const

/** Up to four models side by side: which shape is better for what there is? */
export function CompareModels({ subjects }: { subjects: readonly Subject[] }) {
  const [{ compared }, choose] = useArchitectures()
  const shown = subjectsOf(compared, subjects)
  return (
    <>
      <Head question="Which shape gets more out of this memory and this device?" />
      {shown.length === 0 ? (
        <>
          <section className={styles.message}>
            <p>No models are side by side yet. Tick up to {maxCompared} in All models, or begin with one of these.</p>
            <div className={styles.buttons}>
              {suggestions.map(({ label, ids }, i) => (
                <Button key={label} look={i === 0 ? 'primary' : 'plain'} onClick={() => choose({ compared: [...ids] })}>
                  {label}
                </Button>
              ))}
              <Button onClick={() => choose({ screen: 'gallery' })}>All models</Button>
            </div>
          </section>
          {suggestions.map(({ label, ids }) => (
            <Meters
              key={label}
              title={label}
              fileName="suggested-meters"
              rows={subjectsOf(ids, subjects).map((subject) => ({ subject, label: subject.name }))}
            />
          ))}
        </>
      ) : (
        <SideBySide shown={shown} subjects={subjects} />
      )}
    </>
  )
}

function subjectsOf(ids: readonly string[], subjects: readonly Subject[]): Subject[] {
  return ids.flatMap((id) => subjects.find((each) => each.id === id) ?? [])
}

function SideBySide({ shown, subjects }: { shown: readonly Subject[]; subjects: readonly Subject[] }) {
  const [chosen, choose] = useArchitectures()
  const device = useDevice(chosen.device)
  const memoryOf = useMemoryOf(chosen.device)
  const needs = shown.map(({ description }) => memoryOf && memoryNeed(describeWorkload(description, chosen), memoryOf))
  const speeds = shown.map((subject) => {
    const speed = device ? predict('decode', subject, chosen, device) : undefined
    return typeof speed === 'string' ? undefined : speed
  })
  const [fastest] = shown
    .flatMap((subject, i) => {
      const speed = speeds[i]
      return speed && speed.memory.fits !== false ? [{ subject, speed }] : []
    })
    .sort((a, b) => b.speed.tokensPerSecond - a.speed.tokensPerSecond)
  const others = subjects.filter(({ id }) => !chosen.compared.includes(id))
  const rows = rowsOf(shown, chosen, speeds, needs)
  return (
    <>
      <p className={styles.answer}>
        {fastest ? (
          <>
            <strong data-kind={fastest.subject.kind}>
              {formatSpeed(fastest.speed.tokensPerSecond / chosen.batch)} tokens/s
            </strong>
            <span>
              predicted for {fastest.subject.name}, the fastest that fits into {device?.name}
            </span>
          </>
        ) : (
          <span>
            {device
              ? `None of them fits into ${device.name} at ${chosen.format}.`
              : 'This machine is not measured yet.'}{' '}
            {!device && <CommandButton id="measure-machine" />}
          </span>
        )}
      </p>
      <Situation />
      <Meters
        title="Total, active and effective parameters"
        fileName="side-by-side-meters"
        rows={shown.map((subject) => ({ subject, label: subject.name }))}
      />
      <Panel
        title="Figure by figure"
        aside={
          shown.length < maxCompared && (
            <Choice
              label="Add a model"
              value=""
              options={[
                { value: '', label: 'Add a model' },
                ...others.map(({ id, name, count }) => ({ value: id, label: name, hint: formatLarge(count.total) }))
              ]}
              onChange={(id) => id !== '' && choose({ compared: [...chosen.compared, id] })}
            />
          )
        }
      >
        <div className={styles.scroll}>
          <table className={styles.table}>
            <thead>
              <tr>
                <th scope="col">Figure</th>
                {shown.map(({ id, name, kind }) => (
                  <th key={id} scope="col">
                    <button
                      type="button"
                      className={styles.textButton}
                      data-kind={kind}
                      onClick={() => choose({ screen: 'one', model: id, changes: {} })}
                    >
                      {name}
                    </button>{' '}
                    <button
                      type="button"
                      className={styles.textButton}
                      aria-label={`Take ${name} away`}
                      onClick={() => choose({ compared: chosen.compared.filter((each) => each !== id) })}
                    >
                      ×
                    </button>
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map(({ label, values }) => (
                <tr key={label}>
                  <th scope="row">{label}</th>
                  {values.map((value, i) => (
                    <td key={shown[i]?.id}>{value}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
        <p className={styles.facts}>Sizes and bytes are counted from the configurations; speeds are predicted.</p>
      </Panel>
    </>
  )
}

function rowsOf(
  shown: readonly Subject[],
  { format, context, batch }: ReturnType<typeof useArchitectures>[0],
  speeds: readonly (SpeedPrediction | undefined)[],
  needs: readonly (MemoryNeed | undefined)[]
): { readonly label: string; readonly values: readonly string[] }[] {
  const row = (label: string, write: (subject: Subject, i: number) => string) => ({ label, values: shown.map(write) })
  return [
    row('Total parameters', ({ count }) => formatLarge(count.total)),
    row('Active parameters, all conventions', ({ count: { active } }) =>
      [active.all, active.no_input_embedding, active.no_embedding].map(formatLarge).join(' · ')
    ),
    row('Active share', (subject) => formatPercent(activeShare(subject))),
    row(
      'Layers × width',
      ({ description: { stacks, width } }) =>
        `${stacks.map(({ blocks }) => blocks.length).join(' + ')} × ${formatExact(width)}`
    ),
    row('Experts', ({ experts }) => expertsText(experts)),
    row('Expert FFN width', ({ experts }) => (experts ? formatExact(experts.expertWidth) : '–')),
    row(`Weights at ${format}`, ({ description }) => formatMemory(storedBytes(description, format))),
    row('KV cache a token', ({ cachePerToken }) => (cachePerToken === null ? '–' : formatBytes(cachePerToken))),
    row(`KV cache at ${context.toLocaleString('en')} tokens × ${batch}`, ({ description }) => {
      const { keysAndValues, state } = cacheBytes(description, { context, batch })
      return formatBytes(keysAndValues + state)
    }),
    row(`FLOPs per token at ${context.toLocaleString('en')}`, ({ description }) =>
      formatPower(modelFlopsPerToken(description, context))
    ),
    row('Tokens/s of a sequence, predicted', (_, i) => {
      const speed = speeds[i]
      return speed ? formatSpeed(speed.tokensPerSecond / batch) : '–'
    }),
    row('A step waits for', (_, i) => {
      const speed = speeds[i]
      return speed ? limitWords[speed.limit] : '–'
    }),
    row('Fits', (_, i) => {
      const fits = needs[i]?.fits
      return fits === undefined || fits === null ? 'not known' : fits ? 'yes' : 'no'
    })
  ]
}
