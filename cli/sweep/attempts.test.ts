/** Permanent failures are given up; runs that wait for room on the disk are not. */
import { mkdir } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { folderStore } from '../../node/folder-store'
import { temporaryFolder } from '../command.fixture'
import { attemptRun } from './attempts'
import type { Outcome } from './slot'

const task = { id: 'a', kind: 'train', spec: {}, threads: 1 }
const full: Outcome = { kind: 'no-room', reason: 'ENOSPC: no space left on device, write' }
const failed: Outcome = { kind: 'failed', reason: 'no', log: 'no' }

test.each([
  [[...Array.from({ length: 9 }, () => full), { kind: 'finished' } as const], 'finished', 1],
  [[failed, full, full, failed, full, { kind: 'finished' } as const], 'finished', 2],
  [[failed, failed, failed], 'failed', 0]
])('attempts %#', async (outcomes, kind, told) => {
  const path = await temporaryFolder()
  await mkdir(path, { recursive: true })
  const left = [...outcomes]
  const heard: string[] = []
  const outcome = await attemptRun(
    task,
    { run: async () => left.shift() ?? failed },
    { runs: folderStore(path), path },
    { signal: new AbortController().signal, terminal: { tell: (text) => void heard.push(text) }, pauseWithoutRoom: 1 }
  )
  expect([outcome.kind, left, heard.length]).toEqual([kind, [], told])
})
