import type { Component } from '@core/arch/weights'
import { useMemo } from 'react'
import { useTextScale } from '../app/use-appearance'
import { componentLook, componentOrder } from '../charts/component-colour'
import { formatExact, formatPercent } from '../charts/format'
import { formatLarge } from '../charts/format-large'
import { LayerStack } from '../charts/LayerStack'
import { Treemap } from '../charts/Treemap'
import { useWidth } from '../charts/use-size'
import { ChartPanel } from '../ui/ChartPanel'
import styles from './Architectures.module.css'
import { type LayerGroup, layerGroups, type Part } from './layer-groups'
import type { Subject } from './subjects'

const mapHeight = 360

/** Where the parameters sit: all of them as areas, and the layers from input to output. */
export function PartsPanel({ subject }: { subject: Subject }) {
  const [map, mapWidth] = useWidth()
  const [stack, stackWidth] = useWidth()
  const textScale = useTextScale()
  const { description, count, id } = subject
  const groups = useMemo(() => layerGroups(description), [description])
  const table = () => ({
    columns: ['layers', 'times', 'component', 'parameters_of_one', 'active_of_one', 'parameters', 'active'],
    rows: groups.flatMap(({ name, times, parts }) =>
      parts.map(({ component, parameters, active }) => [
        name,
        times,
        component,
        parameters,
        active,
        times * parameters,
        times * active
      ])
    )
  })
  return (
    <div className={styles.parts}>
      <ChartPanel
        title="All parameters, as areas"
        fileName={`${id}-parameters`}
        table={table}
        aside={<span>strong: used by one token</span>}
      >
        <Legend parts={groups.flatMap(({ parts }) => parts)} />
        <div ref={map}>
          <Treemap
            groups={groups.map((group) => ({
              id: group.name,
              label: labelOf(group),
              cells: [...group.parts].sort(byOrder).map((part) => cellOf(group, part, count.total))
            }))}
            width={mapWidth}
            height={mapHeight}
            textScale={textScale}
            description={describe(groups, count.total)}
          />
        </div>
      </ChartPanel>
      <ChartPanel
        title="Layer by layer"
        fileName={`${id}-layers`}
        table={table}
        aside={<span>bars: one layer of each kind</span>}
      >
        <div ref={stack}>
          <LayerStack
            rows={groups.map((group) => ({
              id: group.name,
              name: labelOf(group),
              amount: `${formatLarge(group.times * sizeOf(group))} · ${formatPercent((group.times * sizeOf(group)) / count.total)}`,
              parts: [...group.parts].sort(byOrder).map((part) => ({
                id: part.component,
                value: part.parameters,
                strong: part.active / part.parameters,
                ...lookOf(part),
                title: titleOf(group, part, count.total)
              })),
              places: group.places,
              of: group.of
            }))}
            width={stackWidth}
            height={mapHeight}
            textScale={textScale}
            description={describe(groups, count.total)}
          />
        </div>
      </ChartPanel>
    </div>
  )
}

function Legend({ parts }: { parts: readonly Part[] }) {
  const here = new Set(parts.map(({ component }) => component))
  return (
    <ul className={styles.legend} aria-label="Colours">
      {componentOrder
        .filter((component) => here.has(component) && component !== 'norms' && component !== 'other')
        .map((component) => {
          const { name, fill, opacity } = componentLook(component)
          return (
            <li key={component}>
              <svg width="11" height="11" aria-hidden="true">
                <rect width="11" height="11" rx="2" fill={fill} fillOpacity={opacity} />
              </svg>
              {name}
            </li>
          )
        })}
    </ul>
  )
}

function cellOf(group: LayerGroup, part: Part, total: number) {
  const { component, parameters, active } = part
  const all = group.times * parameters
  return {
    id: component,
    label: componentLook(component).name,
    detail: `${formatLarge(all)} · ${formatPercent(all / total)}`,
    value: all,
    strong: active / parameters,
    ...lookOf(part),
    title: titleOf(group, part, total)
  }
}

function lookOf({ component }: Part) {
  const { fill, opacity } = componentLook(component)
  return { fill, opacity }
}

function titleOf(group: LayerGroup, { component, parameters, active }: Part, total: number): string {
  const { times } = group
  const used = active < parameters ? `; a token uses ${formatExact(times * active)}` : ''
  return (
    `${componentLook(component).name}, ${labelOf(group)}: ${formatExact(times * parameters)} parameters, ` +
    `${formatPercent((times * parameters) / total)} of all${used}`
  )
}

function labelOf({ name, times }: LayerGroup): string {
  return times > 1 ? `${name} × ${times}` : name
}

function sizeOf({ parts }: LayerGroup): number {
  return parts.reduce((sum, { parameters }) => sum + parameters, 0)
}

function byOrder(a: { component: Component }, b: { component: Component }): number {
  return componentOrder.indexOf(a.component) - componentOrder.indexOf(b.component)
}

function describe(groups: readonly LayerGroup[], total: number): string {
  const parts = groups.map(
    (group) =>
      `${labelOf(group)} ${formatLarge(group.times * sizeOf(group))} (${formatPercent((group.times * sizeOf(group)) / total)})`
  )
  return `Parameters: ${parts.join(', ')}`
}
