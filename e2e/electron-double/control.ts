/** Messages and questions of a test to the double's process, over Node's channel between parent and child. */
import { runInThisContext } from 'node:vm'
import { type ExpectedDialog, expectDialog, expectedDialogs, type ShownDialog, shownDialogs } from './dialog'
import { electron } from './electron'
import { type ToldProblem, wordsOf } from './problems'

/** A question of the test's. */
export type Question =
  /** Runs a function with the module electron and an argument, as Playwright's `electronApp.evaluate`. */
  | { readonly run: string; readonly argument: unknown }
  | { readonly expect: ExpectedDialog }
  /** Asks for what happened so far. */
  | { readonly report: true }

/** The events so far. */
export interface Report {
  readonly shown: readonly ShownDialog[]
  /** Dialogs that were expected and have not come. */
  readonly missing: readonly ExpectedDialog[]
}

/** A message of the process: a problem, the address and the process of the browser, or an answer. */
export type Message =
  | ToldProblem
  | { readonly ready: string; readonly browser: number | undefined }
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly error: string }

/** Answers the test from now on; the channel does not keep the process running. */
export function answerTest(): void {
  process.on('message', ({ id, question }: { id: number; question: Question }) => {
    answer(question).then(
      (value) => tellTest({ id, value }),
      (error: unknown) => tellTest({ id, error: wordsOf(error) })
    )
  })
  process.channel?.unref()
}

/** Tells the test something. */
export function tellTest(message: Message): void {
  process.send?.(message)
}

async function answer(question: Question): Promise<unknown> {
  if ('run' in question) {
    const act = runInThisContext(`(${question.run})`) as (...args: unknown[]) => unknown
    return await act(electron, question.argument)
  }
  if ('expect' in question) return expectDialog(question.expect)
  return { shown: shownDialogs(), missing: expectedDialogs() } satisfies Report
}
