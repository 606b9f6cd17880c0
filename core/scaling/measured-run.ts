/** The part of a training report that is read here; every `TrainingReport` is one. */
export interface MeasuredRun {
  /** Which generated corpus the model was trained and validated on. */
  readonly corpus: object
  readonly recipe: { readonly seed: number }
  /** Characters trained on. */
  readonly characters: number
  /** Validation losses at the end, in nats per character. */
  readonly result: {
    readonly loss: number
    readonly memory: number
    readonly computation: number
    readonly domains: ByDomain
    /** Mean nats per character of the answers alone; absent in reports of before answers were scored. */
    readonly answers?: { readonly memory: AnswerLoss; readonly computation: AnswerLoss } | undefined
  }
  /** Entropy of the corpus, in nats per character; absent where it is not known. */
  readonly floor?: { readonly total: number; readonly domains: ByDomain }
}

interface AnswerLoss {
  readonly loss: number
}

type ByDomain = Readonly<Record<string, number | undefined>>

/**
 * Text that a loss is the mean over: `total`, the groups `memory` and `computation`, the answers in them alone
 * (`memory_answers` and `computation_answers`), or the id of a domain.
 */
export type Quantity = string

/** Losses of one run by quantity, in nats per character. */
export type QuantityLosses = Readonly<Record<Quantity, number>>

/** The losses of a run by quantity; a domain or a group without a loss is left out. */
export function quantityLosses({ result }: MeasuredRun): QuantityLosses {
  const { loss, memory, computation, domains } = result
  const answers = result.answers && {
    memory_answers: result.answers.memory.loss,
    computation_answers: result.answers.computation.loss
  }
  return Object.fromEntries(
    Object.entries({ total: loss, memory, computation, ...domains, ...answers }).filter(
      (entry): entry is [Quantity, number] => entry[1] !== undefined && !Number.isNaN(entry[1])
    )
  )
}

/**
 * The entropy of what a quantity is the mean of, in nats per character, as far as a run's report has it: of the whole
 * corpus and of its domains, not of the groups.
 */
export function quantityFloor({ floor }: MeasuredRun, quantity: Quantity): number | undefined {
  return quantity === 'total' ? floor?.total : floor?.domains[quantity]
}

/** Training text of a run, in words; only runs with the same words can be compared. */
export function trainedOn({ corpus, characters }: MeasuredRun): string {
  return `${characters} characters of the corpus (${describe(corpus)})`
}

/**
 * Checks that runs can be compared: the same corpus and number of characters, and within one model no seed twice
 * (which would pass for an independent run). Throws a `RangeError` that names the two.
 */
export function checkComparable(models: readonly { readonly id: string; readonly reports: readonly MeasuredRun[] }[]) {
  const runs = models.flatMap(({ id, reports }) =>
    reports.map((report) => ({ name: `${id} (seed ${report.recipe.seed})`, data: trainedOn(report) }))
  )
  const [first] = runs
  const names = new Set<string>()
  for (const { name, data } of runs) {
    if (first && data !== first.data) {
      throw new RangeError(
        `${first.name} and ${name} cannot be compared: ${first.name} was trained on ${first.data}, ${name} on ${data}; ` +
          'compare only models trained on the same text'
      )
    }
    if (names.has(name)) throw new RangeError(`two reports are of ${name}; give each seed once`)
    names.add(name)
  }
}

function describe(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value)
  return Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, inner]) => `${key} ${typeof inner === 'object' ? `(${describe(inner)})` : String(inner)}`)
    .join(', ')
}
