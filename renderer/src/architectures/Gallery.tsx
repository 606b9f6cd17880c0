import { Checkbox } from '@base-ui/react/checkbox'
import { formatExact, formatPercent } from '../charts/format'
import { formatBytes, formatDifference, formatLarge } from '../charts/format-large'
import { CommandButton } from '../ui/CommandButton'
import { Figure } from '../ui/Figure'
import { Segments } from '../ui/Segments'
import styles from './Architectures.module.css'
import { agreementOf } from './agreement'
import { type ArchitectureChoices, type GalleryColumn, maxCompared } from './choices'
import table from './Gallery.module.css'
import { activeShare, conventionOf, conventionWords, expertsText, galleryRows } from './gallery-rows'
import { Head } from './Head'
import type { Subject } from './subjects'
import { useArchitectures } from './use-architectures'

const columns: readonly { id: GalleryColumn; label: string; title: string; numeric: boolean }[] = [
  { id: 'name', label: 'Model', title: 'Name', numeric: false },
  { id: 'family', label: 'Family', title: 'Models of one lineage', numeric: false },
  { id: 'year', label: 'Year', title: 'Of the first publication', numeric: true },
  {
    id: 'total',
    label: 'Total',
    title: 'Total parameters: every weight, counted from its configuration',
    numeric: true
  },
  {
    id: 'active',
    label: 'Active',
    title: 'Active parameters: weights that one token touches, in the convention of its makers',
    numeric: true
  },
  { id: 'ratio', label: 'Active share', title: 'Active over total parameters, convention all', numeric: true },
  { id: 'experts', label: 'Experts', title: 'Top-k of the routed experts, plus shared experts', numeric: true },
  {
    id: 'cache',
    label: 'KV cache',
    title: 'Bytes that a further token adds to the KV cache, in 16 bits',
    numeric: true
  },
  {
    id: 'published',
    label: 'Published',
    title: 'Total and active as published, and the difference to the count',
    numeric: true
  }
]

