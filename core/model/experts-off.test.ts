import { expect, test } from 'vitest'
import { moeArchitecture } from '../arch/presets'
import { countText, offText, storedOff, switchedOff } from './experts-off'

const architecture = moeArchitecture({ width: 16, vocabularySize: 55, experts: 4 })

test('some experts of a layer are masked, all of them are its MoE skipped; stored and read they are the same', () => {
  const stored = [
    { layer: 0, experts: [0, 3] },
    { layer: 1, experts: [0, 1, 2, 3] }
  ]
  const off = switchedOff(architecture, stored)
  expect(off).toEqual([
    { kind: 'mask', layer: 0, experts: [0, 3] },
    { kind: 'skip-moe', layer: 1 }
  ])
  expect(storedOff(architecture, off.toReversed())).toEqual(stored)
  expect(storedOff(architecture, [{ kind: 'skip-moe' }]).map(({ layer }) => layer)).toEqual([0, 1])
  expect(countText(architecture, off)).toBe('6 of 8 experts off')
  expect(offText(off)).toBe('layer 0: without experts 0, 3; layer 1: MoE skipped')
})

test('what a model does not have stays a mask, which is refused where it is used', () => {
  expect(switchedOff(architecture, [{ layer: 7, experts: [0] }])).toEqual([{ kind: 'mask', layer: 7, experts: [0] }])
})
