/** The progress of a recording: the decisions on the text as far as it was read, a file for each stretch that was kept. */
import { z } from 'zod'
import { parsedBy } from '../../formats/problems'
import { float32Of, readSafetensors, storedTensor, uint16Of, writeSafetensors } from '../../formats/safetensors'
import type { RoutingRows } from '../../routing/trace'
import type { NamedContent, RunFiles } from '../store'

export interface RecordingState {
  /**
   * The stretches that this run has kept, in order, from the first token on and without a gap. Rejects with a
   * `FormatError` for a damaged file.
   */
  read(): Promise<RoutingRows[]>
  /** The file that keeps a stretch. */
  file(rows: RoutingRows): NamedContent
  /** Removes all of them. */
  remove(): Promise<void>
}

const partName = /^part-\d+\.safetensors$/

const metadataSchema = z.object({ run: z.string(), to: z.string().transform(Number) })

/** @param run the id of the run, which what is kept must name */
export function recordingState(files: RunFiles, run: string): RecordingState {
  const partAt = async (from: number): Promise<RoutingRows | undefined> => {
    const name = nameAt(from)
    const content = await files.read(name)
    if (!content) return undefined
    const { tensors, metadata } = readSafetensors(content)
    const found = parsedBy(metadataSchema, metadata, `${name}: metadata `)
    const experts = tensors.get('expertIds')
    if (found.run !== run || !experts) return undefined
    const columns = [...tensors].filter(([column]) => column !== 'expertIds')
    return {
      from,
      to: found.to,
      expertIds: uint16Of(experts, name),
      ...Object.fromEntries(columns.map(([column, tensor]) => [column, float32Of(tensor, column)]))
    }
  }
  return {
    read: async () => {
      const parts: RoutingRows[] = []
      for (let part = await partAt(0); part && part.to > part.from; part = await partAt(part.to)) parts.push(part)
      return parts
    },
    file: ({ from, to, ...columns }) => ({
      name: nameAt(from),
      content: writeSafetensors(
        Object.entries(columns).flatMap(([column, values]) =>
          values ? [[column, storedTensor(values, [values.length])] as const] : []
        ),
        { run, to: String(to) }
      )
    }),
    remove: async () => {
      for (const name of await files.names()) if (partName.test(name)) await files.remove(name)
    }
  }
}

function nameAt(from: number): string {
  return `part-${from}.safetensors`
}
