import { expect, test } from 'vitest'
import type { OpenedFileEntry } from '../channels'
import { createInbox } from './inbox'

const file = (name: string): OpenedFileEntry => ({ id: name, name, size: 1 })

function inboxOf(...windows: string[]) {
  const sent: [string, string][] = []
  const inbox = createInbox<string>(
    () => windows[0],
    (window, { name }) => sent.push([window, name])
  )
  return { windows, sent, inbox }
}

test('files wait until the first page listens, and later ones are sent', () => {
  const { sent, inbox } = inboxOf('first')
  inbox.deliver(file('a'))
  inbox.deliver(file('b'))
  expect(sent).toEqual([])
  expect(inbox.listen('first')).toEqual([file('a'), file('b')])
  expect(inbox.listen('first')).toEqual([])
  inbox.deliver(file('c'))
  expect(sent).toEqual([['first', 'c']])
})

test('they are not for a second window while the first is there', () => {
  const { sent, inbox } = inboxOf('first', 'second')
  inbox.deliver(file('a'))
  expect(inbox.listen('second')).toEqual([])
  inbox.deliver(file('b'))
  expect(sent).toEqual([])
  expect(inbox.listen('first')).toEqual([file('a'), file('b')])
})

test('while a page is loaded anew they wait for it again', () => {
  const { sent, inbox } = inboxOf('first')
  inbox.listen('first')
  inbox.deafen('first')
  inbox.deliver(file('a'))
  expect(sent).toEqual([])
  expect(inbox.listen('first')).toEqual([file('a')])
})

test('when the first window is closed the next one takes its place', () => {
  const { windows, sent, inbox } = inboxOf('first', 'second')
  inbox.listen('first')
  inbox.listen('second')
  windows.shift()
  inbox.deafen('first')
  inbox.deliver(file('a'))
  expect(sent).toEqual([['second', 'a']])
})
