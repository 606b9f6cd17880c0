import type { Dialog } from 'electron'
import { readyFor } from './life'
import { modelled } from './modelled'
import { complain } from './problems'

/** A dialog that a test expects, and what the user answers. */
export type ExpectedDialog =
  | { readonly dialog: 'showOpenDialog'; readonly answer: Electron.OpenDialogReturnValue }
  | { readonly dialog: 'showSaveDialog'; readonly answer: Electron.SaveDialogReturnValue }
  | { readonly dialog: 'showMessageBox'; readonly answer: Electron.MessageBoxReturnValue }
  | { readonly dialog: 'showMessageBoxSync'; readonly answer: number }
  | { readonly dialog: 'showErrorBox' }

/** A dialog that was shown. */
export interface ShownDialog {
  readonly dialog: ExpectedDialog['dialog']
  /** The options that it was shown with, without the window. */
  readonly asked: unknown
}

const expected: ExpectedDialog[] = []
const shown: ShownDialog[] = []

/** The user will answer so, after what is expected already. */
export function expectDialog(dialog: ExpectedDialog): void {
  expected.push(dialog)
}

/** The dialogs so far. */
export function shownDialogs(): readonly ShownDialog[] {
  return shown
}

/** The dialogs that have not come yet. */
export function expectedDialogs(): readonly ExpectedDialog[] {
  return expected
}

/** Electron's module `dialog`: a test answers, and a dialog that it does not expect throws. */
export const dialog = modelled<Dialog>('dialog', {
  showOpenDialog: async (...args: unknown[]) => next('showOpenDialog', args.at(-1)).answer,
  showSaveDialog: async (...args: unknown[]) => next('showSaveDialog', args.at(-1)).answer,
  showMessageBox: async (...args: unknown[]) => next('showMessageBox', args.at(-1)).answer,
  showMessageBoxSync: (...args: unknown[]) => next('showMessageBoxSync', args.at(-1)).answer,
  // It needs no answer, and it may come of what was thrown already.
  showErrorBox: (title, content) => {
    try {
      next('showErrorBox', { title, content })
    } catch {
      // The test was told.
    }
  }
})

function next<Name extends ExpectedDialog['dialog']>(
  name: Name,
  asked: unknown
): Extract<ExpectedDialog, { dialog: Name }> {
  // The error box alone comes before the app is ready.
  if (name !== 'showErrorBox') readyFor('dialog')
  shown.push({ dialog: name, asked })
  const [first] = expected
  if (first?.dialog !== name) {
    const problem = `${name} opened and the test expected ${first?.dialog ?? 'no dialog'}: ${JSON.stringify(asked)}`
    complain(problem)
    throw new Error(problem)
  }
  expected.shift()
  return first as Extract<ExpectedDialog, { dialog: Name }>
}
