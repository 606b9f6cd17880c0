import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { Page } from '@playwright/test'
import { ALL_FORMATS, BufferSource, Input } from 'mediabunny'
import { storyFrames } from '../core/stories/frames'
import { writeStory } from '../core/stories/story'
import { everyKind } from '../core/stories/story.fixture'
import packageFile from '../package.json' with { type: 'json' }
import { call } from './hosts/api'
import type { DesktopHost } from './hosts/host'
import { pageAt } from './hosts/page-at'
import { expect, test } from './hosts/test'
import { noQueueServer, queueServer } from './queue-server'

const kind = { description: 'Run record', extensions: ['json'] }

test.describe('the running app', () => {
  let host: DesktopHost
  let page: Page

  test.beforeAll(async ({ newDesktop }) => {
    host = newDesktop()
    page = await host.open()
  })

  test('it says what runs', async () => {
    const versions = await call(page, 'versions')
    expect(versions).toMatchObject({ app: packageFile.version, node: expect.stringMatching(/^\d+\./) })
    expect(versions.electron).toMatch(/^\d+\.\d+\.\d+/)
    expect(versions.chromium).toMatch(/^\d+\.\d+\.\d+\.\d+$/)
  })

  test('a file that the user chooses is read, in parts, and is a recent one then', async () => {
    const path = test.info().outputPath('chosen.json')
    await writeFile(path, '{"a":1}')
    await host.chooseToOpen(path)
    const opened = await call(page, 'openFile', { kind })
    expect(opened).toMatchObject({ name: 'chosen.json', size: 7 })
    expect((await host.shownDialogs()).at(-1)?.asked).toMatchObject({
      filters: [{ name: 'Run record', extensions: ['json'] }]
    })
    const parts = [
      [0, 3],
      [3, 7]
    ].map(([start, end]) => call(page, 'readFile', { id: opened?.id, start, end }))
    expect((await Promise.all(parts)).map((part) => Buffer.from(part).toString())).toEqual(['{"a', '":1}'])
    const [recent] = await call(page, 'recentFiles')
    expect(recent).toMatchObject({ name: 'chosen.json', folder: dirname(path) })
    expect(await call(page, 'openRecent', { id: recent?.id })).toMatchObject({ name: 'chosen.json', size: 7 })
  })

  test('who cancels gets nothing', async () => {
    await host.chooseToOpen(null)
    expect(await call(page, 'openFile', { kind })).toBeNull()
    await host.chooseToSave(null)
    expect(await call(page, 'saveFile', { name: 'x.json', kind, content: '{}' })).toBeNull()
  })

  test('20 MB are saved where the user says, and come back as they were', async () => {
    const path = test.info().outputPath('large.bin')
    await host.chooseToSave(path)
    await host.chooseToOpen(path)
    const size = 20_000_000
    const answer = await page.evaluate(
      async ({ kind, size }) => {
        const api = window.moescope
        const content = new Uint8Array(size)
        for (let i = 0; i < size; i++) content[i] = (i * 31) % 251
        const name = await api?.saveFile({ name: 'large.bin', kind, content })
        const file = await api?.openFile({ kind })
        const read = file ? await api?.readFile({ id: file.id, start: 0, end: file.size }) : undefined
        return { name, type: Object.prototype.toString.call(read), same: read?.every((each, i) => each === content[i]) }
      },
      { kind, size }
    )
    expect(answer).toEqual({ name: 'large.bin', type: '[object Uint8Array]', same: true })
    const written = await readFile(path)
    expect(written.length).toBe(size)
    expect([written[0], written[1], written[size - 1]]).toEqual([0, 31, ((size - 1) * 31) % 251])
  })

  test('a failure comes to the page as a sentence for its user', async () => {
    const nowhere = join(host.userData, 'nowhere', 'run.json')
    await host.chooseToOpen(nowhere)
    await expect(call(page, 'openFile', { kind })).rejects.toThrow(/Error: run\.json cannot be opened: /)
  })

  test('a second start hands its file over, shows the window, and ends', async () => {
    const path = test.info().outputPath('second.json')
    await writeFile(path, '{}')
    await page.evaluate(async () => {
      const files: string[] = []
      Object.assign(window, { fromOutside: files })
      window.moescope?.onFileOpened((file) => files.push(file.name))
      await window.moescope?.ready()
    })
    await host.inMain(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.minimize(), null)
    expect(await host.startSecond([basename(path)], dirname(path))).toBe(0)
    await expect
      .poll(() => page.evaluate(() => (window as unknown as { fromOutside: string[] }).fromOutside))
      .toEqual(['second.json'])
    expect(
      await host.inMain(({ BrowserWindow }) => BrowserWindow.getAllWindows().map((w) => w.isMinimized()), null)
    ).toEqual([false])
  })

  test('the menu holds the commands and what the system brings, and an entry runs its command', async () => {
    const menu = () =>
      host.inMain(({ Menu }) => {
        const sections = Menu.getApplicationMenu()?.items ?? []
        return sections.map((section) => ({
          label: section.label,
          entries: section.submenu?.items.map(({ label, role, enabled }) => ({ label, role, enabled })) ?? []
        }))
      }, null)
    const entry = async (label: string) =>
      (await menu()).flatMap(({ entries }) => entries).find((e) => e.label === label)
    await expect.poll(() => entry('Light or dark')).toMatchObject({ enabled: true })
    expect((await menu()).map(({ label }) => label)).toEqual(
      expect.arrayContaining(['File', 'Edit', 'Run', 'Compare', 'View', 'Help', 'Window'])
    )
    const roles = (await menu()).flatMap(({ entries }) => entries.map(({ role }) => role?.toLowerCase()))
    expect(roles).toEqual(expect.arrayContaining(['close', 'cut', 'copy', 'paste', 'selectall', 'minimize']))
    expect(await entry('Undo')).toMatchObject({ enabled: false })
    await expect(page.locator('html')).toHaveAttribute('data-theme', /light|dark/)
    const theme = await page.locator('html').getAttribute('data-theme')
    await host.inMain(({ Menu }) => {
      const entries = Menu.getApplicationMenu()?.items.flatMap(({ submenu }) => submenu?.items ?? [])
      entries?.find(({ label }) => label === 'Light or dark')?.click()
    }, null)
    await expect(page.locator('html')).not.toHaveAttribute('data-theme', theme ?? '')
    await expect.poll(() => entry('Undo')).toMatchObject({ enabled: true })
  })

  test('text goes to the clipboard, and the theme to what the system draws', async () => {
    await call(page, 'copyText', { text: 'lucia lives in ⏎' })
    expect(await host.inMain(({ clipboard }) => clipboard.readText(), null)).toBe('lucia lives in ⏎')
    await call(page, 'setTheme', { theme: 'dark' })
    expect(await host.inMain(({ nativeTheme }) => nativeTheme.themeSource, null)).toBe('dark')
    await call(page, 'setTheme', { theme: 'system' })
  })

  for (const place of ['models', 'runs'] as const) {
    test(`files of ${place} are kept, listed, read and removed`, async () => {
      const content = [1, 2, 255]
      const file = { place, id: 'mine', name: 'checkpoints/step-1/model.safetensors' }
      await page.evaluate(
        ([file, content]) => window.moescope?.writeFolderFile({ ...file, content: Uint8Array.from(content) }),
        [file, content] as const
      )
      expect(await call(page, 'folders', { place })).toEqual(['mine'])
      expect(await call(page, 'folderFiles', { place, id: 'mine' })).toEqual([file.name])
      const read = await call(page, 'readFolderFile', file)
      expect(read && [...read]).toEqual(content)
      expect(await call(page, 'readFolderFile', { ...file, name: 'config.json' })).toBeNull()
      await call(page, 'removeFolder', { place, id: 'mine' })
      expect(await call(page, 'folders', { place })).toEqual([])
    })
  }

  test('nothing of this was a problem', () => {
    expect(host.problems()).toEqual([])
  })
})

