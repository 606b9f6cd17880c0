/** Keeps writing through the app's own storage until it is killed, and says after each write what now must be there. */
import { createServices } from '../services'
import { numberedBytes, numberedDocument } from './numbered.fixture'
import { sweepLeftOvers } from './sweep'
import { usableFolder } from './user-data'

const [, , folder = '', first = ''] = process.argv
const system = { addRecentDocument: () => undefined, clearRecentDocuments: () => undefined }
const services = createServices(usableFolder(folder, refuse), { app: '0.0.0' }, system)
const {
  documents,
  folders: { models, runs }
} = services

for (const name of ['settings', 'state'] as const) {
  void forever(name, (n) => documents.store(name, numberedDocument(n)))
}
for (const name of ['model.safetensors', 'run.safetensors'] as const) {
  void forever(name, (n) => models.write('trained', name, numberedBytes(n)))
}
void forever('checkpoint', (n) => runs.write('trained', 'checkpoints/step-1/model.safetensors', numberedBytes(n)))
void forever('removed', async (n) => {
  await models.write('removed', 'config.json', numberedBytes(n))
  await models.remove('removed')
})
void sweepLeftOvers(services)

function refuse(): never {
  throw new Error('expected a folder that can be written')
}

async function forever(name: string, write: (n: number) => Promise<void>): Promise<never> {
  for (let n = Number(first); ; n++) {
    await write(n)
    // A pipe is written at once: what was said was done.
    process.stdout.write(`${name} ${n}\n`)
  }
}
