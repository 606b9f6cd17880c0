import { sweepTemporaryFiles } from '../../node/whole-file'
import type { StorageFacts } from '../channels'
import type { OwnModels } from './models'

/** Removes what a session that was killed has left half written or half removed. */
export async function sweepLeftOvers(kept: {
  readonly storage: StorageFacts
  readonly models: OwnModels
}): Promise<void> {
  await sweepTemporaryFiles(kept.storage.folder)
  await kept.models.sweep()
}
