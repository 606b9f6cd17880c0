/** Equal compute within a sweep. */
import { readConfig } from '../../arch/runnable'
import { denseTrainings, type SpentBudget, spentBudgets } from '../../scaling/trainings'
import type { SweptTraining } from './read-run'

/**
 * The compute budgets that three dense sizes or more of a sweep spent, ascending; none where its trainings are of several
 * corpora. Trainings on a text of the user's are left out.
 */
export function sweepBudgets(reports: readonly SweptTraining[]): SpentBudget[] {
  const trained = reports.flatMap((report) =>
    report.config && !('kind' in report.corpus) ? [{ report, architecture: readConfig(report.config) }] : []
  )
  try {
    return spentBudgets(denseTrainings(trained).points)
  } catch (error) {
    if (error instanceof RangeError) return []
    throw error
  }
}
