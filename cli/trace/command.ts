/** `moescope trace`: records traces, reads those of other software, and computes their statistics. */
import { exporters } from '@core/routing/exporters/exporter'
import { importers } from '@core/routing/importers/open'
import { UsageError } from '../terminal/errors'
import { defaultThreads } from '../terminal/native'
import type { Terminal } from '../terminal/terminal'

export const help = `usage: moescope trace record MODEL (--text FILE | --ids FILE) --out T.safetensors [options]
       moescope trace stats FILE [options]
       moescope trace compare A B [options]
       moescope trace place FILE --replicas R --gpus D [options]
       moescope trace convert IN OUT [options]

record: has a model read a text and records what its routers decide, as a safetensors file: for each token and MoE layer
the experts (expert_ids) and the weights of their outputs (expert_weights); of a dense model there are none. MODEL is
the id of a shipped model or the folder of any other.

A text longer than the model's context is read in windows, as the model was trained: each begins with the newline before
a line and holds as many whole lines as fit; a line longer than the context goes on with the last half of the context
before it. The newline before the first line is read, but is no part of the trace.

  --text FILE   the text, of characters that the model knows
  --ids FILE    instead of a text, a JSON list of token ids: one sequence, which is read from its first id on
  --out FILE    where the trace goes; - is standard output
  --logits      also record the logits of the routers (router_logits) and of the model (logits)
  --stream      read the model layer by layer and expert by expert from its files: memory for one layer and one expert
                is enough. Done of itself, and said, for a model that does not fit. What is done is kept in
                T.safetensors.parts after each layer: the same command goes on from there
  --threads N   of the processor (default ${defaultThreads()})
  --json        {model, out, tokens, layers, experts, top_k, bytes, streamed, peak_bytes, seconds}; with --stream also
                loss (nats per token) and resumed_layers

stats: how evenly the experts are used, how often neighbouring tokens share them, which experts go together, how many a
batch reaches, what a capacity would drop, and how much domain and token tell of the expert; losses, confidence and
entropy of the routers where their logits are there. Beside the figures is what random routing gives. The file is read
in parts and may be larger than memory; with the logits of the routers there is far more to read, which takes longer.
A file that only counts choices tells how even they are, and no more.

  --domain D    only tokens of this domain; may be given more than once
  --layers L    only these layers of the model, such as 0,3-5
  --dead SHARE  also call dead what gets less than this share of an even load (default 0: what gets no token)
  --capacity F  simulate experts with room for F times an even load (default 1.25) ...
  --window N    ... of N consecutive tokens (default 4096)
  --batch N     count the different experts of N consecutive tokens (default 64)
  --json        {kind, tokens, top_k, layers: [{layer, experts, load, cv, entropy, jain, max_violation, dead,
                repeat_first, repeat_any, co_activation, unique_experts, dropped, dropped_at_capacity, ...,
                baselines: {...}}], unavailable: {name: reason}, notes}; shares are from 0 to 1, information is in bits

compare: how alike two traces of the same text are: same first choice, overlap of the chosen experts (saturation, where
A is of a checkpoint and B of the last one), same set of experts. Options apply to both files; an answer to what a file
does not say (below) goes to those that ask for it.

  --domain D, --layers L   as above
  --json        {tokens, layers: [{layer, same_first, overlap, same_set}], baselines: {...}, notes}

place: where the load balancer of DeepSeek-V3 (EPLB) would put the experts, given how often each was chosen: replicas
for the busy ones, packed onto GPUs. Beside the imbalance of the GPUs is what it would be with one of each, in order.

  --replicas R  of all experts of a layer together, at least one of each
  --gpus D      of all nodes together
  --nodes N     that the GPUs are in (default 1)
  --groups G    of neighbouring experts, each kept on one node where they divide among the nodes (default 1)
  --domain D, --layers L   as above
  --json        {kind, experts, replicas, groups, nodes, gpus, layers: [{layer, policy, assignments, gpu_loads_before,
                gpu_loads, imbalance_before, imbalance, copies, phy2log}], notes}; loads are assignments, imbalance is
                the largest over the mean, phy2log the expert of each place

convert: reads a trace of other software and writes it in another format; only safetensors holds logits, and the command
says what is left out.

  --to FORMAT   what to write, by default as OUT ends (- is standard output):
${formatLines(exporters)}
  --json        {in, out, to, kind, tokens, layers, experts, top_k, bytes, notes}

What FILE, A, B and IN are is told by their content; what they do not say is asked for, with proposals and their first
rows (docs/recording-traces.md tells how to record such files).

  --from FORMAT        what the file is, where it may be several:
${formatLines(importers)}
  --top-k K            experts that each token is sent to
  --row-layers N       layers in each row
  --experts E          experts of each MoE layer
  --gates KIND         weights of the chosen experts: renormalised, or softmax
  --axes ORDER         which axis is which, such as layers-tokens-experts or tokens-layers-experts; of names with two
                       numbers passes-layers or layers-passes
  --dense-layers WHAT  leave-out or keep layers where every expert is 0
`

/** Formats and what they are, for the help. */
function formatLines(formats: readonly { readonly format: string; readonly label: string }[]): string {
  return formats.map(({ format, label }) => `      ${format.padEnd(17)}${label}`).join('\n')
}

const actions: Readonly<
  Record<string, () => Promise<{ run: (args: readonly string[], terminal: Terminal) => Promise<void> }>>
> = {
  record: () => import('./record'),
  stats: () => import('./stats'),
  compare: () => import('./compare'),
  place: () => import('./place'),
  convert: () => import('./convert')
}

export async function run([action, ...args]: readonly string[], terminal: Terminal): Promise<void> {
  const load = action !== undefined && Object.hasOwn(actions, action) ? actions[action] : undefined
  const known = Object.keys(actions).join(', ')
  if (!load) throw new UsageError(`trace: expected ${known}, found ${action === undefined ? 'nothing' : `'${action}'`}`)
  await (await load()).run(args, terminal)
}
