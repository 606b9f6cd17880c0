import { measureMachine } from '../../bench/step-cost'
import { jsonBytes } from '../../formats/json'
import type { RunKind } from '../kind'
import { ensureMeasured } from '../measured-on'
import type { ProbedMachine, ProbeMachineSpec } from './probe-machine'
import { machineName, probeMachineForm } from './probe-machine'

/** Measures the limits of this machine, and the least that a step costs. */
export const probeMachine: RunKind<ProbeMachineSpec> = {
  ...probeMachineForm,
  run: async ({ on }, { files, backend, turn, keep, origin }) => {
    ensureMeasured(backend, on)
    if ((await files.names()).includes(machineName)) return
    const result: ProbedMachine = { format: 'moescope.machine/1', ...origin, ...(await measureMachine(backend, turn)) }
    await keep([{ name: machineName, content: jsonBytes(result) }])
  }
}
