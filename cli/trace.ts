/** `moescope trace`: records of routing, made here or brought from elsewhere. */
import { exporters } from '@core/routing/exporters/exporter'
import { importers } from '@core/routing/importers/open'
import { UsageError } from './errors'
import { defaultThreads } from './native'
import type { Terminal } from './terminal'

export const help = `usage: moescope trace record MODEL --text FILE --out T.safetensors [options]
       moescope trace convert IN OUT [options]

record

Has an MoE model read a text and records what its routers decide, as a safetensors file: for each token and MoE layer
the experts (expert_ids) and the weights of their outputs (expert_weights). MODEL is the id of a shipped model or the
folder of any other.

A text longer than the model's context is read in windows, as the model was trained: each begins with the newline before
a line and holds as many whole lines as fit; a line longer than the context goes on with the last half of the context
before it. The newline before the first line is read, but is no part of the trace.

  --text FILE   the text, of characters that the model knows
  --out FILE    where the trace goes
  --logits      also record the logits of the routers (router_logits) and of the model (logits)
  --threads N   of the processor (default ${defaultThreads()})
  --json        {model, out, tokens, layers, experts, top_k, bytes}

convert
Reads a trace of other software and writes it in another format. What IN is, is told by its content; what it does not
say is asked for, with proposals and its first rows (docs/recording-traces.md tells how to record such files).

  --from FORMAT        what IN is, where it may be several:
${formatLines(importers)}
  --to FORMAT          what to write, by default as OUT ends:
${formatLines(exporters)}
  --top-k K            experts that each token is sent to
  --layers L           layers in each row
  --experts E          experts of each MoE layer
  --gates KIND         weights of the chosen experts: renormalised, or softmax
  --axes ORDER         of stacked logits: layers-tokens-experts, or tokens-layers-experts
  --dense-layers WHAT  leave-out or keep layers where every expert is 0
  --json               {in, out, to, kind, tokens, layers, experts, top_k, bytes, notes}
`

/** Formats and what they are, for the help. */
function formatLines(formats: readonly { readonly format: string; readonly label: string }[]): string {
  return formats.map(({ format, label }) => `      ${format.padEnd(17)}${label}`).join('\n')
}

const actions: Readonly<
  Record<string, () => Promise<{ run: (args: readonly string[], terminal: Terminal) => Promise<void> }>>
> = {
  record: () => import('./trace-record'),
  convert: () => import('./trace-convert')
}

export async function run([action, ...args]: readonly string[], terminal: Terminal): Promise<void> {
  const load = action !== undefined && Object.hasOwn(actions, action) ? actions[action] : undefined
  const known = Object.keys(actions).join(', ')
  if (!load) throw new UsageError(`trace: expected ${known}, found ${action === undefined ? 'nothing' : `'${action}'`}`)
  await (await load()).run(args, terminal)
}
