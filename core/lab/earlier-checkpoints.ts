import { readCheckpoints } from '../train/checkpoints'
import { planOf } from '../train/fingerprint'
import { modelFiles } from '../train/model-files'
import { checkpointFolder, earlierCheckpointsName } from './checkpoints'
import type { RunFiles } from './store'

/**
 * Writes what an earlier version has kept of a training in one file as the folders that models are kept in now, and
 * removes the file; nothing where there is none. Throws a `FormatError` when it is damaged, and leaves it then.
 */
export async function convertEarlierCheckpoints(training: RunFiles): Promise<void> {
  const bytes = await training.read(earlierCheckpointsName)
  if (!bytes) return
  const { fingerprint, kept } = readCheckpoints(bytes)
  const { architecture } = planOf(fingerprint)
  for (const { step, parameters } of kept) {
    for (const { name, content } of modelFiles(architecture, parameters)) {
      await training.write(`${checkpointFolder(step)}/${name}`, content)
    }
  }
  await training.remove(earlierCheckpointsName)
}
