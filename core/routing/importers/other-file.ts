/** Names a file without routing by its beginning: those that people open by mistake. */

import { binaryFile } from '../../arch/describe/other-files'
import { otherText } from '../../formats/other-text'
import { areWeights, isPlaceMap } from './array-kinds'
import type { Sniffed } from './importer'
import { recordNames } from './record-names'

/**
 * The end of a sentence about a file, such as `is an adapter ...`, with what to do instead; undefined for a file that
 * is none of those that are known.
 */
export function otherFile({ content }: Sniffed): string | undefined {
  if (content.kind === 'text') return ofText(content.head)
  if (content.kind === 'unknown') return ofBytes(content.head)
  if (content.kind !== 'arrays') return undefined
  if (content.tensors.some(isPlaceMap)) {
    return (
      'says on which places the experts lie (what a load balancer answers), and has no routing: give the counts from ' +
      "which it was made (logical_count), or a trace; 'moescope trace place' makes such a map of them"
    )
  }
  const weights = content.tensors.filter(areWeights).length
  if (weights === 0 || 2 * weights < content.tensors.length) return undefined
  return `holds ${weights} weights of a model and no routing: ${recordIt}`
}

const recordIt =
  "the routers of a model decide on a text, which 'moescope trace record FOLDER --text FILE --out T.safetensors' records"

function ofText(head: string): string | undefined {
  if (!head.startsWith('{')) return undefined
  const has = (key: string) => new RegExp(`"${key}"\\s*:`).test(head)
  const valueOf = (key: string) => new RegExp(`"${key}"\\s*:\\s*"([^"]{1,200})"`).exec(head)?.[1]
  if (has('peft_type') || (has('lora_alpha') && has('r'))) {
    const base = valueOf('base_model_name_or_path')
    return (
      `is the configuration of an adapter (PEFT) of ${base ?? 'a model that it does not name'}, and no routing: merge the ` +
      `adapter into its model; ${recordIt}`
    )
  }
  if (has('weight_map')) {
    const parameters = /"total_parameters"\s*:\s*(\d{1,15})/.exec(head)?.[1]
    const counted = parameters === undefined ? '' : ` of ${Number(parameters).toLocaleString('en')} parameters`
    return (
      `is the index of the files of a model's weights${counted}, and no routing: the config.json beside it tells what the ` +
      `model is (moescope params); ${recordIt}`
    )
  }
  if (has('model_type') || (has('architectures') && has('hidden_size'))) {
    return `is the configuration of a model (${valueOf('model_type') ?? 'without model_type'}), and no routing: its parameters are told by 'moescope params', or as an architecture in the app; ${recordIt}`
  }
  if (has('added_tokens') && has('model')) return `is the tokenizer of a model, and no routing: ${recordIt}`
  if (has('tokenizer_class') || has('added_tokens_decoder')) {
    return `is the configuration of a tokenizer, and no routing: ${recordIt}`
  }
  if (has('_from_model_config') || (has('transformers_version') && has('eos_token_id'))) {
    return `says how a model generates text (generation_config.json), and has no routing: ${recordIt}`
  }
  return undefined
}

/** The end of a sentence about a text that no importer tries: what it has, and what would be read; undefined for others. */
export function unknownText({ content }: Sniffed): string | undefined {
  if (content.kind !== 'text') return undefined
  const { head } = content
  const other = otherText(head)
  if (other !== undefined) return `is ${other}`
  if (!/^[{[]/.test(head)) return ofTable(head)
  const keys = [...new Set(Array.from(head.matchAll(/"([^"\\]{1,40})"\s*:/g), ([, key = '']) => key))]
  return keys.length === 0 ? undefined : ofKeys(keys)
}

/** JSON, or JSON lines, that no importer knows. */
function ofKeys(keys: readonly string[]): string {
  const shown = `${keys.slice(0, 6).join(', ')}${keys.length > 6 ? ', ...' : ''}`
  const { experts, layer, token } = recordNames
  return (
    `is JSON with the keys ${shown}, by which no routing is known: records of a token or layer are known by a list ` +
    `${experts.slice(0, 3).join(', ')} beside ${layer[0]} and ${token[0]}, responses of servers by routed_experts, and ` +
    'counts by lists [layers, experts]; rename the keys, or save arrays with np.savez (docs/recording-traces.md)'
  )
}

/** A table that no importer knows, by its first line; undefined for any other text. */
function ofTable(head: string): string | undefined {
  const [line = '', second = ''] = head.split('\n', 2)
  const separator = [',', '\t', ';'].find((each) => line.split(each).length > 1)
  if (separator === undefined || line.length > 2000) return undefined
  const names = line.split(separator).map((name) => name.trim().replaceAll('"', ''))
  if (names.length < 2 || second.split(separator).length !== names.length) return undefined
  const shown = `${names.slice(0, 6).join(', ')}${names.length > 6 ? ', ...' : ''}`
  if (separator !== ',') {
    const by = separator === ';' ? 'semicolons' : 'tabs'
    return `is a table of ${shown} with ${by} between its fields: write it with commas (table.to_csv(path, index=False))`
  }
  return (
    `is a table of ${shown}: a table of choices has the columns token, layer, expert (one row for each chosen expert), ` +
    'a table of counts layer, expert, count; rename or melt its columns, or save a matrix [layers, experts] with np.save'
  )
}

/** By how they begin. */
const magics: readonly (readonly [begin: string, is: string])[] = [
  ['GGUF', `is a model of llama.cpp (GGUF), and no routing: a tracer in llama.cpp writes layer,expert rows as CSV`],
  ['\u0089HDF', 'is an HDF5 file, which is not read: save its arrays with np.savez'],
  ['(\u00b5/\u00fd', 'is compressed (Zstandard): unpack it first'],
  ['ARROW1', 'is an Arrow file, which is not read: write the table as Parquet'],
  ['\u0080\u0000', 'is a pickle of an old protocol: save it again with torch.save or np.savez'],
  ['SQLite format', 'is a SQLite database, which is not read: write the table as CSV or Parquet']
]

function ofBytes(head: Uint8Array): string | undefined {
  const begins = (text: string) => Array.from(text).every((character, i) => head[i] === character.charCodeAt(0))
  const known = magics.find(([begin]) => begins(begin))?.[1]
  const [other] = binaryFile(head)?.split('; ') ?? []
  return known ?? (other === undefined ? undefined : `is ${other}, and no routing: ${recordIt}`)
}
