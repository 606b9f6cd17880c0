/** Text of `moescope ablate`. */
import { domainIds } from '@core/corpus'
import type { Ablation, AblationRow } from '@core/evaluate/ablate'
import type { LoadAndLossIncrease } from '@core/evaluate/load-and-loss'
import { shareOf } from '@core/evaluate/load-and-loss'
import { interventionName } from '@core/model/intervention'
import { rankCorrelationByChance } from '@core/rank-correlation'
import type { Spread } from '@core/scaling/spread'
import type { Paint } from '../terminal/paint'
import { tableLines } from '../terminal/table'

/** The experiment with what belongs to the model. */
export interface AblationReport extends Ablation {
  readonly model: string
  readonly seed: number
  /** Rows are missing. */
  readonly interrupted: boolean
  readonly popularity_and_damage: readonly LoadAndLossIncrease[]
  /** Of the losses that were reported when the model was trained; null without reports. */
  readonly loss_over_seeds: Spread | null
}

/** The table of an experiment, and what is needed to judge it. */
export function ablationText(report: AblationReport, paint: Paint): string {
  const { model, baseline, rows } = report
  const domains = domainIds.filter((id) => baseline.domains[id])
  const [heading = '', whole = '', ...changed] = tableLines([
    ['nats per character', 'load', 'loss', 'change', ...domains],
    [model, '', baseline.loss.toFixed(4), '', ...domains.map((id) => baseline.domains[id]?.loss.toFixed(3) ?? '')],
    ...worstExpertsLast(rows).map((row) => [
      `  ${interventionName(row.intervention)}`,
      loadText(row, report),
      row.loss.toFixed(4),
      changeText(row),
      ...domains.map((id) => signed(row.domains[id]?.delta ?? Number.NaN, 2))
    ])
  ])
  const notes = [
    `${baseline.tokens} characters, the same for all; change ± its standard error; by language: loss, then changes`,
    seedText(report),
    ...report.popularity_and_damage.map(correlationText)
  ]
  return `${[paint.dim(heading), paint.bold(whole), ...changed, ...notes].join('\n')}\n`
}

/** Experts that were masked alone by what they did, after all others, with the worst in sight of the notes. */
function worstExpertsLast(rows: readonly AblationRow[]): AblationRow[] {
  const isAlone = ({ intervention }: AblationRow) => intervention.kind === 'mask' && intervention.experts.length === 1
  const alone = rows.filter(isAlone).sort((a, b) => a.delta - b.delta)
  return [...rows.filter((row) => !isAlone(row)), ...alone]
}

/** The share of a layer's assignments that the masked experts had. */
function loadText({ intervention }: AblationRow, { baseline }: AblationReport): string {
  if (intervention.kind !== 'mask') return ''
  const loads = baseline.loads.find(({ layer }) => layer === intervention.layer)?.experts
  if (!loads) return ''
  const share = [...new Set(intervention.experts)].reduce((sum, expert) => sum + shareOf(loads, expert), 0)
  return `${(100 * share).toFixed(1)} %`
}

function changeText({ delta, standardError }: AblationRow): string {
  return standardError === null ? signed(delta, 4) : `${signed(delta, 4)} ± ${standardError.toFixed(4)}`
}

/** With its sign, which a number that rounds to 0 has not. */
function signed(value: number, digits: number): string {
  const size = Math.abs(value).toFixed(digits)
  return Number(size) === 0 ? size : `${value < 0 ? '-' : '+'}${size}`
}

/** Spread of the loss over seeds: the noise that a loss increase is compared with. */
function seedText({ model, loss_over_seeds: spread }: AblationReport): string {
  if (spread && spread.deviation !== null) {
    return `between ${spread.seeds} training seeds the loss of ${model} differs by ± ${spread.deviation.toFixed(4)}`
  }
  const reason = spread ? 'it was trained with one' : 'it has no report'
  return `how far the loss of ${model} differs between training seeds is not known: ${reason}`
}

function correlationText({ layer, experts, correlation }: LoadAndLossIncrease): string {
  const which = layer === null ? `all ${experts} experts` : `the ${experts} experts of layer ${layer}`
  const found = correlation === null ? 'not defined' : signed(correlation, 2)
  const chance = rankCorrelationByChance(experts).toFixed(2)
  return `load vs. loss increase of ${which}: rank correlation ${found}, by chance 0 ± ${chance}`
}
