import { expect, test } from 'vitest'
import { faultsOf } from './fit'

const display = { width: 1280, height: 720 }
const line = (text: string, left: number, top: number, width = 100, height = 20) => ({
  text,
  left,
  right: left + width,
  top,
  bottom: top + height,
  fontSize: height
})

test('lines below and beside each other fit', () => {
  expect(faultsOf([line('a', 0, 0), line('b', 0, 15), line('c', 100, 0), line('d', 1180, 700)], display)).toEqual([])
})

test('lines that are cut off, overlap or are too small are named', () => {
  expect(faultsOf([line('wide', 1200, 0)], display)).toEqual(['“wide” is cut off'])
  expect(faultsOf([line('low', 0, 710)], display)).toEqual(['“low” is cut off'])
  expect(faultsOf([line('one', 0, 0), line('two', 90, 11)], display)).toEqual(['“one” and “two” overlap'])
  expect(faultsOf([line('tiny', 0, 0, 100, 11.9)], display)).toEqual(['“tiny” is too small to be read'])
})
