import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readdir, stat, utimes, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { heldText, holderOf, holdFolder, lockName } from './hold'
import { processStart } from './process-start'
import { temporaryFolder } from './temporary-folder.fixture'

/** Leaves the hold of some process in a folder. */
async function leaveHold(folder: string, holder: unknown, name = 'left'): Promise<void> {
  await mkdir(join(folder, lockName), { recursive: true })
  await writeFile(join(folder, lockName, name), JSON.stringify(holder))
}

async function deadProcess(): Promise<number> {
  const child = spawn(process.execPath, ['-e', ''])
  await once(child, 'close')
  return child.pid ?? Number.NaN
}

test('a folder is held once, and again after its release', async () => {
  const folder = join(await temporaryFolder(), 'made')
  const hold = await holdFolder(folder)
  expect(await holdFolder(folder)).toBeUndefined()
  expect(await holderOf(folder)).toMatchObject({ pid: process.pid, host: hostname() })
  expect(await heldText(folder)).toMatch(
    new RegExp(
      `made is in use by process ${process.pid} since 2\\d{3}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d UTC: wait for it or end it$`
    )
  )
  await hold?.release()
  expect(await readdir(folder)).toEqual([])
  const again = await holdFolder(folder)
  expect(again).toBeDefined()
  await again?.release()
})

test('of many who take over the hold of a dead process at the same moment one succeeds', async () => {
  const pid = await deadProcess()
  for (let round = 0; round < 20; round++) {
    const folder = await temporaryFolder()
    await leaveHold(folder, { pid, host: hostname(), start: null, since: Date.now() })
    expect(await holderOf(folder)).toBeUndefined()
    const holds = await Promise.all(Array.from({ length: 8 }, () => holdFolder(folder)))
    const held = holds.filter((hold) => hold !== undefined)
    expect(held).toHaveLength(1)
    await held[0]?.release()
    expect(await readdir(folder)).toEqual([])
  }
})

test.runIf(process.platform === 'linux')('another process that was given the same number holds nothing', async () => {
  const folder = await temporaryFolder()
  expect(await processStart(process.pid)).toBe(await processStart(process.pid))
  const parent = { pid: process.ppid, host: hostname(), since: Date.now() }
  await leaveHold(folder, { ...parent, start: (await processStart(process.ppid)) ?? '' })
  expect(await holdFolder(folder)).toBeUndefined()
  await leaveHold(folder, { ...parent, start: 'another boot/1' })
  expect(await holdFolder(folder)).toBeDefined()
})

test('what another machine holds is left to it, with a word of what to do', async () => {
  const folder = await temporaryFolder()
  await leaveHold(folder, { pid: 1, host: 'elsewhere', start: null, since: 0 })
  expect(await holdFolder(folder)).toBeUndefined()
  expect(await heldText(folder)).toBe(
    `${folder} is in use by process 1 on elsewhere since 1970-01-01 00:00:00 UTC: wait for it or end it; ` +
      `if it is there no more, remove ${join(folder, lockName)}`
  )
})

test('a killed process leaves a folder that can be held, one that ends leaves nothing', async () => {
  const folder = await temporaryFolder()
  const options = JSON.stringify({ logLevel: 'silent' })
  const script = (last: string) =>
    `import { runnerImport } from 'vite';
     const { module } = await runnerImport('${resolve('node/hold.ts')}', ${options});
     console.log(Boolean(await module.holdFolder(process.argv[1])));
     ${last}`
  const run = (last: string) =>
    spawn(process.execPath, ['--input-type=module', '-e', script(last), folder], {
      stdio: ['ignore', 'pipe', 'inherit']
    })
  const held = run('setInterval(() => undefined, 1000)')
  const [answer] = (await once(held.stdout, 'data')) as [Buffer]
  expect(answer.toString()).toBe('true\n')
  expect((await holderOf(folder))?.pid).toBe(held.pid)
  expect(await holdFolder(folder)).toBeUndefined()
  const killed = once(held, 'close')
  held.kill('SIGKILL')
  await killed
  const hold = await holdFolder(folder)
  expect(hold).toBeDefined()
  await hold?.release()
  const ended = run('process.exit(0)')
  const closed = once(ended, 'close')
  await once(ended.stdout, 'data')
  await closed
  expect(await readdir(folder)).toEqual([])
})

test('a folder that cannot be written is told', async () => {
  const file = join(await temporaryFolder(), 'file')
  await writeFile(file, '')
  await expect(holdFolder(join(file, 'run'))).rejects.toThrow(
    /^cannot write .*file.run.*: a part of its path is a file/
  )
})

test('a holder on another machine is dead once its signs of life have ceased', async () => {
  const folder = await temporaryFolder()
  const elsewhere = { pid: 1, host: 'another machine', start: null, since: 0, beat: 60_000 }
  await leaveHold(folder, elsewhere)
  expect(await holdFolder(folder)).toBeUndefined()
  const before = new Date(Date.now() - 4 * 60_000)
  await utimes(join(folder, lockName, 'left'), before, before)
  const hold = await holdFolder(folder, 5)
  expect(hold).toBeDefined()
  // Its own signs keep it fresh.
  const [name = ''] = await readdir(join(folder, lockName))
  const begun = (await stat(join(folder, lockName, name))).mtimeMs
  await expect.poll(async () => (await stat(join(folder, lockName, name))).mtimeMs).toBeGreaterThan(begun)
  await hold?.release()
})
