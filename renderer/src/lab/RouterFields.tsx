import type { RouterSpec } from '@core/arch/architecture'
import { problemsOf } from '@core/formats/problems'
import { routerOfKind, routerSpecSchema, routers } from '@core/routers'
import { useApp } from '../state/app'
import { Choice } from '../ui/Choice'
import { NumberInput } from '../ui/NumberInput'
import { Segments } from '../ui/Segments'
import type { TrainingChoices } from './choices'
import { chosenRouter } from './plan'
import styles from './TrainingForm.module.css'

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
      <div className={styles.field}>
        <span aria-hidden="true">Router</span>
        <Choice
          label="Router"
          value={router.kind}
          options={routers.map(({ kind, name }) => ({ value: kind, label: name }))}
          onChange={(kind) => change(routerSpecSchema.parse({ kind }))}
        />
      </div>
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
    return (
      <div className={`${styles.field} ${styles.typed}`} title={meaning}>
        <NumberInput label={label} value={value} fraction onChange={onChange} />
      </div>
    )
  }
  return (
    <div className={styles.field} title={meaning}>
      <span aria-hidden="true">{label}</span>
      <Segments
        label={label}
        value={value === true ? 'yes' : 'no'}
        options={[
          { value: 'yes', label: 'yes' },
          { value: 'no', label: 'no' }
        ]}
        onChange={(chosen) => onChange(chosen === 'yes')}
      />
    </div>
  )
}