test.describe('a start with a file, over damaged settings, at two displays', () => {
  let host: DesktopHost
  let page: Page

  test.beforeAll(async ({ newDesktop }) => {
    const [given, early] = ['given.moescope', 'early.moescope'].map((name) => test.info().outputPath(name))
    const state = { format: 'moescope.state/2', choices: { view: 'compare', prompt: 'n6x:' } }
    for (const path of [given, early]) await writeFile(path ?? '', JSON.stringify(state))
    host = newDesktop({
      openFiles: [early ?? ''],
      displays: [
        { width: 1920, height: 1080 },
        { width: 1280, height: 720 }
      ]
    })
    await mkdir(host.userData, { recursive: true })
    await writeFile(join(host.userData, 'settings.json'), '{"theme":')
    page = await host.open({ args: [given ?? ''] })
  })

  test('the files that were opened before the page listened wait for it, and are shown', async ({ hostName }) => {
    await expect(page.getByLabel('Prompt', { exact: true })).toHaveValue('n6x:')
    const recent = (await call(page, 'recentFiles')).map(({ name }) => name)
    // Only the double is told by its system, as macOS does, before it is ready.
    expect(recent.toSorted()).toEqual(hostName === 'double' ? ['early.moescope', 'given.moescope'] : ['given.moescope'])
  })

  test('damaged settings are set aside, not lost, and the screen says so', async () => {
    await expect(page.getByLabel('Warning')).toContainText('The stored settings could not be read')
    const aside = (await readdir(host.userData)).find((name) => name.startsWith('settings.damaged-'))
    expect(await readFile(join(host.userData, aside ?? ''), 'utf8')).toBe('{"theme":')
    expect(await call(page, 'recall', { name: 'settings' })).toBeNull()
  })

  test('a second window has its own address and place, and the API', async ({ hostName }) => {
    await call(page, 'openWindow', { fragment: 'prompt=n6x' })
    const second = await pageAt(host, /#prompt=n6x$/)
    // It follows the first window.
    const prompt = await page.getByLabel('Prompt', { exact: true }).inputValue()
    expect(prompt).not.toBe('n6x')
    await expect(second.getByLabel('Prompt', { exact: true })).toHaveValue(prompt)
    expect(await call(second, 'versions')).toMatchObject({ app: packageFile.version })
    const places = await host.inMain(
      ({ BrowserWindow, screen }) =>
        BrowserWindow.getAllWindows().map((window) => screen.getDisplayMatching(window.getBounds()).id),
      null
    )
    expect(new Set(places).size).toBe(hostName === 'double' ? 2 : 1)
    await host.inMain(({ BrowserWindow }) => BrowserWindow.getAllWindows().at(-1)?.close(), null)
    await expect.poll(() => host.pages().length).toBe(1)
  })
})

test('closing asks while the page is at work; the window comes back where it was', async ({ desktop }) => {
  const page = await desktop.open()
  const bounds = { x: 40, y: 60, width: 1100, height: 700 }
  await desktop.inMain(({ BrowserWindow }, bounds) => BrowserWindow.getAllWindows()[0]?.setBounds(bounds), bounds)
  await call(page, 'toggleFullScreen')
  await page.evaluate(() => window.addEventListener('beforeunload', (event) => event.preventDefault()))
  // A page may ask only when its user has touched it.
  await page.mouse.click(5, 5)
  const closeWindow = () => desktop.inMain(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close(), null)
  const [stay, leave] = [0, 1]
  await desktop.expectDialog({ dialog: 'showMessageBoxSync', answer: stay })
  await closeWindow()
  await expect.poll(async () => (await desktop.shownDialogs()).length).toBe(1)
  expect(await call(page, 'storage')).toMatchObject({ problem: null })
  await desktop.expectDialog({ dialog: 'showMessageBoxSync', answer: leave })
  await closeWindow()
  expect(await desktop.exited()).toBe(0)

  await desktop.open()
  const seen = () =>
    desktop.inMain(({ BrowserWindow }) => {
      const [window] = BrowserWindow.getAllWindows()
      return { bounds: window?.getNormalBounds(), fullScreen: window?.isFullScreen() }
    }, null)
  await expect.poll(seen).toEqual({ bounds, fullScreen: true })
  expect(desktop.problems()).toEqual([])
})

test('after a power cut it opens where it was, and tells of it once', async ({ desktop }) => {
  const page = await desktop.open({ link: { view: 'compare' } })
  await page.getByLabel('Prompt', { exact: true }).fill('n6x:')
  await expect.poll(() => readFile(join(desktop.userData, 'state.json'), 'utf8').catch(() => '')).toContain('n6x:')
  await desktop.kill()
  const again = await desktop.open()
  await expect(again.getByLabel('Prompt', { exact: true })).toHaveValue('n6x:')
  const notice = again.getByLabel('The last session')
  await expect(notice).toContainText('did not end by itself')
  await notice.getByRole('button', { name: 'Copy report' }).click()
  await expect
    .poll(() => desktop.inMain(({ clipboard }) => clipboard.readText(), null))
    .toContain(`Moescope ${packageFile.version}`)
  await desktop.close()
  const third = await desktop.open()
  await expect(third.getByRole('button', { name: /^Continue/ })).toContainText('n6x:')
  await expect(third.getByLabel('The last session')).toHaveCount(0)
})

test('a talk that is killed goes on in its chapter, and its files are saved where the user says', async ({
  desktop
}) => {
  const page = await desktop.open({ link: { view: 'stories', story: JSON.stringify({ id: 'smaller-please' }) } })
  const told = (shown: Page) => shown.getByRole('progressbar', { name: 'Chapters told' })
  await expect(told(page)).toHaveAttribute('value', '1')
  for (let i = 0; i < 3; i++) await page.keyboard.press('PageDown')
  await expect(told(page)).toHaveAttribute('value', '4')
  const kept = () => readFile(join(desktop.userData, 'state.json'), 'utf8').catch(() => '')
  await expect.poll(kept).toMatch(/"chapter":\s*3/)
  await desktop.kill()
  const again = await desktop.open()
  await expect(told(again)).toHaveAttribute('value', '4')
  const save = async (name: string, file: string) => {
    const path = test.info().outputPath(file)
    await desktop.chooseToSave(path)
    await again.getByRole('button', { name }).click()
    await again.getByRole('button', { name: 'Save …' }).click()
    await expect(again.getByText(`${file} is saved.`)).toBeVisible()
    return readFile(path)
  }
  await again.keyboard.press('ControlOrMeta+e')
  expect((await save('Page (HTML)', 'talk.html')).toString('latin1', 0, 15)).toBe('<!doctype html>')
  expect((await save('Slides (PDF)', 'talk.pdf')).toString('latin1', 0, 8)).toBe('%PDF-1.7')
  // A video takes as long as its story: it is of a short one, which the system opens.
  await again.keyboard.press('Escape')
  const short = { ...everyKind, chapters: everyKind.chapters.slice(0, 1).map((each) => ({ ...each, minutes: 0.01 })) }
  const path = test.info().outputPath('short.moescope-story')
  await writeFile(path, writeStory(short))
  expect(await desktop.startSecond([path], dirname(path))).toBe(0)
  await expect(told(again)).toHaveAttribute('max', '1')
  await again.keyboard.press('ControlOrMeta+e')
  const video = new Input({ formats: ALL_FORMATS, source: new BufferSource(await save('Video (MP4)', 'talk.mp4')) })
  expect(await (await video.getPrimaryVideoTrack())?.computePacketStats()).toMatchObject({
    packetCount: storyFrames(short)
  })
})

test('what is being stored is written before the app ends', async ({ desktop }) => {
  const page = await desktop.open()
  const value = { text: 'x'.repeat(3_000_000) }
  // Not awaited: the app is closed in the middle of it.
  await page.evaluate((value) => void window.moescope?.store({ name: 'settings', value }), value)
  await desktop.close()
  expect(JSON.parse(await readFile(join(desktop.userData, 'settings.json'), 'utf8'))).toEqual(value)
  expect((await readdir(desktop.userData)).filter((name) => name.includes('tmp'))).toEqual([])
})

test('where nothing can be written the app says so and works', async ({ newDesktop }) => {
  const file = test.info().outputPath('a-file')
  await writeFile(file, '')
  const host = newDesktop({ userData: join(file, 'user-data') })
  const page = await host.open()
  await expect(page.getByLabel('Warning')).toContainText('Nothing will be kept beyond this session')
  expect((await call(page, 'storage')).problem).toContain(file)
  await call(page, 'store', { name: 'settings', value: { a: 1 } })
  expect(await call(page, 'recall', { name: 'settings' })).toEqual({ value: { a: 1 } })
  const temporary = await host.inMain(({ app }) => app.getPath('userData'), null)
  expect(await readdir(temporary)).toContain('settings.json')
  await host.close()
  await expect(readdir(temporary)).rejects.toThrow('ENOENT')
})

test('a page that dies is noted and loaded again when its user wants that', async ({ desktop }) => {
  await desktop.open()
  await desktop.expectDialog({
    dialog: 'showMessageBox',
    answer: { response: 0, checkboxChecked: false }
  })
  await desktop.inMain(
    ({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer(),
    null
  )
  await expect.poll(async () => (await desktop.shownDialogs()).length).toBe(1)
  const isCrashed = () =>
    desktop.inMain(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.isCrashed(), null)
  await expect.poll(isCrashed).toBe(false)
  expect(await readFile(join(desktop.userData, 'crash.log'), 'utf8')).toContain('process gone')
})

test('the queue of a sweep is looked at once the user agrees, and its password is kept nowhere', async ({
  newDesktop
}) => {
  test.skip(noQueueServer !== undefined, noQueueServer)
  const host = newDesktop()
  const page = await host.open()
  const [sweep, password] = ['5f2c1a9e-0f4b-4b0e-9a53-0c1d2e3f4a5b', 's3cret-w0rd']
  const url = 'redis://127.0.0.1:1'
  const dialog = 'showMessageBox' as const
  await host.expectDialog({ dialog, answer: { response: 1, checkboxChecked: false } })
  expect(await call(page, 'watchQueue', { sweep, url, password })).toBeNull()
  await host.expectDialog({ dialog, answer: { response: 0, checkboxChecked: false } })
  await expect(call(page, 'watchQueue', { sweep, url, password })).rejects.toThrow(/no queue answers at redis:\/\/127/)
  for (const { asked } of await host.shownDialogs()) expect(JSON.stringify(asked)).not.toContain(password)

  const server = await queueServer(password)
  try {
    await host.expectDialog({ dialog, answer: { response: 0, checkboxChecked: false } })
    const watched = await call(page, 'watchQueue', { sweep, url: server.url, password })
    expect(watched).toMatchObject({ name: server.url })
    expect(await call(page, 'queueState', { id: watched?.id })).toEqual({
      waiting: 0,
      computing: [],
      failed: 0,
      workers: []
    })
    await call(page, 'leaveQueue', { id: watched?.id })
    await expect(call(page, 'queueState', { id: watched?.id })).rejects.toThrow('connect to it again')
  } finally {
    server.end()
  }
  await host.close()
  const files = (await readdir(host.userData, { recursive: true, withFileTypes: true })).filter((each) => each.isFile())
  for (const { parentPath, name } of files) {
    expect((await readFile(join(parentPath, name))).includes(password)).toBe(false)
  }
})
