/** Own models as files for others. */
import { savedRunName } from '@core/lab/kinds/train'
import { recordName } from '@core/lab/store'
import { downloadZip } from 'client-zip'
import type { App } from '../state/app'

/** Files of a training that are of no use elsewhere; its checkpoints are models of their own. */
const isOwn = (name: string) => name === recordName || name === savedRunName || name.includes('/')

/** The earliest date that an archive can hold: equal files make equal archives. */
const noDate = new Date(1980, 0, 1)

/** Saves a model as a Hugging Face folder in a ZIP archive, where the user says. */
export async function exportFolder({ host, notify }: App, id: string): Promise<void> {
  const files = host.models.files(id)
  const names = (await files.names()).filter((name) => !isOwn(name))
  const read = names.map(async (name) => {
    const content = await files.read(name)
    if (!content) throw new Error(`${id}/${name} is missing: it was removed meanwhile`)
    return { name: `${id}/${name}`, input: content, lastModified: noDate }
  })
  const archive = await downloadZip(await Promise.all(read)).arrayBuffer()
  const kind = { description: 'Hugging Face folder', extensions: ['zip'] }
  const saved = await host.saveFile(`${id}.zip`, kind, new Uint8Array(archive))
  if (saved !== undefined) notify(`Saved as ${saved}: the model and the record of its training.`)
}

/** Saves a model as one ONNX file with its weights, where the user says. */
export async function exportOnnx({ host, lab, notify }: App, id: string): Promise<void> {
  const kind = { description: 'ONNX model', extensions: ['onnx'] }
  const saved = await host.saveFile(`${id}.onnx`, kind, await lab.onnxFile(id))
  if (saved !== undefined) notify(`Saved as ${saved}: ONNX Runtime reads tokens with it and gives their logits.`)
}
