import { readTransform } from '../../compress'
import { measureSensitivity, partsOf } from '../../compress/sensitivity'
import { jsonBytes } from '../../formats/json'
import type { RunKind } from '../kind'
import { findingName, readFinding, type SensitivityFinding } from './findings'
import { type SensitivitySpec, sensitivityForm } from './sensitivity'

/** Measures one part after the other. Tells all parts after each of them, and keeps them now and then. */
export const sensitivity: RunKind<SensitivitySpec, SensitivityFinding> = {
  ...sensitivityForm,
  run: async ({ model: reference, transform, ...options }, context) => {
    const { files, backend, turn, keep, progress, tell } = context
    const content = await files.read(findingName)
    const kept = content && readFinding(content)
    const before = kept?.format === 'moescope.sensitivity/1' ? kept : undefined
    if (before?.whole) return
    const model = await context.openModel(reference)
    const total = partsOf(model.architecture).length
    let finding: SensitivityFinding | undefined
    let savedAt = performance.now()
    const save = async () => {
      if (finding) await keep([{ name: findingName, content: jsonBytes(finding) }])
      savedAt = performance.now()
    }
    try {
      await measureSensitivity(backend, model, {
        ...options,
        transform: transform && readTransform(transform),
        known: before?.parts ?? [],
        turn: async () => {
          await turn()
          if (performance.now() - savedAt > millisecondsBetweenSaves) await save()
        },
        onPart: ({ before, parts }) => {
          const whole = parts.length === total
          finding = { format: 'moescope.sensitivity/1', before, parts: [...parts], whole }
          progress((parts.length + 1) / (total + 1), `${parts.length} of ${total} parts`)
          tell(finding)
        }
      })
    } finally {
      await save()
    }
  }
}

const millisecondsBetweenSaves = 2000
