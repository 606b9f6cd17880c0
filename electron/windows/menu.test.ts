import type { MenuItemConstructorOptions } from 'electron'
import { expect, test } from 'vitest'
import type { SetMenuRequest } from '../channels'
import { menuTemplate } from './menu'

const sent: SetMenuRequest = {
  sections: [
    {
      label: 'File',
      groups: [
        [
          { command: 'open', label: 'Open …', accelerator: 'CmdOrCtrl+O', enabled: true },
          { command: 'save', label: 'Save', enabled: false }
        ],
        []
      ]
    },
    { label: 'Help', groups: [[{ command: 'help', label: 'Keys', accelerator: '?', enabled: true }]] },
    { label: 'Run', groups: [[{ command: 'run', label: 'Run', accelerator: 'Space', enabled: true }]] },
    { label: 'View', groups: [[{ command: 'full-screen', label: 'Full screen', enabled: true }]] }
  ]
}

/** Labels and roles only, '-' for a line. */
function outline(template: readonly MenuItemConstructorOptions[]): unknown[] {
  return template.map(({ label, role, type, submenu }) =>
    Array.isArray(submenu) ? [label, ...outline(submenu)] : type === 'separator' ? '-' : (role ?? label)
  )
}

const linux = { platform: 'linux', packaged: true } as const

test('the page’s commands come with the system’s entries, in the usual order', () => {
  expect(outline(menuTemplate(sent, linux, () => {}))).toEqual([
    ['File', 'Open …', 'Save', '-', 'close', 'quit'],
    ['Edit', 'cut', 'copy', 'paste', 'selectAll'],
    ['Run', 'Run'],
    ['View', 'Full screen'],
    ['Window', 'minimize'],
    ['Help', 'Keys']
  ])
})

test('before the page sent one there is a menu, too', () => {
  expect(outline(menuTemplate(undefined, linux, () => {}))).toEqual([
    ['File', 'close', 'quit'],
    ['Edit', 'cut', 'copy', 'paste', 'selectAll'],
    ['Window', 'minimize']
  ])
})

test('macOS has its own first menu, in which Quit is', () => {
  const [first, file] = outline(menuTemplate(sent, { platform: 'darwin', packaged: true }, () => {}))
  expect(first).toBe('appMenu')
  expect(file).toEqual(['File', 'Open …', 'Save', '-', 'close'])
})

test('only an app that is not packaged offers developer’s tools', () => {
  const text = (packaged: boolean) => JSON.stringify(menuTemplate(sent, { platform: 'linux', packaged }, () => {}))
  expect(text(false)).toContain('toggleDevTools')
  expect(text(true)).not.toMatch(/devtools|reload/i)
})

test('an entry runs its command, shows its key without registering it, and may be off', () => {
  const chosen: string[] = []
  const [file] = menuTemplate(sent, linux, (command) => chosen.push(command))
  if (!Array.isArray(file?.submenu)) throw new Error('expected a submenu')
  const [open, save] = file.submenu
  expect(open).toMatchObject({ accelerator: 'CmdOrCtrl+O', registerAccelerator: false, enabled: true })
  expect(save).toMatchObject({ enabled: false })
  expect(save).not.toHaveProperty('accelerator')
  const click = open?.click as (() => void) | undefined
  click?.()
  expect(chosen).toEqual(['open'])
})
