import { constant } from '../../expression'
import { values } from '../../tensor'
import { rotary, rotaryTable } from '../index'
import type { CasesOf } from './case'
import { applied, float32, int64, normal } from './case'

/** Cases of `operators/rotary.ts`. */
export const rotaryCases: CasesOf<typeof import('../rotary')> = {
  rotary: [
    applied('two heads', { x: normal(2, 3, 8), positions: int64([2, 3], [0, 1, 2, 3, 0, 5]) }, ({ x, positions }) =>
      rotary(x, positions, rotaryTable(6, [1, 0.01]))
    ),
    applied('neighbours', { x: normal(2, 3, 8), positions: int64([2, 3], [0, 1, 2, 3, 0, 5]) }, ({ x, positions }) =>
      rotary(x, positions, rotaryTable(6, [1, 0.01]), true)
    )
  ],
  rotaryTable: [
    applied('turning a unit vector', { x: float32([1, 2, 4], [1, 1, 0, 0, 1, 1, 0, 0]) }, ({ x }) =>
      rotary(x, constant(values('int64', [1, 2], [1, 7])), rotaryTable(8, [1, 0.1]))
    )
  ]
}
