/** Files that are given in place of a config.json: what each is, and what to do. */
import { ConfigError, problem } from './config-error'
import { isObject, type Keys } from './config-keys'

/** Throws a `ConfigError` that names the file for what it is, where it is known and no configuration of a model. */
export function refuseOtherFile(json: Keys): void {
  const found = json.model_type === undefined ? otherFile(json) : undefined
  if (found !== undefined) throw new ConfigError(problem('', found))
}

/** A file that lies beside a config.json, by its name, and the next step; undefined for any other. */
export function otherFile(json: Keys): string | undefined {
  const { metadata, base_model_name_or_path: base } = json
  if (json.peft_type !== undefined || (json.lora_alpha !== undefined && json.target_modules !== undefined)) {
    const of = typeof base === 'string' && base !== '' ? base : 'a model that it does not name'
    return `this is an adapter_config.json: the ${wordOf(json.peft_type) ?? 'LORA'} adapter of ${of}; open the config.json of that model`
  }
  if (isObject(json.weight_map)) {
    const total = isObject(metadata) ? metadata.total_parameters : undefined
    const says = typeof total === 'number' ? ` (it says ${total.toLocaleString('en')} parameters)` : ''
    return `this is the index of a checkpoint's weights${says}; open the config.json that lies beside it`
  }
  if (isObject(json.model) && (Array.isArray(json.added_tokens) || isObject(json.pre_tokenizer))) {
    return `this is a tokenizer.json; ${beside}`
  }
  if (json.tokenizer_class !== undefined && json.architectures === undefined) {
    return `this is a tokenizer_config.json; ${beside}`
  }
  if (isObject(json.added_tokens_decoder) || (json.bos_token !== undefined && json.hidden_size === undefined)) {
    return `this is a file of a tokenizer; ${beside}`
  }
  if (
    json.image_processor_type !== undefined ||
    json.feature_extractor_type !== undefined ||
    json.processor_class !== undefined
  ) {
    return `this is the configuration of a processor of images or sound; ${beside}`
  }
  const quantiser = isObject(json.quantization) && isObject(json.producer)
  if (
    quantiser ||
    (json.hidden_size === undefined && (json.quant_method !== undefined || json.desc_act !== undefined))
  ) {
    return `this is the configuration of a quantiser; ${beside}`
  }
  if (isSaid(json, '_diffusers_version') || (isSaid(json, '_class_name') && json.architectures === undefined)) {
    return 'this is the configuration of a part of a diffusion model, which is not read here'
  }
  if (Array.isArray(json.log_history)) return `this is the trainer_state.json of a training; ${beside}`
  if (json.distributed_type !== undefined)
    return 'this is the configuration of accelerate; open the config.json of the model'
  if (typeof json.chat_template === 'string') return `this is the chat template of a tokenizer; ${beside}`
  if (isSaid(json, '__version__') && json.hidden_size === undefined) {
    return `this is the configuration of sentence-transformers; ${beside}`
  }
  if (isVocabulary(json)) return `this is the vocabulary of a tokenizer; ${beside}`
  if (json.zero_optimization !== undefined || json.train_micro_batch_size_per_gpu !== undefined) {
    return `this is the configuration of a training by DeepSpeed; open the config.json of the model`
  }
  const samples = ['_from_model_config', 'do_sample', 'temperature', 'top_p', 'max_new_tokens', 'pad_token_id']
  const sizes = [
    'hidden_size',
    'd_model',
    'n_embd',
    'dim',
    'text_config',
    'architectures',
    'num_hidden_layers',
    'hidden_dim'
  ]
  if (samples.some((key) => json[key] !== undefined) && !sizes.some((key) => json[key] !== undefined)) {
    return `this is a generation_config.json; ${beside}`
  }
  return undefined
}

/** Words and their ids, of which no two are the same. */
function isVocabulary(json: Keys): boolean {
  const ids = Object.values(json)
  const distinct = new Set(ids)
  return (
    ids.length > 0 &&
    distinct.size === ids.length &&
    ids.every((each) => Number.isInteger(each)) &&
    !Object.keys(json).some((key) => /^[a-z]+(_[a-z]+)+$|^(dim|eos)$/.test(key))
  )
}

function isSaid(json: Keys, key: string): boolean {
  return json[key] !== undefined
}

const beside = 'open the config.json that lies beside it'

function wordOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value.slice(0, 40) : undefined
}

/**
 * A file that is no JSON by its first bytes, and the next step; undefined for any other.
 *
 * @param start at least 16 bytes, where the file has them
 */
export function binaryFile(start: Uint8Array): string | undefined {
  const text = String.fromCharCode(...start.subarray(0, 16))
  if (text.startsWith('GGUF')) {
    return `a GGUF file of llama.cpp, which is not read here; open the config.json of the model from which it was made`
  }
  const kind = kinds.find(([magic]) => text.startsWith(magic))
  if (kind) return `${kind[1]}; ${besideModel}`
  // The version of its format, and the name of the producer, as protocol buffers have them.
  if (start[0] === 8 && (start[1] ?? 0) < 16 && start[2] === 0x12)
    return `a graph of ONNX, which holds weights; ${besideModel}`
  if (text.startsWith('PK')) return `a zip or PyTorch file (weights or a trace); ${besideModel}`
  if (start[0] === 0x80 && (start[1] ?? 0) <= 5) return `a pickle of Python, such as a PyTorch file; ${besideModel}`
  if (start[8] === '{'.charCodeAt(0) && start[7] === 0) return `a safetensors file, which holds weights; ${besideModel}`
  return undefined
}

/** Formats by their first bytes. */
const kinds: readonly (readonly [string, string])[] = [
  ['\x93NUMPY', 'an array of NumPy (a trace?)'],
  ['PAR1', 'a table of Parquet (a trace?)'],
  ['\x89HDF', 'an HDF5 file, which holds weights'],
  ['\x1f\x8b', 'a gzip file, which is to be unpacked first'],
  ['%PDF', 'a PDF'],
  ['\x89PNG', 'a picture']
]

const besideModel = 'open the config.json that lies beside the weights'
