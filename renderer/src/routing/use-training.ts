/** The traces of one training that are open, and what is measured over them. */

import { messageOf } from '@core/reason'
import { proxy } from 'comlink'
import { useEffect, useState } from 'react'
import type { FollowedCheckpoint, RoutingFacts } from '../engine/routing-protocol'
import { useApp, useAppState } from '../state/app'
import { chosenPart } from './inspector'
import type { OpenTrace } from './state'
import { useInspected } from './use-inspected'

/** A checkpoint of the training that is shown. */
export interface OpenCheckpoint {
  readonly trace: OpenTrace
  readonly step: number
}

export interface OpenTraining {
  /** In the order of the training, each step once. */
  readonly checkpoints: readonly OpenCheckpoint[]
  /** Traces of the same shape whose step nothing tells. */
  readonly unplaced: readonly OpenTrace[]
  /** Name of the training, which its traces share. */
  readonly series: string
}

/** The training that the first trace belongs to, as far as it is open. */
export function useOpenTraining(): OpenTraining {
  const traces = useAppState((state) => state.traces)
  const { facts } = useInspected()
  const fitting = traces.filter((trace) => isAlike(trace.facts, facts))
  const series = fitting.find(({ training }) => training)?.training?.series ?? ''
  const bySteps = new Map<number, OpenTrace>()
  for (const trace of fitting) {
    const { training } = trace
    if (training?.series === series && !bySteps.has(training.step)) bySteps.set(training.step, trace)
  }
  const checkpoints = [...bySteps].map(([step, trace]) => ({ step, trace })).sort((a, b) => a.step - b.step)
  return { checkpoints, unplaced: fitting.filter(({ training }) => !training), series }
}

/** True of two traces whose shapes and lengths allow one training and one text. */
function isAlike(a: RoutingFacts, b: RoutingFacts): boolean {
  const shape = ({ kind, layers, experts, topK, tokenCount, domains }: RoutingFacts) =>
    JSON.stringify([kind, layers.length, experts, topK, tokenCount, domains])
  return a.kind === 'trace' && shape(a) === shape(b)
}

/** Statistics of one checkpoint. */
export interface Followed extends FollowedCheckpoint {
  readonly step: number
}

export type FollowedTraining =
  | { readonly status: 'known'; readonly points: readonly Followed[] }
  | { readonly status: 'measuring'; readonly progress: number }
  | { readonly status: 'failed'; readonly reason: string }

/** Has the chosen part of every checkpoint measured. */
export function useFollowed(checkpoints: readonly OpenCheckpoint[]): FollowedTraining {
  const { inspector } = useApp()
  const { facts, inspection } = useInspected()
  const asked = JSON.stringify({
    ids: checkpoints.map(({ trace }) => trace.id),
    steps: checkpoints.map(({ step }) => step),
    part: chosenPart(inspection, facts)
  })
  const [found, setFound] = useState<{ readonly asked: string; readonly training: FollowedTraining }>()
  useEffect(() => {
    let current = true
    const tell = (training: FollowedTraining) => current && setFound({ asked, training })
    const { ids, steps, part } = JSON.parse(asked)
    inspector.api
      .follow(
        ids,
        part,
        proxy((progress) => tell({ status: 'measuring', progress }))
      )
      .then((points) => tell({ status: 'known', points: points.map((each, i) => ({ ...each, step: steps[i] })) }))
      .catch((error: unknown) => tell({ status: 'failed', reason: messageOf(error) }))
    return () => {
      current = false
    }
  }, [inspector, asked])
  return found?.asked === asked ? found.training : { status: 'measuring', progress: 0 }
}
