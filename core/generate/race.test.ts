import * as onnxRuntime from 'onnxruntime-node'
import { expect, test } from 'vitest'
import { denseArchitecture, moeArchitecture } from '../arch/presets'
import { tokenizer } from '../corpus'
import { initialWeights } from '../model/initial-weights'
import { createOnnxRuntimeBackend } from '../runtime/onnx-runtime'
import { createDecoder } from './decoder'
import type { Race } from './race'
import { createRace } from './race'
import type { GenerationSettings, StepRecord, Turn } from './records'
import type { RunRecord } from './run-record'
import { readRunRecord, replayRace } from './run-record'

const backend = createOnnxRuntimeBackend(onnxRuntime, { name: 'native', threads: 1 })
const shape = { width: 16, vocabularySize: tokenizer.size }
const settings: GenerationSettings = { prompt: 'geba lives ', tokens: 100, seed: 4, temperature: 1, topP: 0.9 }

const decoders = Promise.all(
  [denseArchitecture(shape), moeArchitecture({ ...shape, experts: 4 })].map((architecture, i) =>
    createDecoder(backend, {
      id: ['dense', 'moe'][i] ?? '',
      architecture,
      parameters: initialWeights(architecture, 2).map((each) => 3 * each),
      tokenizer,
      report: undefined
    })
  )
)

async function turnsOf(race: Race): Promise<Turn[]> {
  const turns: Turn[] = []
  for (let turn = await race.turn(); turn; turn = await race.turn()) turns.push(turn)
  return turns
}

function stepsOf(turns: readonly Turn[], contestant: number): StepRecord[] {
  return turns.filter((turn) => turn.contestant === contestant).flatMap((turn) => turn.records)
}

/** The deterministic part of a race, without the clocks. */
function withoutClocks(steps: readonly StepRecord[]) {
  return steps.map(({ runtimeMs: _runtime, stepMs: _step, ...rest }) => rest)
}

test('contestants take turns: first the whole prompt, then one token each, beyond one context', async () => {
  const race = createRace(await decoders, settings)
  const turns = await turnsOf(race)
  expect(turns.map((turn) => turn.contestant)).toEqual(turns.map((_, i) => [0, 1, 1, 0][i % 4]))
  const prompt = `\n${settings.prompt}`
  for (const contestant of [0, 1]) {
    const steps = stepsOf(turns, contestant)
    expect(steps.map((each) => each.position)).toEqual(steps.map((_, i) => i))
    expect(
      steps
        .filter((each) => each.source === 'prompt')
        .map((each) => each.text)
        .join('')
    ).toBe(prompt)
    expect(steps.filter((each) => each.source === 'generated')).toHaveLength(settings.tokens)
    steps.slice(1).forEach((step, i) => expect(step.token).toBe(steps[i]?.next.token))
    for (const { next } of steps) {
      expect(next.candidates.map((each) => each.probability)).toEqual(
        next.candidates.map((each) => each.probability).toSorted((a, b) => b - a)
      )
      const chosen = next.candidates.find((each) => each.token === next.token)
      if (chosen) expect(Math.exp(next.logprob)).toBeCloseTo(chosen.probability, 9)
    }
  }
  expect(stepsOf(turns, 0).every((step) => step.routing.length === 0)).toBe(true)
  for (const { routing } of stepsOf(turns, 1)) {
    expect(routing.map((each) => each.layer)).toEqual([0, 1])
    for (const each of routing) expect(each.probabilities.reduce((a, b) => a + b)).toBeCloseTo(1, 6)
  }
  for (const speed of race.speeds) {
    expect(speed?.low).toBeLessThanOrEqual(speed?.median ?? 0)
    expect(speed?.median).toBeLessThanOrEqual(speed?.high ?? 0)
  }
})

test('the same seed gives the same tokens and routing, another seed other ones', async () => {
  const run = async (seed: number) => turnsOf(createRace(await decoders, { ...settings, seed }))
  const [first, again, other] = [await run(4), await run(4), await run(5)]
  for (const contestant of [0, 1]) {
    const steps = withoutClocks(stepsOf(first, contestant))
    expect(withoutClocks(stepsOf(again, contestant))).toEqual(steps)
    expect(withoutClocks(stepsOf(other, contestant))).not.toEqual(steps)
  }
})

test('a record replays the same turns and speeds without computing', async () => {
  const race = createRace(await decoders, settings)
  const turns = await turnsOf(race)
  const record: RunRecord = {
    format: 'moescope.run/1',
    settings,
    backend: 'native',
    threads: 1,
    models: [0, 1].map((contestant) => ({
      id: ['dense', 'moe'][contestant] ?? '',
      steps: stepsOf(turns, contestant),
      prefill_ms: turns[contestant]?.prefillMs
    }))
  }
  const replay = replayRace(readRunRecord(JSON.stringify(record)))
  expect(await turnsOf(replay)).toEqual(turns)
  expect(replay.prefillTokensPerSecond).toEqual(race.prefillTokensPerSecond)
  expect(replay.speeds).toEqual(race.speeds)
})

test('a record says which experts were off, and replays the text with all of them after the others', async () => {
  const turns = await turnsOf(createRace(await decoders, { ...settings, tokens: 5 }))
  const [dense, moe] = [stepsOf(turns, 0), stepsOf(turns, 1)]
  const off = [{ layer: 1, experts: [0, 2] }]
  const record: RunRecord = {
    format: 'moescope.run/1',
    settings,
    backend: 'native',
    threads: 1,
    models: [
      { id: 'dense', steps: dense },
      { id: 'moe', steps: moe, experts_off: off, whole_steps: dense }
    ]
  }
  const read = readRunRecord(JSON.stringify(record))
  expect(read.models.map((model) => model.experts_off)).toEqual([undefined, off])
  const replayed = await turnsOf(replayRace(read))
  for (const [contestant, steps] of [dense, moe, dense].entries()) {
    expect(stepsOf(replayed, contestant)).toEqual(steps)
  }
})

test('what is no run record is refused with a reason', () => {
  expect(() => readRunRecord('{"format": "other"}')).toThrow('no run record of Moescope')
  expect(() => readRunRecord('not json')).toThrow('JSON')
})
