/** A race on record: saved as one JSON file, and shown again without computing anything. */
import { z } from 'zod'
import { parseJson } from '../formats/json'
import { parsedBy } from '../formats/problems'
import { corpusSpecSchema } from '../formats/training-report'
import { maskedLayerSchema } from '../model/intervention'
import type { Race } from './race'
import { contestantOfTurn } from './race'
import { generationSettingsSchema, stepRecordSchema } from './records'
import { speedOf } from './speed'

const recordedModelSchema = z.object({
  id: z.string(),
  /** The world that it learned; absent where nothing tells, and in runs of before there were two editions. */
  world: corpusSpecSchema.shape.world.unwrap().optional(),
  steps: z.array(stepRecordSchema).min(1),
  /** Milliseconds in ONNX Runtime for the prompt. */
  prefill_ms: z.number().optional(),
  /** Experts that were switched off. */
  experts_off: z.array(maskedLayerSchema).min(1).optional(),
  /** The steps of the same model with all of its experts, beside those with some of them off. */
  whole_steps: z.array(stepRecordSchema).optional()
})

export const runRecordSchema = z.object({
  format: z.literal('moescope.run/1'),
  settings: generationSettingsSchema,
  backend: z.enum(['wasm', 'webgpu', 'native', 'reference']),
  threads: z.int().positive(),
  models: z.array(recordedModelSchema).min(1)
})

export type RunRecord = z.infer<typeof runRecordSchema>

/** Reads a run record from JSON text. Throws a `FormatError` that says what is wrong with it. */
export function readRunRecord(text: string): RunRecord {
  const place = 'this is no run record of Moescope: '
  return parsedBy(runRecordSchema, parseJson(text, `${place}it`), place)
}

/** Recorded steps of one contestant. */
type Recorded = Pick<RunRecord['models'][number], 'steps' | 'prefill_ms'>

/**
 * A race that gives the recorded turns in their order and computes nothing. Models of which experts were off are followed
 * by themselves with all experts, as while it ran.
 */
export function replayRace(record: RunRecord): Race {
  const models: Recorded[] = [
    ...record.models,
    ...record.models.flatMap(({ whole_steps: steps }) => (steps ? [{ steps }] : []))
  ]
  const played = models.map(() => 0)
  const promptLengths = models.map(({ steps }) => steps.filter((each) => each.source === 'prompt').length)
  let turns = 0
  return {
    turn: async () => {
      if (models.every(({ steps }, i) => (played[i] ?? 0) >= steps.length)) return undefined
      const contestant = contestantOfTurn(turns++, models.length)
      const begun = played[contestant] ?? 0
      const count = begun === 0 ? (promptLengths[contestant] ?? 0) : 1
      const model = models[contestant]
      played[contestant] = begun + count
      return {
        contestant,
        records: model?.steps.slice(begun, begun + count) ?? [],
        prefillMs: begun === 0 ? model?.prefill_ms : undefined
      }
    },
    get speeds() {
      return models.map(({ steps }, i) =>
        speedOf(steps.slice(0, played[i]).flatMap(({ stepMs }) => (stepMs === undefined ? [] : [stepMs])))
      )
    },
    get prefillTokensPerSecond() {
      return models.map(({ prefill_ms: ms }, i) =>
        ms === undefined || (played[i] ?? 0) === 0 ? undefined : (1000 * (promptLengths[i] ?? 0)) / ms
      )
    }
  }
}
