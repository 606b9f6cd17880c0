import type { Trace } from '@core/routing/trace'
import { useEffect, useState } from 'react'
import { useTheme } from '../app/use-appearance'
import { expertColour, type Theme } from '../charts/expert-colour'
import { formatExact, formatPercent, formatRatio } from '../charts/format'
import { useAppState } from '../state/app'
import { CommandButton } from '../ui/CommandButton'
import { Panel } from '../ui/Panel'
import { layerLoads } from './layer-loads'
import styles from './TraceView.module.css'

/** Loads of a routing trace: how evenly the router spreads its tokens. */
export function TraceView() {
  const opened = useAppState((state) => state.trace)
  return (
    <main className={styles.view}>
      <h1 className={styles.title}>Does the router use all of its experts?</h1>
      {opened ? <Loads name={opened.name} trace={opened.trace} /> : <NoTrace />}
    </main>
  )
}

function NoTrace() {
  return (
    <section className={styles.empty}>
      <h2>No trace is open</h2>
      <p>
        A trace holds what a router decided for each token. Record one of a model in a terminal, then open the file here
        or drop it on the window:
      </p>
      <pre>node out/cli/moescope.js trace record moe-64 --text FILE --out trace.safetensors</pre>
      <CommandButton id="open" look="primary" />
    </section>
  )
}

function Loads({ name, trace }: { name: string; trace: Trace }) {
  const theme = useTheme()
  const [loads, setLoads] = useState<number[][]>()
  useEffect(() => {
    let current = true
    void layerLoads(trace).then((found) => current && setLoads(found))
    return () => {
      current = false
    }
  }, [trace])
  if (!loads) return null
  const most = Math.max(...loads.flat())
  const even = 1 / trace.experts
  return (
    <>
      <p className={styles.answer}>
        The busiest expert takes <strong>{formatRatio(most / even)}</strong> its even share
      </p>
      <p className={styles.facts}>
        {[
          name,
          trace.model && `model ${trace.model}`,
          `${formatExact(trace.tokenCount)} tokens`,
          `${trace.layers.length} MoE layers`,
          `${trace.experts} experts`,
          `${trace.topK} at work`
        ]
          .filter(Boolean)
          .join(' · ')}
      </p>
      <div className={styles.layers}>
        {loads.map((shares, index) => (
          <Panel key={trace.layers[index]} title={`Layer ${(trace.layers[index] ?? 0) + 1}`}>
            <LayerLoads shares={shares} most={most} even={even} theme={theme} />
          </Panel>
        ))}
      </div>
      <p className={styles.facts}>Bars: share of a layer’s assignments, measured on this trace. Line: an even share.</p>
    </>
  )
}

interface LayerLoadsProps {
  readonly shares: readonly number[]
  /** The largest share of all layers, which takes the whole height. */
  readonly most: number
  readonly even: number
  readonly theme: Theme
}

function LayerLoads({ shares, most, even, theme }: LayerLoadsProps) {
  const height = 90
  return (
    <svg className={styles.bars} viewBox={`0 0 ${shares.length * 10} ${height}`} preserveAspectRatio="none" role="img">
      <title>{shares.map((share, expert) => `expert ${expert}: ${formatPercent(share)}`).join(', ')}</title>
      {shares.map((share, expert) => (
        <rect
          // oxlint-disable-next-line react/no-array-index-key -- an expert is its number
          key={expert}
          x={expert * 10 + 0.5}
          width={9}
          y={height * (1 - share / most)}
          height={(height * share) / most}
          fill={expertColour(expert, shares.length, theme)}
        >
          <title>{`expert ${expert}: ${formatPercent(share)}`}</title>
        </rect>
      ))}
      <line x2={shares.length * 10} y1={height * (1 - even / most)} y2={height * (1 - even / most)} />
    </svg>
  )
}
