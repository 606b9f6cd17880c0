import { sweepTemporaryFiles } from '../../node/whole-file'
import type { Services } from '../services'

/** Removes what a session that was killed has left half written or half removed. */
export async function sweepLeftOvers({ storage, folders }: Pick<Services, 'storage' | 'folders'>): Promise<void> {
  await sweepTemporaryFiles(storage.folder)
  for (const each of Object.values(folders)) await each.sweep()
}
