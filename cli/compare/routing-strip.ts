/** Routing drawn with characters: which experts each token went to, and how often each expert was asked. */

import type { Paint } from '../terminal/paint'
import type { GeneratedToken } from './command'

interface Routing {
  readonly layers: readonly number[]
  readonly experts: number
  readonly top_k: number
}

/** Tokens in columns with the experts of each layer underneath, best first; as many blocks as the width takes. */
export function stripLines(tokens: readonly GeneratedToken[], routing: Routing, width: number, paint: Paint): string[] {
  const labels = routing.layers.map((layer) => `layer ${layer}`)
  const labelWidth = Math.max(5, ...labels.map((label) => label.length))
  const cell = String(routing.experts - 1).length + 1
  const count = Math.ceil(tokens.length / Math.max(1, Math.floor((width - labelWidth) / cell)))
  const perBlock = Math.ceil(tokens.length / count)
  const blocks = Array.from({ length: count }, (_, block) => tokens.slice(block * perBlock, (block + 1) * perBlock))
  return blocks.flatMap((block) => [
    ...(block === blocks[0] ? [] : ['']),
    paint.dim('token'.padEnd(labelWidth)) + block.map(({ text }) => paint.bold(visible(text).padStart(cell))).join(''),
    ...labels.flatMap((label, layer) =>
      Array.from({ length: routing.top_k }, (_, choice) => {
        const experts = block.map((token) => token.experts[layer]?.[choice])
        const cells = experts.map((expert) => expertCell(expert, String(expert ?? ''), cell, routing.experts, paint))
        return paint.dim((choice === 0 ? label : '').padEnd(labelWidth)) + cells.join('')
      })
    )
  ])
}

/** For each layer the share of the choices that fell on each expert, as small bars. */
export function loadLines(tokens: readonly GeneratedToken[], routing: Routing, width: number, paint: Paint): string[] {
  const cell = String(routing.experts - 1).length + 1
  const labelWidth = Math.max(...routing.layers.map((layer) => `layer ${layer}`.length))
  const ids = Array.from({ length: routing.experts }, (_, expert) => expert)
  const fits = labelWidth + cell * routing.experts <= width
  const numbers = ids.map((expert) => expertCell(expert, String(expert), cell, routing.experts, paint))
  const rows = routing.layers.map((layer, index) => {
    const load = ids.map((expert) => tokens.filter((token) => token.experts[index]?.includes(expert)).length)
    const choices = load.reduce((a, b) => a + b, 0)
    if (choices === 0) return `${paint.dim(`layer ${layer}`.padEnd(labelWidth))}  no token: MoE skipped`
    const most = Math.max(...load)
    const bars = load.map((count, expert) =>
      expertCell(expert, barOf(count / most).repeat(fits ? cell - 1 : 1), fits ? cell : 1, routing.experts, paint)
    )
    const busiest = `busiest: expert ${load.indexOf(most)} with ${percent(most / choices)}`
    return `${paint.dim(`layer ${layer}`.padEnd(labelWidth))}${fits ? '' : ' '}${bars.join('')}  ${busiest}`
  })
  const even = `even: ${percent(1 / routing.experts)} each`
  return [...(fits ? [`${paint.dim('expert'.padEnd(labelWidth))}${numbers.join('')}  ${even}`] : [even]), ...rows]
}

function expertCell(expert: number | undefined, text: string, cell: number, experts: number, paint: Paint): string {
  const padded = text.padStart(cell)
  return expert === undefined ? padded : paint.expert(padded, expert, experts)
}

function barOf(share: number): string {
  return '▁▂▃▄▅▆▇█'[Math.round(share * 7)] ?? ' '
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`
}

function visible(text: string): string {
  return text.replace('\n', '⏎').replace(' ', '␣')
}
