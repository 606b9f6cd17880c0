/** A config.json before its family reads it: where the language model is, and what every file says. */
import { countDescription } from '../count/parameters'
import type { WeightFormatId } from '../count/weight-formats'
import { takeRouter } from '../router-keys'
import { ConfigError, problem } from './config-error'
import { found } from './config-keys'
import type { ModelDescription } from './description'
import { routedBy } from './routed'

export type Keys = Readonly<Record<string, unknown>>

/**
 * Describes the language model of a parsed config.json as `read` reads its keys. Throws `ConfigError`, naming the key,
 * for what is no object or has no kind, for sizes beyond 2^53 weights, and as `read` does.
 */
export function describeFile(
  json: unknown,
  read: (keys: Keys, modelType: string) => ModelDescription
): ModelDescription {
  const { keys: file, router } = takeRouter(objectOf(json))
  const { keys, leftOut, nestedIn } = languageModelOf(file)
  const modelType = keys.model_type
  if (typeof modelType !== 'string') {
    throw new ConfigError(problem('model_type', `expected a word that says what kind it is, found ${found(modelType)}`))
  }
  const known = read(keys, modelType)
  const description = {
    ...(router ? routedBy(router, known) : known),
    shippedFormat: shippedFormat(file, keys),
    nestedIn,
    leftOut: [...leftOut, ...known.leftOut]
  }
  const { total } = countDescription(description)
  if (!Number.isSafeInteger(total)) {
    throw new ConfigError(problem(widthKey(keys), 'expected sizes that make at most 2^53 weights, found more'))
  }
  return description
}

/**
 * The `model_type` by which a config.json is read: that of the language model where it nests one. It may be anything.
 * Throws `ConfigError` for what is no object.
 */
export function modelTypeOf(json: unknown): unknown {
  return languageModelOf(takeRouter(objectOf(json)).keys).keys.model_type
}

function objectOf(json: unknown): Keys {
  if (isObject(json)) return json
  throw new ConfigError(problem('', `expected an object, found ${found(json)}`))
}

interface LanguageModel {
  readonly keys: Keys
  readonly leftOut: readonly string[]
  readonly nestedIn: string | null
}

/**
 * The keys of the language model: models of several modalities nest them, those that also speak twice, with the flag of
 * tied embeddings inside or outside.
 */
function languageModelOf(json: Keys): LanguageModel {
  const leftOut = Object.keys(json).filter((key) =>
    /^(vision|audio|speech|vit|projector|talker|code2wav|token2wav)\w*_config$/.test(key)
  )
  const nested = ['text_config', 'llm_config', 'language_config', 'thinker_config'].find((key) => isObject(json[key]))
  const inner = nested === undefined ? undefined : json[nested]
  if (nested === undefined || !isObject(inner)) return { keys: json, leftOut, nestedIn: null }
  const text = nested === 'thinker_config' ? languageModelOf(inner) : { keys: inner, leftOut: [] }
  const outer = { model_type: json.model_type, tie_word_embeddings: json.tie_word_embeddings }
  return {
    keys: { ...withoutUndefined(outer), ...text.keys },
    leftOut: [...leftOut, ...text.leftOut],
    nestedIn: nested
  }
}

/** By `quantization_config`, which is outside in models of several modalities, or the type of the weights. */
function shippedFormat(json: Keys, keys: Keys): WeightFormatId {
  const quantisation = json.quantization_config ?? keys.quantization_config
  const method = isObject(quantisation) ? quantisation.quant_method : undefined
  const type = keys.dtype ?? keys.torch_dtype ?? json.dtype ?? json.torch_dtype
  if (method === 'fp8' || method === 'mxfp4') return method
  if (method === 'awq' || method === 'gptq') return 'int4'
  return type === 'float32' ? 'fp32' : 'bf16'
}

function withoutUndefined(keys: Keys): Keys {
  return Object.fromEntries(Object.entries(keys).filter(([, value]) => value !== undefined))
}

function widthKey(keys: Keys): string {
  return ['hidden_size', 'd_model', 'n_embd'].find((key) => key in keys) ?? 'hidden_size'
}

function isObject(value: unknown): value is Keys {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
