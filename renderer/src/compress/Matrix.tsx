import styles from './CompressView.module.css'

interface MatrixProps {
  /** The rows and columns are so many of these. */
  readonly name: string
  readonly rows: readonly string[]
  readonly values: readonly (readonly number[])[]
  /** Strength of a value's colour, from 0 to 1. */
  readonly part: (value: number) => number
  readonly title: (row: string, column: string) => string
}

/** A square table of values, coloured by them; where there are many, a value is read under the pointer. */
export function Matrix({ name, rows, values, part, title }: MatrixProps) {
  const isWide = rows.length > mostRead
  return (
    <div className={styles.points}>
      <table className={styles.matrix} data-wide={isWide || undefined}>
        <thead>
          <tr>
            <th scope="col">{name}</th>
            {rows.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {values.map((row, i) => (
            <tr key={rows[i]}>
              <th scope="row">{rows[i]}</th>
              {row.map((value, j) => (
                <td
                  key={rows[j]}
                  title={`${title(rows[i] ?? '', rows[j] ?? '')}: ${value.toFixed(3)}`}
                  style={{ background: shade(part(value)) }}
                >
                  {isWide ? <span>{value.toFixed(2)}</span> : value.toFixed(2)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** Columns of which each value can be read. */
const mostRead = 10

function shade(part: number): string {
  return `color-mix(in oklab, var(--moe) ${Math.round(Math.min(1, Math.max(0, part)) * 65)}%, transparent)`
}
