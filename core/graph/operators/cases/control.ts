import { capture } from '../../expression'
import { add, constantInteger, eachRow, identity, ifThenElse, less, multiply, negate, sum } from '../index'
import type { CasesOf } from './case'
import { applied, discrete, int64, noKernel, normal } from './case'

/** Cases of `operators/control.ts`. */
export const controlCases: CasesOf<typeof import('../control')> = {
  ifThenElse: [3, 4].map((index) =>
    applied(
      `nested, index ${index}`,
      { x: normal(2, 2), index: int64([1], [index]) },
      ({ x, index: which }) => {
        const outer = capture(x)
        const inner = ifThenElse(
          less(capture(which), constantInteger(4)),
          multiply(capture(outer), 3),
          negate(capture(outer))
        )
        return ifThenElse(less(which, constantInteger(3)), identity(outer), inner)
      },
      { ...discrete, cpuOnly: noKernel }
    )
  ),
  eachRow: [
    applied(
      'a branch of each row',
      { x: normal(2), index: int64([3, 1], [4, 2, 3]), gates: normal(3, 2) },
      ({ x, index, gates }) =>
        eachRow([index, gates], ([which, gate]) =>
          ifThenElse(
            less(which, constantInteger(3)),
            multiply(capture(capture(x)), capture(gate)),
            add(capture(capture(x)), sum(capture(gate)))
          )
        ),
      { ...discrete, cpuOnly: noKernel }
    )
  ]
}
