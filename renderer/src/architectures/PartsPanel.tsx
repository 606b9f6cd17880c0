import type { Component } from '@core/arch/describe/component'
import { useMemo } from 'react'
import { componentLook, componentOrder } from '../charts/component-colour'
import { formatExact, formatPercent } from '../charts/format'
import { formatLarge } from '../charts/format-large'
import { LayerStack } from '../charts/LayerStack'
import { Treemap } from '../charts/Treemap'
import { useMainHeight } from '../charts/use-size'
import { ChartPanel } from '../ui/ChartPanel'
import { useTextScale } from '../ui/use-appearance'
import styles from './Architectures.module.css'
import { conventionWords } from './gallery-rows'
import { type LayerGroup, layerGroups, type Part } from './layer-groups'
import type { Subject } from './subjects'

/** Parameters by component: all as areas, layer by layer, and the active ones. */
export function PartsPanel({ subject }: { subject: Subject }) {
  const textScale = useTextScale()
  const mapHeight = Math.min(520, useMainHeight() - 60)
  const { description, count, id } = subject
  const groups = useMemo(() => layerGroups(description), [description])
  const isSparse = count.components.experts > 0
  // Both columns end at the same height: what one token uses has what the layers leave.
  const stackHeight = isSparse ? groups.length * 54 * textScale : mapHeight
  const leftHeight = mapHeight - stackHeight - panelChrome * textScale
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
    <>
      <Legend subject={subject} />
      <div className={styles.parts}>
        <ChartPanel
          title="All parameters, as areas"
          fileName={`${id}-parameters`}
          table={table}
          colours={<Legend subject={subject} />}
          legend={isSparse ? 'a tile is an expert; strong: used by one token' : 'counted'}
        >
          {(frame) => (
            <Treemap
              {...frame}
              groups={groups.map((group) => ({
                id: group.name,
                label: labelOf(group),
                cells: [...group.parts].sort(byOrder).map((part) => cellOf(group, part, count.total))
              }))}
              height={mapHeight}
              description={describe(groups, count.total)}
            />
          )}
        </ChartPanel>
        <div className={styles.main}>
          <ChartPanel
            title="Layer by layer"
            fileName={`${id}-layers`}
            table={table}
            legend="bars: one layer of each kind"
            colours={<Legend subject={subject} />}
          >
            {(frame) => (
              <LayerStack
                {...frame}
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
                height={stackHeight}
                description={describe(groups, count.total)}
              />
            )}
          </ChartPanel>
          {isSparse && <UsedByOneToken subject={subject} groups={groups} height={leftHeight} />}
        </div>
      </div>
    </>
  )
}

interface UsedProps {
  readonly subject: Subject
  readonly groups: readonly LayerGroup[]
  readonly height: number
}

/** The areas that one token touches, without the experts that it does not go to: what stays hidden beside all of them. */
function UsedByOneToken({ subject: { id, count }, groups, height }: UsedProps) {
  const { all } = count.active
  const used = componentOrder
    .map((component) => ({ component, active: usedOf(component, groups) }))
    .filter(({ active }) => active > 0)
  return (
    <ChartPanel
      title={`One token uses ${formatLarge(all)}`}
      fileName={`${id}-used-by-one-token`}
      legend={<span title={conventionWords.all}>active, with embeddings</span>}
      table={() => ({
        columns: ['component', 'active'],
        rows: used.map(({ component, active }) => [component, active])
      })}
    >
      {(frame) => (
        <Treemap
          {...frame}
          groups={[
            {
              id: 'used',
              label: '',
              cells: used.map(({ component, active }) => ({
                id: component,
                label: componentLook(component).name,
                detail: `${formatLarge(active)} · ${formatPercent(active / all)}`,
                value: active,
                strong: 1,
                ...lookOf({ component }),
                title: `${componentLook(component).name}: ${formatExact(Math.round(active))} of the ${formatExact(all)} that a token uses`
              }))
            }
          ]}
          height={Math.max(120, height)}
          description={`Used by one token: ${used.map(({ component, active }) => `${componentLook(component).name} ${formatLarge(active)}`).join(', ')}`}
        />
      )}
    </ChartPanel>
  )
}

function usedOf(component: Component, groups: readonly LayerGroup[]): number {
  return groups
    .flatMap(({ times, parts }) => parts.map((part) => (part.component === component ? times * part.active : 0)))
    .reduce((sum, active) => sum + active, 0)
}

function Legend({ subject: { count } }: { subject: Subject }) {
  return (
    <ul className={styles.legend} aria-label="Colours">
      {componentOrder
        .filter((component) => count.components[component] >= minNamed * count.total)
        .map((component) => {
          const { name, fill, opacity } = componentLook(component)
          const size = count.components[component]
          return (
            <li key={component} title={`${formatExact(size)} parameters`}>
              <svg width="11" height="11" aria-hidden="true">
                <rect width="11" height="11" rx="2" fill={fill} fillOpacity={opacity} />
              </svg>
              {name} <b>{formatLarge(size)}</b>
            </li>
          )
        })}
    </ul>
  )
}

/** Height of a panel without its chart, and of the gap above it, in pixels at the usual text size. */
const panelChrome = 59

/** Share of the parameters below which a component is too small to be seen. */
const minNamed = 1e-4

function cellOf(group: LayerGroup, part: Part, total: number) {
  const { component, parameters, active, copies } = part
  const all = group.times * parameters
  return {
    id: component,
    label: componentLook(component).name,
    detail: `${formatLarge(all)} · ${formatPercent(all / total)}`,
    value: all,
    strong: active / parameters,
    tiles: copies,
    ...lookOf(part),
    title: titleOf(group, part, total)
  }
}

function lookOf({ component }: Pick<Part, 'component'>) {
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