/** All models in a table that can be sorted and filtered. */
export function Gallery({ subjects }: { subjects: readonly Subject[] }) {
  const [chosen, choose] = useArchitectures()
  const rows = galleryRows(subjects, chosen)
  return (
    <>
      <Head question="How much of a model is active for a token?" />
      <Answer rows={rows} />
      <div className={styles.bar}>
        <input
          type="search"
          className={table.filter}
          aria-label="Filter"
          placeholder="Name, family, year, kind"
          value={chosen.filter}
          onChange={(event) => choose({ filter: event.target.value.slice(0, 100) })}
        />
        <Segments
          label="Kind"
          value={chosen.kind}
          options={[
            { value: 'all', label: 'All' },
            { value: 'dense', label: 'Dense' },
            { value: 'moe', label: 'MoE' }
          ]}
          onChange={(kind) => choose({ kind })}
        />
        <output>
          {rows.length} of {subjects.length}
        </output>
        <span className={styles.space} />
        <span className={styles.note}>Have a config.json? Drop it on the window.</span>
        <CommandButton id="open" />
      </div>
      {rows.length === 0 ? (
        <p className={styles.message}>No model is called that. Try fewer letters, or all kinds.</p>
      ) : (
        <div className={table.frame}>
          <table className={table.table}>
            <thead>
              <tr>
                <th scope="col">
                  <span className={table.hidden}>Side by side</span>
                </th>
                {columns.map((column) => (
                  <HeadCell key={column.id} {...column} chosen={chosen} choose={choose} />
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map((subject) => (
                <Row key={subject.id} subject={subject} chosen={chosen} choose={choose} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      <p className={styles.note}>
        Counted from the configurations of the models; published figures stand beside, with ✓ where the count becomes
        them by rounding. Laboratories differ in what they call active: the convention is named where embeddings are
        left out.
      </p>
    </>
  )
}

/** The sparsest of the rows. */
function Answer({ rows }: { rows: readonly Subject[] }) {
  const moe = rows.filter(({ kind }) => kind === 'moe').sort((a, b) => activeShare(a) - activeShare(b))
  const [sparsest] = moe
  const densest = moe.at(-1)
  if (!sparsest || !densest) {
    return (
      <p className={styles.answer}>
        <strong data-kind="dense">100 %</strong>
        <span>of the weights of a dense model are active for every token</span>
      </p>
    )
  }
  return (
    <p className={styles.answer}>
      <strong data-kind="moe">
        {formatPercent(activeShare(sparsest))} – {formatPercent(activeShare(densest))}
      </strong>
      <span>
        of the weights are active in {moe.length} MoE models: least in {sparsest.name}, most in {densest.name}
      </span>
    </p>
  )
}

type Change = (changes: Partial<ArchitectureChoices>) => void

function HeadCell(props: (typeof columns)[number] & { chosen: ArchitectureChoices; choose: Change }) {
  const { id, label, title, numeric, chosen, choose } = props
  const sorted = chosen.sort === id
  const words = id === 'name' || id === 'family'
  return (
    <th
      scope="col"
      data-numeric={numeric || undefined}
      aria-sort={sorted ? (chosen.descending ? 'descending' : 'ascending') : 'none'}
    >
      <button
        type="button"
        title={title}
        onClick={() => choose({ sort: id, descending: sorted ? !chosen.descending : !words })}
      >
        {label}
        <span aria-hidden="true">{sorted ? (chosen.descending ? '\u00a0↓' : '\u00a0↑') : ''}</span>
      </button>
    </th>
  )
}

function Row({ subject, chosen, choose }: { subject: Subject; chosen: ArchitectureChoices; choose: Change }) {
  const { id, name, family, year, kind, count, experts, cachePerToken } = subject
  const compared = chosen.compared.includes(id)
  const convention = conventionOf(subject)
  return (
    <tr>
      <td>
        <Checkbox.Root
          className={table.check}
          checked={compared}
          disabled={!compared && chosen.compared.length >= maxCompared}
          aria-label={`${name} side by side`}
          onCheckedChange={(checked) =>
            choose({ compared: checked ? [...chosen.compared, id] : chosen.compared.filter((each) => each !== id) })
          }
        >
          <Checkbox.Indicator>
            <svg width="10" height="10" viewBox="0 0 10 10" aria-hidden="true">
              <path d="M1 5.5l3 3 5-7" fill="none" stroke="currentColor" strokeWidth="1.8" />
            </svg>
          </Checkbox.Indicator>
        </Checkbox.Root>
      </td>
      <th scope="row">
        <button
          type="button"
          className={table.name}
          data-kind={kind}
          onClick={() => choose({ screen: 'one', model: id, changes: {} })}
        >
          {name}
        </button>
      </th>
      <td>{family}</td>
      <td data-numeric>{year ?? '–'}</td>
      <td data-numeric>
        <Figure
          exact={`${formatExact(count.total)} parameters`}
          definition={`Every weight of the model. Shape from ${subject.source}.`}
          provenance="counted"
        >
          {formatLarge(count.total)}
        </Figure>
      </td>
      <td data-numeric>
        <small className={table.convention}>{shortConvention[convention]}</small>
        <Figure
          exact={`${formatExact(count.active[convention])} active parameters`}
          definition={`Weights that one token touches: ${conventionWords[convention]}. All conventions: ${Object.entries(
            count.active
          )
            .map(([name, size]) => `${name} ${formatLarge(size)}`)
            .join(', ')}.`}
          provenance="counted"
        >
          {formatLarge(count.active[convention])}
        </Figure>
      </td>
      <td data-numeric>{formatPercent(activeShare(subject))}</td>
      <td data-numeric>{expertsText(experts)}</td>
      <td data-numeric>
        {cachePerToken === null ? '–' : cachePerToken === 0 ? 'constant' : formatBytes(cachePerToken)}
      </td>
      <td data-numeric>
        <Published subject={subject} />
      </td>
    </tr>
  )
}

const shortConvention = {
  all: '',
  no_input_embedding: 'without input embedding',
  no_embedding: 'without embeddings'
} as const

function Published({ subject: { published, count, notes } }: { subject: Subject }) {
  if (!published || published.total === null) return '–'
  const total = agreementOf(published.total, count.total)
  const { active, convention } = published
  const agreement = active !== null && convention !== null ? agreementOf(active, count.active[convention]) : undefined
  const agrees = total.agrees && (agreement?.agrees ?? true)
  const activeText =
    active === null
      ? ''
      : convention === null || !agreement
        ? ` Active ${formatLarge(active)}, which no convention gives.`
        : ` Active ${formatLarge(active)} (${conventionWords[convention]}): the count is ${formatDifference(agreement.difference)}.`
  return (
    <Figure
      exact={`${formatLarge(published.total)}${active === null ? '' : `, ${formatLarge(active)} active`}`}
      definition={`${published.source}. The counted total is ${formatDifference(total.difference)}.${activeText} ${notes}`}
      provenance="published"
    >
      {formatLarge(published.total)}
      {active === null ? '' : ` / ${formatLarge(active)}`}{' '}
      <span className={table.agreement} data-agrees={agrees}>
        {agrees ? '✓' : formatDifference(total.agrees && agreement ? agreement.difference : total.difference)}
      </span>
    </Figure>
  )
}
