/** `moescope laws`: what published scaling laws say of a size and a number of tokens. */
import type { Law, LawPoint } from '@core/scaling/laws'
import { findLaw, laws, takesPoint } from '@core/scaling/laws'
import { UsageError } from '../terminal/errors'
import { oneOf, readOptions } from '../terminal/options'
import type { Terminal } from '../terminal/terminal'
import { answerOf, askLaw, lawOptions } from './answer'
import { fit, fitHelp } from './fit'
import { lawsText, lawText } from './text'

const ids = laws.map(({ id }) => id)

export const help = `usage: moescope laws [--law ID] --params N --tokens D [options]
       moescope laws fit PATH... [options]

Says what published scaling laws predict for a model of N parameters after D tokens: its loss, the size that would have
been best for the same compute, its effective parameters. Without --law every law that can be asked with what is given.
Losses are nats per token of each paper's own text: they compare within a law, never between two. Every law says where
its constants come from and whether the point lies where it was fitted. Numbers are written 70e9, 70B or 1.4T.

  --law ID               ${listed(ids)}
  --params N             parameters, counted as the law counts them
  --active N             those that one token touches, of an MoE model
  --tokens D             tokens trained on, repeated ones counted each time
  --unique D             different ones among them
  --flops C              training compute instead of N and D: the best size and tokens for it
  --inference-tokens D   tokens that the model will read and write after training
  --loss L               a loss to be reached, for the law that looks for the cheapest way there
  --experts E            experts of an MoE layer
  --granularity G        width of a dense feed-forward layer over that of one expert
  --weight-bits B        bits of weights during training; also --activation-bits, --cache-bits
  --json                 with --law {law, loss, ..., provenance, within}, else {laws: [the same of each]}

${fitHelp}`

export async function run(args: readonly string[], terminal: Terminal): Promise<void> {
  const [subcommand, ...rest] = args
  if (subcommand === 'fit') return fit(rest, terminal)
  const text = { type: 'string' } as const
  const { values } = readOptions(args, {
    law: text,
    params: text,
    active: text,
    tokens: text,
    unique: text,
    flops: text,
    'inference-tokens': text,
    loss: text,
    experts: text,
    granularity: text,
    'weight-bits': text,
    'activation-bits': text,
    'cache-bits': text,
    json: { type: 'boolean' }
  })
  const given: Readonly<Record<string, string | boolean | undefined>> = values
  const point: LawPoint = Object.fromEntries(
    Object.entries(lawOptions).flatMap(([input, option]) => {
      const value = given[option.slice('--'.length)]
      return typeof value === 'string' ? [[input, amount(option, value)]] : []
    })
  )
  checkTogether(point)
  const law = values.law === undefined ? undefined : findLaw(oneOf('--law', values.law, ids))
  if (law) {
    if (!takesPoint(law, point)) throw new UsageError(`--law ${law.id} needs ${needsOf(law)}`)
    const asked = askLaw(law, point)
    terminal.write(values.json ? `${JSON.stringify(answerOf(asked))}\n` : lawText(asked, terminal))
    return
  }
  const asked = laws.filter((law) => takesPoint(law, point)).map((law) => askLaw(law, point))
  if (asked.length === 0) throw new UsageError('--params N and --tokens D, or --flops C, are missing')
  terminal.write(values.json ? `${JSON.stringify({ laws: asked.map(answerOf) })}\n` : lawsText(asked, terminal))
}

/** A positive number such as 70e9, 70B or 1.4T. Throws a `UsageError` that names the option. */
export function amount(option: string, text: string): number {
  const [, digits = '', unit = ''] = /^(\d+(?:\.\d+)?(?:e[+-]?\d+)?)([kmbt]?)$/i.exec(text.trim()) ?? []
  const value = Number(digits) * (units[unit.toLowerCase()] ?? 1)
  if (value > 0 && Number.isFinite(value)) return value
  throw new UsageError(`${option}: expected a positive number such as 70e9, 70B or 1.4T, found '${text}'`)
}

const units: Readonly<Record<string, number>> = { k: 1e3, m: 1e6, b: 1e9, t: 1e12 }

function checkTogether({ tokens, uniqueTokens, parameters, active, flops }: LawPoint): void {
  if (flops !== undefined && (parameters ?? tokens) !== undefined) {
    throw new UsageError('--flops asks for the best size and tokens: leave out --params and --tokens')
  }
  if (tokens !== undefined && uniqueTokens !== undefined && uniqueTokens > tokens) {
    throw new UsageError(`--unique: expected at most the --tokens (${tokens}), found ${uniqueTokens}`)
  }
  if (parameters !== undefined && active !== undefined && active > parameters) {
    throw new UsageError(`--active: expected at most the --params (${parameters}), found ${active}`)
  }
}

function needsOf({ takes }: Law): string {
  return takes.map((inputs) => inputs.map((input) => lawOptions[input]).join(' and ')).join(', or ')
}

/** Ids on lines of the help, four each. */
function listed(ids: readonly string[]): string {
  const lines = ids.flatMap((_, i) => (i % 4 === 0 ? [ids.slice(i, i + 4).join(', ')] : []))
  return lines.join(`,\n${' '.repeat(25)}`)
}
