/** Commands of the terminal whose answers are among the examples. */
import { runCommand } from '../../cli/command.fixture'
import type { Leeway } from './saved.fixture'

export { runCommand, temporaryFolder } from '../../cli/command.fixture'

export interface SavedCommand extends Leeway {
  /** Its words, parted by spaces, without `--json`. */
  readonly line: string
}

const saved = 'e2e/examples/saved'
const speeds = ['decode_tokens_per_s', 'prefill_tokens_per_s', 'prefill']
/** Computed in float64 by this program alone: only the last digits of a logarithm may differ from V8 to V8. */
const exact = 1e-12
const computed = { tolerance: 1e-5 }
const compared = { tolerance: 1e-4, changing: speeds }

/** By the name of the file that holds the answer. */
export const commands: Readonly<Record<string, SavedCommand>> = {
  models: { line: 'models', tolerance: exact },
  params: { line: 'params --gallery', tolerance: 0 },
  corpus: { line: 'corpus --seed 3 --chars 1500', tolerance: exact },
  'corpus-1': { line: 'corpus --seed 3 --chars 1500 --edition 1', tolerance: exact },
  'compare-64': { line: 'compare --tokens 24 --threads 1', ...compared },
  'compare-small': { line: 'compare --dense dense-24 --moe moe-32 --tokens 70 --seed 5 --threads 1', ...compared },
  'compare-top1': {
    line: 'compare --dense dense-48 --moe moe-64-top1 --prompt 77+30= --tokens 16 --temperature 0 --threads 1',
    ...compared
  },
  'compare-shared': {
    line: 'compare --dense dense-96 --moe moe-64-shared --prompt n6x: --tokens 16 --seed 9 --temperature 1.5 --threads 1',
    ...compared
  },
  'eval-dense': { line: 'eval dense-64 --tokens 3000 --threads 1', ...computed },
  'eval-moe': { line: 'eval moe-64 --tokens 3000 --threads 1', ...computed },
  'eval-own': { line: `eval ${saved}/models/qwen2-moe-finished --tokens 900 --threads 1`, ...computed },
  ablate: {
    line: 'ablate moe-64 --mask 0:1,2 --mask 1:3 --drop-top --top-k 1 --random --force 1:5 --seed 4 --tokens 1500 --threads 1',
    ...computed
  },
  'trace-stats': {
    line: `trace stats ${saved}/traces/moe-64-logits.safetensors --batch 16 --window 64`,
    tolerance: exact
  },
  'trace-stats-domains': {
    line: `trace stats ${saved}/traces/all-columns.safetensors --batch 8 --window 16`,
    tolerance: exact
  },
  'trace-compare': {
    line: `trace compare ${saved}/traces/moe-64-unbalanced.safetensors ${saved}/traces/moe-64-logits.safetensors`,
    tolerance: exact
  },
  'trace-place': { line: `trace place ${saved}/traces/moe-64.safetensors --replicas 20 --gpus 4`, tolerance: exact },
  'laws-dense': { line: 'laws --params 7B --tokens 100B --unique 20B', tolerance: exact },
  'laws-moe': {
    line: 'laws --params 1B --active 200M --tokens 20B --experts 64 --granularity 8 --weight-bits 8',
    tolerance: exact
  },
  'laws-flops': { line: 'laws --flops 5.76e23', tolerance: exact },
  'laws-lifetime': { line: 'laws --law sardana2023 --loss 2.1 --inference-tokens 1T', tolerance: exact }
}

/** Today's answer of a command. */
export async function answerOf({ line }: SavedCommand): Promise<unknown> {
  const { status, output, errors } = await runCommand([...line.split(' '), '--json'], { modelsFolder: 'assets/models' })
  if (status !== 0) throw new Error(`${line} ended with ${status}: ${errors}`)
  return JSON.parse(output)
}
