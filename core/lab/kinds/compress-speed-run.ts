import { compress, readTransform } from '../../compress'
import { createCalibration } from '../../compress/calibration'
import { storedModelOf } from '../../compress/stored-model'
import { jsonBytes } from '../../formats/json'
import { createDecoder, type Decoder } from '../../generate/decoder'
import { decodingSpeeds } from '../../generate/decoding-speed'
import type { RunKind } from '../kind'
import { ensureMeasured } from '../measured-on'
import { type CompressSpeedSpec, compressSpeedForm } from './compress-speed'
import { findingName, type SpeedFinding } from './findings'

/** Rounds of half a context for each pair. */
const rounds = 5

/** Has the model and a smaller one write in turns, pair by pair. Tells all pairs after each of them. */
export const compressSpeed: RunKind<CompressSpeedSpec, SpeedFinding> = {
  ...compressSpeedForm,
  run: async ({ on, model: reference, chains, calibration, seed }, context) => {
    const { files, backend, turn, keep, progress, tell, origin } = context
    ensureMeasured(backend, on)
    if ((await files.names()).includes(findingName)) return
    const model = await context.openModel(reference)
    const text = createCalibration(backend, model, { characters: calibration, seed, turn })
    const points: SpeedFinding['points'] = []
    const finding = (): SpeedFinding => ({ format: 'moescope.compress-speed/1', ...origin, points: [...points] })
    for (const chain of chains) {
      progress(points.length / chains.length, chain.map(({ id }) => id).join(', '))
      const smaller = { ...model, ...(await compress(storedModelOf(model), chain.map(readTransform), text)) }
      const decoders: Decoder[] = []
      try {
        for (const each of [model, smaller]) decoders.push(await createDecoder(backend, each))
        const [before, after] = await decodingSpeeds(decoders, { rounds, turn })
        if (before && after) points.push({ chain, before, after })
      } finally {
        await Promise.all(decoders.map((each) => each.release()))
      }
      tell(finding())
    }
    await keep([{ name: findingName, content: jsonBytes(finding()) }])
  }
}
