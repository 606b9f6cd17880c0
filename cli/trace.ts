/** `moescope trace`: records of routing. */
import { UsageError } from './errors'
import { defaultThreads } from './native'
import type { Terminal } from './terminal'

export const help = `usage: moescope trace record MODEL --text FILE --out T.safetensors [options]

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
`

const actions: Readonly<
  Record<string, () => Promise<{ run: (args: readonly string[], terminal: Terminal) => Promise<void> }>>
> = {
  record: () => import('./trace-record')
}

export async function run([action, ...args]: readonly string[], terminal: Terminal): Promise<void> {
  const load = action !== undefined && Object.hasOwn(actions, action) ? actions[action] : undefined
  const known = Object.keys(actions).join(', ')
  if (!load) throw new UsageError(`trace: expected ${known}, found ${action === undefined ? 'nothing' : `'${action}'`}`)
  await (await load()).run(args, terminal)
}
