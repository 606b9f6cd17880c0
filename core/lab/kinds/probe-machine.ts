import { z } from 'zod'
import type { MeasuredMachine } from '../../bench/step-cost'
import { jsonBy } from '../../formats/json'
import type { RunForm } from '../kind'
import { measuredOnSchema } from '../measured-on'

export const probeMachineSpecSchema = z.strictObject({ on: measuredOnSchema })

export type ProbeMachineSpec = z.infer<typeof probeMachineSpecSchema>

/** A machine as it is kept. */
export interface ProbedMachine extends MeasuredMachine {
  readonly format: 'moescope.machine/1'
  readonly machine: string
  readonly versions: Readonly<Record<string, string>>
}

/** The result of the probe. */
export const machineName = 'machine.json'

/** The limits of this machine, and the least that a step costs. */
export const probeMachineForm: RunForm<ProbeMachineSpec> = {
  kind: 'probe-machine',
  spec: probeMachineSpecSchema,
  stem: ({ on }) => `machine-${on.backend}`,
  title: () => 'Limits of this machine',
  needs: () => 'quiet'
}

const rate = z.number().positive()
const milliseconds = z.number().nonnegative()

const machineSchema = z.object({
  format: z.literal('moescope.machine/1'),
  machine: z.string(),
  versions: z.record(z.string(), z.string()),
  gflops: rate,
  readGigabytesPerSecond: rate,
  readRates: z.array(z.object({ bytes: z.int().positive(), gigabytesPerSecond: rate })),
  stepCost: z.object({
    stepMs: milliseconds,
    denseLayerMs: milliseconds,
    gatheredLayerMs: milliseconds,
    branchedLayerMs: milliseconds
  })
})

/** Reads `machine.json`. Throws a `FormatError` when it is damaged. */
export function readMachine(bytes: Uint8Array): ProbedMachine {
  return jsonBy(machineSchema, bytes, machineName)
}
