import { matmul, transposeLast } from '../index'
import type { CasesOf } from './case'
import { applied, normal, rows } from './case'

/** Cases of `operators/matmul.ts`. */
export const matmulCases: CasesOf<typeof import('../matmul')> = {
  matmul: [
    ...[false, true].flatMap((ta) =>
      [false, true].map((tb) =>
        applied(
          `matrices${ta ? ', first transposed' : ''}${tb ? ', second transposed' : ''}`,
          { a: ta ? normal(5, 4) : normal(4, 5), b: tb ? normal(3, 5) : normal(5, 3) },
          ({ a, b }) => matmul(a, b, { a: ta, b: tb })
        )
      )
    ),
    applied('rows of unknown number', { a: rows(4, 5), b: normal(5, 3) }, ({ a, b }) => matmul(a, b)),
    applied('no rows', { a: rows(0, 5), b: normal(5, 3) }, ({ a, b }) => matmul(a, b)),
    applied('a batch', { a: normal(2, 4, 5), b: normal(2, 5, 3) }, ({ a, b }) => matmul(a, b)),
    applied('a batch by a transposed batch', { a: normal(2, 4, 5), b: normal(2, 3, 5) }, ({ a, b }) =>
      matmul(a, b, { b: true })
    ),
    applied('a group axis against one broadcast', { a: normal(2, 2, 3, 4, 5), b: normal(2, 2, 1, 6, 5) }, ({ a, b }) =>
      matmul(a, b, { b: true })
    ),
    applied('a batch by a matrix', { a: normal(2, 4, 5), b: normal(5, 3) }, ({ a, b }) => matmul(a, b)),
    applied('a matrix by a batch', { a: normal(1, 5), b: normal(2, 5, 3) }, ({ a, b }) => matmul(a, b))
  ],
  transposeLast: [applied('a batch', { x: normal(2, 3, 4) }, ({ x }) => transposeLast(x))]
}
