import type { RouterSpec } from '@core/arch/architecture'
import { problemsOf } from '@core/formats/problems'
import { routerOfKind, routerSpecSchema, routers } from '@core/routers'
import { useApp } from '../state/app'
import type { TrainingChoices } from './choices'
import { ChoiceRow, NumberRow, SegmentsRow } from './fields'
import { chosenRouter } from './plan'

interface RouterFieldsProps {
  readonly chosen: TrainingChoices
  readonly onChange: (router: RouterSpec) => void
}

/** The router of a model of one's own, and its settings as its schema has them. */
export function RouterFields({ chosen, onChange: change }: RouterFieldsProps) {
  const { notify } = useApp()
  const router = chosenRouter(chosen)
  const { settings } = routerOfKind(router.kind)
  return (
    <>
      <ChoiceRow
        label="Router"
        value={router.kind}
        options={routers.map(({ kind, name }) => ({ value: kind, label: name }))}
        onChange={(kind) => change(routerSpecSchema.parse({ kind }))}
      />
      {Object.entries(settings.shape).map(([name, schema]) => (
        <Setting
          key={`${router.kind} ${name}`}
          label={name.replaceAll('_', ' ')}
          meaning={schema.description ?? ''}
          value={router[name]}
          onChange={(value) => {
            const read = schema.safeParse(value)
            if (read.success) change({ ...router, [name]: value })
            else notify(`${name.replaceAll('_', ' ')} stays ${router[name]}: ${problemsOf(read.error)}.`)
          }}
        />
      ))}
    </>
  )
}

interface SettingProps {
  readonly label: string
  readonly meaning: string
  readonly value: RouterSpec[string] | undefined
  readonly onChange: (value: RouterSpec[string]) => void
}

function Setting({ label, meaning, value, onChange }: SettingProps) {
  if (typeof value === 'number') {
    return <NumberRow label={label} title={meaning} value={value} fraction onChange={onChange} />
  }
  return (
    <SegmentsRow
      label={label}
      title={meaning}
      value={value === true ? 'yes' : 'no'}
      options={[
        { value: 'yes', label: 'yes' },
        { value: 'no', label: 'no' }
      ]}
      onChange={(chosen) => onChange(chosen === 'yes')}
    />
  )
}
