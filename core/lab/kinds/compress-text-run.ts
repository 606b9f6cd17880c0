import { compress, readTransform } from '../../compress'
import { createCalibration } from '../../compress/calibration'
import { storedModelOf } from '../../compress/stored-model'
import { jsonBytes } from '../../formats/json'
import { createDecoder, type Decoder } from '../../generate/decoder'
import { createRace } from '../../generate/race'
import type { RunKind } from '../kind'
import { type CompressTextSpec, compressTextForm } from './compress-text'
import { findingName, type TextFinding } from './findings'

/** Has both write from the same prompt with the same seed. It takes seconds, and one that was ended begins anew. */
export const compressText: RunKind<CompressTextSpec, TextFinding> = {
  ...compressTextForm,
  run: async ({ model: reference, chain, calibration, seed, settings }, context) => {
    const { files, backend, turn, keep, progress, tell } = context
    if ((await files.names()).includes(findingName)) return
    const model = await context.openModel(reference)
    const text = createCalibration(backend, model, { characters: calibration, seed, turn })
    progress(0, chain.map(({ id }) => id).join(', '))
    const smaller = { ...model, ...(await compress(storedModelOf(model), chain.map(readTransform), text)) }
    const decoders: Decoder[] = []
    const texts: [string[], string[]] = [[], []]
    try {
      for (const each of [model, smaller]) decoders.push(await createDecoder(backend, each))
      const race = createRace(decoders, settings)
      for (;;) {
        await turn()
        const found = await race.turn()
        if (!found) break
        const written = found.records.filter(({ source }) => source === 'generated').map((record) => record.text)
        texts[found.contestant === 0 ? 0 : 1].push(...written)
        progress((1 + texts[1].length) / (settings.tokens + 2), 'text')
      }
    } finally {
      await Promise.all(decoders.map((each) => each.release()))
    }
    const finding: TextFinding = { format: 'moescope.compress-text/1', before: texts[0], after: texts[1] }
    await keep([{ name: findingName, content: jsonBytes(finding) }])
    tell(finding)
  }
}
