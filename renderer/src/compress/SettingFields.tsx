import { transformOf } from '@core/compress'
import type { Settings } from '@core/compress/transform'
import { z } from 'zod'
import { useApp } from '../state/app'
import { Choice } from '../ui/Choice'
import { NumberInput } from '../ui/NumberInput'
import { Segments } from '../ui/Segments'
import styles from './CompressView.module.css'
import { settingsOf } from './chain'
import type { ChosenStep } from './choices'

interface SettingFieldsProps {
  readonly step: ChosenStep
  /** The setting that is varied, which has no field. */
  readonly varied?: string | undefined
  readonly onChange: (settings: ChosenStep['settings']) => void
}

/** The settings of a transform, as its schema has them. */
export function SettingFields({ step, varied, onChange }: SettingFieldsProps) {
  const { notify } = useApp()
  const settings = settingsOf(step)
  const change = (name: string, value: Settings[string]) => {
    const changed = { ...step.settings, [name]: value }
    try {
      settingsOf({ ...step, settings: changed })
    } catch (error) {
      notify(`${name} stays as it is: ${error instanceof Error ? error.message : String(error)}.`)
      return
    }
    onChange(changed)
  }
  return Object.entries(transformOf(step.transform).settings.shape)
    .filter(([name]) => name !== varied)
    .map(([name, each]) => (
      <Field
        key={name}
        name={name}
        schema={each instanceof z.ZodDefault ? each.unwrap() : each}
        meaning={each.description ?? ''}
        value={settings[name]}
        onChange={(value) => change(name, value)}
      />
    ))
}

interface FieldProps {
  readonly name: string
  readonly meaning: string
  readonly schema: z.core.$ZodType
  readonly value: Settings[string] | undefined
  readonly onChange: (value: Settings[string]) => void
}

function Field({ name, meaning, schema, value, onChange }: FieldProps) {
  if (schema instanceof z.ZodNumber && typeof value === 'number') {
    return (
      <span title={meaning}>
        <NumberInput label={name} value={value} fraction={!schema.isInt} onChange={onChange} />
      </span>
    )
  }
  const options = optionsOf(schema)
  return (
    <span className={styles.field} title={meaning}>
      <span aria-hidden="true">{name}</span>
      {typeof value === 'boolean' ? (
        <Segments
          label={name}
          value={value ? 'yes' : 'no'}
          options={['yes', 'no'].map((each) => ({ value: each, label: each }))}
          onChange={(chosen) => onChange(chosen === 'yes')}
        />
      ) : (
        <Choice
          label={name}
          value={value ?? ''}
          options={options.map((each) => ({ value: each, label: String(each) }))}
          onChange={onChange}
        />
      )}
    </span>
  )
}

/** The values of a setting that is one of some words or numbers. */
function optionsOf(schema: z.core.$ZodType): readonly (string | number)[] {
  if (schema instanceof z.ZodEnum) return schema.options
  if (!(schema instanceof z.ZodUnion)) return []
  return schema.options.flatMap((each) =>
    each instanceof z.ZodLiteral && (typeof each.value === 'number' || typeof each.value === 'string') ? each.value : []
  )
}
