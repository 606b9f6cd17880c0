/** A config.json before its family reads it: where the language model is, and what every file says. */
import { countDescription } from '../count/parameters'
import { isSize, namesOfMeaning } from '../families/spellings'
import { takeOwnKeys } from '../own-keys'
import { ConfigError, problem } from './config-error'
import { classOf, found, isObject, type Keys, wordOf } from './config-keys'
import type { ModelDescription } from './description'
import { routedBy } from './routed'
import { uniqueBlocks } from './unique-blocks'

export type { Keys } from './config-keys'

/**
 * Describes the language model of a parsed config.json as `read` reads its keys. Throws `ConfigError`, naming the key,
 * for what is no object, for sizes beyond 2^53 weights, and as `read` does.
 *
 * @param read is given undefined where no kind is named
 */
export function describeFile(
  json: unknown,
  read: (keys: Keys, modelType: string | undefined) => ModelDescription
): ModelDescription {
  const { keys: file, router, sharedLayers } = takeOwnKeys(objectOf(json))
  const { keys: said, leftOut, nestedIn, notes: nesting } = languageModelOf(file)
  const { keys, notes: words } = withNumbers(said)
  const notes = [...nesting, ...words]
  const modelType = keys.model_type
  if (typeof modelType !== 'string' && modelType !== undefined && modelType !== null) {
    throw new ConfigError(problem('model_type', `expected a word that says what kind it is, found ${found(modelType)}`))
  }
  const known = read(keys, modelType ?? undefined)
  const routed = router ? routedBy(router, known) : known
  const description = {
    ...(sharedLayers ? sharing(routed) : routed),
    nestedIn,
    leftOut: [...leftOut, ...known.leftOut],
    notes: [...notes, ...known.notes]
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
  return languageModelOf(takeOwnKeys(objectOf(json)).keys).keys.model_type
}

/** The keys with sizes as numbers, where a file has them as words of digits. */
function withNumbers(keys: Keys): { readonly keys: Keys; readonly notes: readonly string[] } {
  const words = Object.entries(keys).filter(
    ([key, value]) => typeof value === 'string' && /^\d{1,12}$/.test(value) && isSize(key)
  )
  if (words.length === 0) return { keys, notes: [] }
  const numbers = Object.fromEntries(words.map(([key, value]) => [key, Number(value)]))
  return { keys: { ...keys, ...numbers }, notes: [`read as numbers: ${words.map(([key]) => key).join(', ')}`] }
}

/** The model with one set of weights for all layers. Throws `ConfigError` where they differ. */
function sharing(model: ModelDescription): ModelDescription {
  if (model.stacks.some(({ blocks }) => new Set(uniqueBlocks(blocks)).size > 1)) {
    throw new ConfigError(problem('num_hidden_groups', 'expected layers that are alike, found different ones'))
  }
  return { ...model, stacks: model.stacks.map((stack) => ({ ...stack, sharedBlocks: true })) }
}

function objectOf(json: unknown): Keys {
  if (isObject(json)) return json
  throw new ConfigError(problem('', `expected an object, found ${found(json)}`))
}

interface LanguageModel {
  readonly keys: Keys
  readonly leftOut: readonly string[]
  readonly nestedIn: string | null
  readonly notes: readonly string[]
}

/**
 * The keys of the language model: models of several modalities nest them, those that also speak twice, with the flag of
 * tied embeddings inside or outside.
 */
function languageModelOf(json: Keys): LanguageModel {
  const leftOut = Object.keys(json).filter(
    (key) =>
      json[key] !== null &&
      (isOtherPart(key) || key === 'mm_vision_tower' || (/^(\w+_)?encoder$/.test(key) && isObject(json[key])))
  )
  const nested = nestedKey(json)
  const inner = nested === undefined ? undefined : json[nested]
  if (nested === undefined || !isObject(inner)) return { keys: json, leftOut, nestedIn: null, notes: [] }
  const text = nested === 'thinker_config' ? languageModelOf(inner) : { keys: inner, leftOut: [], notes: [] }
  const outside = json.tie_word_embeddings
  const inside = text.keys.tie_word_embeddings
  const contradict = typeof outside === 'boolean' && typeof inside === 'boolean' && outside !== inside
  const tied = contradict ? tiedWhere(json, nested, outside, inside) : (inside ?? outside)
  const model_type = text.keys.model_type ?? (classOf(text.keys) === undefined ? json.model_type : undefined)
  // Parts of an assistant lie outside.
  const around = wordOf(json.model_type).endsWith('_assistant') ? json : { model_type }
  const { [nested]: _, ...beside } = json
  const outer = !hasWidth(text.keys) && hasWidth(json) ? beside : {}
  return {
    keys: { ...outer, ...text.keys, ...withoutUndefined({ ...around, tie_word_embeddings: tied }) },
    leftOut: [...leftOut, ...text.leftOut],
    nestedIn: nested,
    notes: [
      ...text.notes,
      ...(usualNests.includes(nested) || nested === 'decoder' ? [] : [`the language model is read from ${nested}`]),
      ...(hasWidth(outer) ? [`sizes that ${nested} has not are read from outside it`] : []),
      ...(contradict
        ? [
            `tie_word_embeddings is ${outside} outside and ${inside} in ${nested}: ${
              tied ? 'the output projection is the embedding' : 'the checkpoint has an output projection of its own'
            }`
          ]
        : [])
    ]
  }
}

const usualNests: readonly string[] = ['text_config', 'llm_config', 'language_config', 'thinker_config']

function isOtherPart(key: string): boolean {
  return /^(vision|audio|speech|vit|projector|talker|code2wav|token2wav)\w*_config$/.test(key)
}

function hasWidth(keys: Keys): boolean {
  return namesOfMeaning('width').some((name) => keys[name] !== undefined && keys[name] !== null)
}

/**
 * The key of the language model: an encoder and a decoder of two kinds have it as the decoder, and wrappers that are not
 * known as the one object with sizes.
 */
function nestedKey(json: Keys): string | undefined {
  const usual = usualNests.find((key) => isObject(json[key]))
  const { decoder } = json
  if (usual !== undefined) return usual
  if (isObject(decoder) && typeof decoder.model_type === 'string') return 'decoder'
  if (hasWidth(json)) return undefined
  const layers = namesOfMeaning('layers')
  const models = Object.keys(json).filter((key) => {
    const value = json[key]
    return (
      isObject(value) && !isOtherPart(key) && hasWidth(value) && layers.some((name) => typeof value[name] === 'number')
    )
  })
  return models.length === 1 ? models[0] : undefined
}

/**
 * The flag that tells what the checkpoint holds where two contradict. The class around a `text_config` has the output
 * projection, and follows its own flag (from transformers 5 on; vllm-project/vllm, pull request 33359), but for the
 * classes that also follow an inner true, as which it was saved before (huggingface/transformers, pull request 45857).
 * Other wrappers hold a whole language model, which follows its own.
 */
function tiedWhere(json: Keys, nested: string, outside: boolean, inside: boolean): boolean {
  if (nested === 'llm_config' || nested === 'language_config') return inside
  const lifts =
    /^(llava(_next_video|_onevision)?|fast_vlm|video_llama_3|qwen2(_5)?_vl|glm4v(_moe)?|glm_ocr|paddleocr_vl)$/
  return lifts.test(wordOf(json.model_type)) ? outside || inside : outside
}

function withoutUndefined(keys: Keys): Keys {
  return Object.fromEntries(Object.entries(keys).filter(([, value]) => value !== undefined))
}

function widthKey(keys: Keys): string {
  return ['hidden_size', 'd_model', 'n_embd'].find((key) => key in keys) ?? 'hidden_size'
}
