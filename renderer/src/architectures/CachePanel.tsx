import { cacheBytes } from '@core/arch/count/cache'
import { formatBytes, formatLarge } from '../charts/format-large'
import { XYChart, type XYSeries } from '../charts/XYChart'
import { ChartPanel } from '../ui/ChartPanel'
import { againstOriginal } from './difference'
import type { Subject } from './subjects'
import { useArchitectures } from './use-architectures'

const contexts = Array.from({ length: 27 }, (_, i) => Math.round(2 ** (7 + i / 2)))

/** The cache of keys and values as a sequence grows. */
export function CachePanel({ original, shown }: { original: Subject; shown: Subject }) {
  const [{ context, batch }] = useArchitectures()
  const bytesAt = ({ description }: Subject, tokens: number) => {
    const { keysAndValues, state } = cacheBytes(description, { context: tokens, batch })
    return keysAndValues + state
  }
  const seriesOf = (subject: Subject, id: string, look: XYSeries['look'], label: string): XYSeries => ({
    id,
    label,
    mark: 'line',
    look: look ?? 'plain',
    colour: subject.kind === 'moe' ? 'var(--moe)' : 'var(--dense)',
    points: contexts.map((tokens) => ({
      x: tokens,
      y: bytesAt(subject, tokens),
      title: `${formatLarge(tokens)} tokens: ${formatBytes(bytesAt(subject, tokens))}`
    }))
  })
  const now = bytesAt(shown, context)
  const isChanged = shown !== original
  return (
    <ChartPanel
      title="What does it remember of the text?"
      fileName={`${original.id}-cache`}
      table={() => ({
        columns: ['context', 'bytes', ...(isChanged ? ['original_bytes'] : [])],
        rows: contexts.map((tokens) => [
          tokens,
          bytesAt(shown, tokens),
          ...(isChanged ? [bytesAt(original, tokens)] : [])
        ])
      })}
      legend="KV cache in 16 bits, counted"
      answer={answerOf(shown, now, context, batch, againstOriginal(now, bytesAt(original, context)))}
    >
      {(frame) =>
        now > 0 && (
          <XYChart
            series={[
              ...(isChanged ? [seriesOf(original, 'original', 'dashed', 'as it is')] : []),
              seriesOf(shown, 'shown', 'plain', isChanged ? 'changed' : ''),
              {
                id: 'now',
                label: '',
                mark: 'points',
                points: [{ x: context, y: now, title: `${formatLarge(context)} tokens: ${formatBytes(now)}` }]
              }
            ]}
            x={{ label: 'context, tokens', scale: 'log', format: formatLarge }}
            y={{ label: 'KV cache, bytes', scale: 'log', format: formatBytes }}
            labelRoom={isChanged ? 70 : 14}
            {...frame}
            height={230}
            description={`Cache against context: ${formatBytes(now)} at ${context} tokens`}
          />
        )
      }
    </ChartPanel>
  )
}

function answerOf({ cachePerToken }: Subject, now: number, context: number, batch: number, difference: string): string {
  if (cachePerToken === null) return 'It sees all its text at once, and keeps no cache.'
  const sequences = batch === 1 ? '' : ` of each of ${batch} sequences`
  const each =
    cachePerToken === 0 ? 'once its windows are full it grows no more' : `${formatBytes(cachePerToken)} a further token`
  return `${formatBytes(now)} at ${context.toLocaleString('en')} tokens${sequences}${difference}; ${each}.`
}
