import { transformOf } from '@core/compress'
import type { Settings } from '@core/compress/transform'
import { z } from 'zod'
import { useApp } from '../state/app'
import { Choice } from '../ui/Choice'
import { NumberInput } from '../ui/NumberInput'
import { Segments } from '../ui/Segments'
import styles from './CompressView.module.css'
import type { CompressChoices } from './choices'
import { chosenSettings } from './sweeps'

interface SettingFieldsProps {
  readonly chosen: CompressChoices
  readonly onChange: (settings: CompressChoices['settings']) => void
}

/** The settings of the chosen transform, as its schema has them, but for the one that is varied. */
export function SettingFields({ chosen, onChange }: SettingFieldsProps) {
  const { notify } = useApp()
  const { sweep, settings: schema } = transformOf(chosen.transform)
  const settings = chosenSettings(chosen)
  const change = (name: string, value: Settings[string]) => {
    const settings = { ...chosen.settings, [name]: value }
    try {
      chosenSettings({ ...chosen, settings })
    } catch (error) {
      notify(`${name} stays as it is: ${error instanceof Error ? error.message : String(error)}.`)
      return
    }
    onChange(settings)
  }
  return Object.entries(schema.shape)
    .filter(([name]) => name !== sweep.setting)
    .map(([name, each]) => (
      <Field
        key={name}
        name={name}
        meaning={each.description ?? ''}
        options={optionsOf(each)}
        value={settings[name]}
        onChange={(value) => change(name, value)}
      />
    ))
}

interface FieldProps {
  readonly name: string
  readonly meaning: string
  readonly options: readonly string[]
  readonly value: Settings[string] | undefined
  readonly onChange: (value: Settings[string]) => void
}

function Field({ name, meaning, options, value, onChange }: FieldProps) {
  if (typeof value === 'number') {
    return (
      <span title={meaning}>
        <NumberInput label={name} value={value} onChange={onChange} />
      </span>
    )
  }
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
          options={options.map((each) => ({ value: each, label: each }))}
          onChange={onChange}
        />
      )}
    </span>
  )
}

/** The values of a setting that is one of some words. */
function optionsOf(schema: z.ZodType): readonly string[] {
  const inner = schema instanceof z.ZodDefault ? schema.unwrap() : schema
  return inner instanceof z.ZodEnum ? inner.options.map(String) : []
}
