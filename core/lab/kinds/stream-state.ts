/** The progress of a streamed recording: the residual stream after the last finished layer, and the decisions of all before. */
import { z } from 'zod'
import { FormatError } from '../../formats/format-error'
import { parsedBy } from '../../formats/problems'
import { float32Of, readSafetensors, storedTensor, writeSafetensors } from '../../formats/safetensors'
import type { LayerDecisions } from '../../stream/pass'
import type { NamedContent, RunFiles } from '../store'

export interface PassState {
  /** The progress that was kept; undefined where none was, or that of another run. Rejects with a `FormatError` for damaged files. */
  read(): Promise<{ layers: number; hidden: Float32Array; decisions: LayerDecisions[] } | undefined>
  /** The files to keep after a layer, in this order: the last says that the layer is done. */
  files(layer: number, hidden: Float32Array, decided: LayerDecisions | undefined): NamedContent[]
  /** Removes all of them. */
  remove(): Promise<void>
}

const hiddenName = 'hidden.safetensors'
const decisionsName = /^layer-\d+\.safetensors$/

const metadataSchema = z.object({ run: z.string(), layers: z.string().transform(Number), routed: z.string() })

/** @param run the id of the run, which what is kept must name */
export function passState(files: RunFiles, run: string): PassState {
  let routed: number[] = []
  const tensorOf = (tensors: ReturnType<typeof readSafetensors>['tensors'], name: string, file: string) => {
    const found = tensors.get(name)
    if (!found) throw new FormatError(`${file}: tensor '${name}' is missing: remove the file, and begin anew`)
    return float32Of(found, name)
  }
  return {
    read: async () => {
      const bytes = await files.read(hiddenName)
      if (!bytes) return undefined
      const { tensors, metadata } = readSafetensors(bytes)
      const found = parsedBy(metadataSchema, metadata, `${hiddenName}: metadata `)
      if (found.run !== run) return undefined
      const layers = found.routed === '' ? [] : found.routed.split(',').map(Number)
      const decisions: LayerDecisions[] = []
      for (const layer of layers) {
        const name = nameOf(layer)
        const content = await files.read(name)
        if (!content) return undefined
        const { tensors: columns } = readSafetensors(content)
        const [experts, gates, logits] = ['experts', 'gates', 'logits'].map((each) => tensorOf(columns, each, name))
        if (experts && gates && logits) decisions.push({ experts, gates, logits })
      }
      routed = layers
      return { layers: found.layers, hidden: tensorOf(tensors, 'hidden', hiddenName).slice(), decisions }
    },
    files: (layer, hidden, decided) => {
      if (decided) routed = [...routed, layer]
      const columns = Object.entries(decided ?? {}).map(
        ([name, column]: [string, Float32Array]) => [name, storedTensor(column, [column.length])] as const
      )
      const metadata = { run, layers: String(layer + 1), routed: routed.join() }
      const last = writeSafetensors([['hidden', storedTensor(hidden, [hidden.length])]], metadata)
      return [
        ...(decided ? [{ name: nameOf(layer), content: writeSafetensors(columns) }] : []),
        { name: hiddenName, content: last }
      ]
    },
    remove: async () => {
      for (const name of await files.names()) {
        if (name === hiddenName || decisionsName.test(name)) await files.remove(name)
      }
    }
  }
}

function nameOf(layer: number): string {
  return `layer-${layer}.safetensors`
}
