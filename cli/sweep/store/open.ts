import type { SweepStore } from './store'

/** A folder, or `s3://BUCKET/PREFIX`. Throws as the one that it is. */
export async function openSweepStore(path: string): Promise<SweepStore> {
  if (isBucket(path)) return (await import('./s3')).openS3Store(path)
  return (await import('./directory')).openDirectory(path)
}

/** True of a place in S3-compatible storage. */
export function isBucket(path: string): boolean {
  return path.startsWith('s3:')
}
