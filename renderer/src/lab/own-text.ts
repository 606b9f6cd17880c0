/** Opening a text of the user's, to be learnt by a run. */
import { type OwnText, readOwnText, requireTextSize } from '@core/corpus'
import { messageOf } from '@core/reason'
import type { App } from '../state/app'
import { keepText } from '../state/own-texts'
import type { ChosenText } from './choices'

/** Characters that are named of those that are left out. */
const mostNamed = 8

const textFile = { description: 'Text', extensions: ['txt', 'md', 'text', 'csv', 'html', 'xml', 'tex', 'log'] }

/**
 * Has the user choose a file. The text is kept, and what it has come to is returned; undefined when they cancelled, and
 * when it cannot be learnt, which is told at the field (`LabState.textProblem`).
 */
export async function openText({ host, store }: App): Promise<ChosenText | undefined> {
  store.setState({ textProblem: undefined })
  try {
    const file = await host.openFile(textFile)
    if (!file) return undefined
    requireTextSize(file.size, file.name)
    return await chosenText(host, readOwnText(await file.bytes(), file.name), file.name)
  } catch (error) {
    store.setState({ textProblem: messageOf(error) })
    return undefined
  }
}

/** Takes a text that was typed or pasted. Rejects with the reason for which it cannot be learnt. */
export async function takeText({ host, store }: App, text: string): Promise<ChosenText> {
  const name = 'the pasted text'
  const chosen = await chosenText(host, readOwnText(new TextEncoder().encode(text), name), name)
  store.setState({ textProblem: undefined })
  return chosen
}

async function chosenText(host: App['host'], own: OwnText, name: string): Promise<ChosenText> {
  const { text, leftOut, ...facts } = own
  const left = leftOut.reduce((sum, { count }) => sum + count, 0)
  return { name, sha256: await keepText(host, text), ...facts, left, leftOut: leftOut.slice(0, mostNamed) }
}
