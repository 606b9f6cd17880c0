import type { StepRecord } from '@core/generate/records'
import { offText } from '@core/model/experts-off'
import type { ChartTable } from '../charts/export'
import { RoutingDrawing } from '../charts/RoutingDrawing'
import type { RoutingLayout } from '../charts/routing-layout'
import { useAppState } from '../state/app'
import type { LibraryModel } from '../state/library'
import { ChartSubjectContext } from '../ui/chart-subject'
import { ExportButton } from '../ui/ExportButton'
import { modelName } from '../words/model-words'
import { masksOf } from './exam'

export interface RoutingExportProps {
  readonly model: LibraryModel
  readonly layout: RoutingLayout
  /** In the order in which they were read. */
  readonly steps: readonly StepRecord[]
}

/** The experts of each character as a picture and as numbers, with the settings that the text was written with. */
export function RoutingExport({ model, layout, steps }: RoutingExportProps) {
  const choices = useAppState((state) => state.choices)
  const { prompt, seed, temperature, topP } = choices
  const off = masksOf(choices, model)
  const columns = steps
    .filter(({ position }) => position > 0)
    .map((step) => ({ ...step, generated: step.source === 'generated' }))
  const settings = {
    models: model.id,
    prompt,
    seed,
    temperature,
    top_p: topP,
    ...(off.length > 0 && { experts_off: offText(off) })
  }
  return (
    <ChartSubjectContext value={{ name: `${modelName(model)} (${model.id}), seed ${seed}`, settings }}>
      <ExportButton
        title="Experts of each token"
        fileName="experts-of-each-character"
        table={() => tableOf(steps)}
        legend="one colour for each expert, stronger for a larger weight; grey characters: the prompt"
        colours={undefined}
      >
        {(frame) => <RoutingDrawing {...layout} {...frame} columns={columns} />}
      </ExportButton>
    </ChartSubjectContext>
  )
}

/** A row for each expert that a token went to. */
function tableOf(steps: readonly StepRecord[]): ChartTable {
  return {
    columns: ['position', 'token', 'source', 'layer', 'expert', 'weight'],
    rows: steps.flatMap(({ position, text, source, routing }) =>
      routing.flatMap(({ layer, experts, gates }) =>
        experts.map((expert, i) => [position, text, source, layer, expert, gates[i] ?? null])
      )
    )
  }
}
