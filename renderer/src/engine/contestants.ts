/** The decoders of the models that run side by side. */
import { createDecoder, type Decoder } from '@core/generate/decoder'
import { splitOff } from '@core/model/experts-off'
import type { ExpertsOff } from '@core/model/intervention'
import { openModel } from '@core/model/runnable-model'
import type { Backend } from '@core/runtime/backend'
import type { ModelSource } from './protocol'

/**
 * A decoder holds the text that it has read, so that each side has one of its own, also where the same model stands on
 * both. Models that stay are not loaded again.
 */
export interface Contestants {
  /** In the order in which they were loaded. */
  readonly decoders: readonly Decoder[]
  /** Makes these the contestants. @returns ids of models that are gone */
  load(models: readonly ModelSource[]): Promise<readonly string[]>
  /** The decoder of a side with these experts off; the side's own with none. */
  without(side: number, off: readonly ExpertsOff[]): Promise<Decoder>
}

/** A side's place: its model, and which of the sides with that model it is. */
type Place = string

export function createContestants(backend: () => Backend): Contestants {
  let places: readonly Place[] = []
  const whole = new Map<Place, Decoder>()
  /** Made when experts are first switched off; another one for other layers that are skipped. */
  const changed = new Map<Place, { readonly decoder: Decoder; readonly skipped: readonly number[] }>()

  async function dropChanged(place: Place): Promise<void> {
    const known = changed.get(place)
    changed.delete(place)
    await known?.decoder.release()
  }

  return {
    get decoders() {
      return places.flatMap((place) => whole.get(place) ?? [])
    },
    load: async (models) => {
      const wanted = models.map(({ id }, i) => placeOf(id, models.slice(0, i).filter((each) => each.id === id).length))
      const before = [...whole.values()].map(({ model }) => model.id)
      for (const [place, decoder] of whole) {
        if (wanted.includes(place)) continue
        whole.delete(place)
        await decoder.release()
        await dropChanged(place)
      }
      for (const [i, { id, files }] of models.entries()) {
        const place = wanted[i] ?? ''
        if (whole.has(place)) continue
        const twin = [...whole.values()].find(({ model }) => model.id === id)
        whole.set(place, await createDecoder(backend(), twin?.model ?? (await openModel(id, files))))
      }
      places = wanted
      return [...new Set(before)].filter((id) => models.every((each) => each.id !== id))
    },
    without: async (side, off) => {
      const place = places[side] ?? ''
      const decoder = whole.get(place)
      if (!decoder) throw new Error(`the engine was asked for side ${side} before it was loaded`)
      if (off.length === 0) return decoder
      const { masks, skipped } = splitOff(off)
      if (String(changed.get(place)?.skipped) !== String(skipped)) await dropChanged(place)
      const known = changed.get(place)?.decoder
      const found = known ?? (await createDecoder(backend(), decoder.model, { masked: true, skipped }))
      changed.set(place, { decoder: found, skipped })
      found.mask(masks)
      return found
    }
  }
}

function placeOf(id: string, twins: number): Place {
  return `${twins} ${id}`
}
