import { capture } from '../../expression'
import { constantInteger, identity, ifThenElse, less, multiply, negate } from '../index'
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
  )
}
