import { families } from '../families'
import { readBestEffort } from '../families/best-effort'
import type { Family } from '../families/family'
import { namesOfMeaning } from '../families/spellings'
import { ConfigError, problem, UnknownKindError, UnknownShapesError } from './config-error'
import { describeFile, type Keys } from './config-file'
import { classOf, found, isObject } from './config-keys'
import type { ModelDescription } from './description'
import { withHead } from './head'
import { nearestWords } from './nearest-words'
import { refuseOtherFile } from './other-files'
import { fromOtherProgram } from './other-programs'
import { shippedFormatOf } from './quantisation'

export interface ReadOptions {
  /**
   * True to read a kind that no reader knows by the names of its keys; the description says what was assumed. `anyway`:
   * also where a key that was not read looks like a size or a schedule of layers.
   */
  readonly bestEffort?: boolean | 'anyway'
}

/** The values of `model_type` that can be read. */
export const knownModelTypes: readonly string[] = [...families.keys()].sort()

/**
 * Describes the model of a parsed Hugging Face config.json; what `notes` says was read in other words, or taken from
 * the defaults of its class. A kind is known by its `model_type`, or by the class in `architectures` where that names
 * none that is known. Of a model of several modalities the language model is described, and `leftOut` names the rest.
 * Throws `ConfigError`, naming the key, for values that are wrong or contradict each other; an `UnknownKindError` for a
 * kind that is not known, with the nearest that are.
 */
export function readDescription(json: unknown, options: ReadOptions = {}): ModelDescription {
  if (isObject(json)) refuseOtherFile(json)
  const translated = isObject(json) ? fromOtherProgram(json) : undefined
  const file = translated?.keys ?? json
  return describeFile(file, (keys, modelType) => {
    const outside = isObject(file) ? file : keys
    const known = withHead(readKnown(keys, modelType, options), outside, keys)
    const shipped = shippedFormatOf(outside, keys)
    const notes = [...(translated ? [translated.note] : []), ...known.notes, ...shipped.notes]
    return { ...known, ...shipped, notes }
  })
}

/** True where a best-effort reading gives a figure, or would when asked again (`UnknownShapesError`). */
export function isReadableAtBestEffort(json: unknown): boolean {
  try {
    readDescription(json, { bestEffort: true })
    return true
  } catch (error) {
    if (error instanceof ConfigError) return error instanceof UnknownShapesError
    throw error
  }
}

function readKnown(keys: Keys, modelType: string | undefined, { bestEffort = false }: ReadOptions): ModelDescription {
  const name = classOf(keys)
  const kind = kindOf(keys, modelType, name)
  if (kind) {
    const { family, modelType: known, notes } = kind
    try {
      const description = family.read(keys, known)
      refuseExpertsOfDense(keys, family, description)
      return { ...description, notes: [...notes, ...description.notes] }
    } catch (error) {
      if (!bestEffort || !(error instanceof ConfigError)) throw error
      const description = readBestEffort(keys, known, bestEffort === 'anyway')
      const [, ...assumed] = description.bestEffort
      const why = `read by the names of its keys, not as a ${known}: ${error.message.replace('config.json: ', '')}`
      return { ...description, bestEffort: [why, ...assumed], notes: [...notes, ...description.notes] }
    }
  }
  if (bestEffort) return readBestEffort(keys, modelType ?? name ?? 'unknown', bestEffort === 'anyway')
  if (modelType === undefined) {
    if (name === undefined && keys.hidden_size === undefined) {
      throw new ConfigError(problem('model_type', 'expected a word that says what kind it is, found nothing'))
    }
    throw new UnknownKindError(
      problem(
        'model_type',
        `expected a word that says what kind it is, found nothing${
          name === undefined ? '' : `, and architectures names ${name}, which is not known`
        }: a best-effort reading goes by key names`
      )
    )
  }
  const nearest = nearestWords(modelType, knownModelTypes, 3)
  throw new UnknownKindError(
    problem(
      'model_type',
      `${found(modelType)} is not known (the nearest are ${nearest.join(', ')}): a best-effort reading goes by key names`
    )
  )
}

interface Kind {
  readonly family: Family
  readonly modelType: string
  /** The ground for the kind, where `model_type` does not simply say it. */
  readonly notes: readonly string[]
}

/**
 * The kind by `model_type`, or by the class in `architectures` where that names none that is known. Where both are known
 * and differ, the one that leaves fewer sizes of the file unread.
 */
function kindOf(keys: Keys, modelType: string | undefined, name: string | undefined): Kind | undefined {
  const byType = modelType === undefined ? undefined : familyOfType(modelType)
  const byClass = name === undefined ? undefined : familyOf(name)
  if (byType === undefined) {
    if (byClass === undefined) return undefined
    const said = modelType === undefined ? 'the file has no model_type' : `model_type ${found(modelType)} is not known`
    const note = `${said}: read as the ${byClass[1]} of architectures, ${name}`
    return { family: byClass[0], modelType: byClass[1], notes: [note] }
  }
  const [family, type] = byType
  const spelled = type === modelType ? [] : [`model_type ${found(modelType)} is read as ${type}`]
  if (byClass === undefined || byClass[0] === family) return { family, modelType: type, notes: spelled }
  const unread = ({ unreadShapes }: Family) => unreadShapes?.(keys).length ?? 0
  const isClass = unread(byClass[0]) < unread(family)
  const isAlike = unread(byClass[0]) === unread(family)
  const note = `model_type says ${type} and architectures ${name}: read as the ${isClass ? byClass[1] : type}${
    isAlike ? '' : ', which reads more of the keys'
  }`
  return isClass
    ? { family: byClass[0], modelType: byClass[1], notes: [note] }
    : { family, modelType: type, notes: [...spelled, note] }
}

/** Custom code gives dense kinds experts; without them the figure would be of another model. */
function refuseExpertsOfDense(keys: Keys, { unreadShapes }: Family, { modelType, stacks }: ModelDescription): void {
  const names = namesOfMeaning('experts')
  const key = unreadShapes?.(keys).find((each) => names.includes(each) && keys[each] !== 1)
  if (key === undefined) return
  const isSparse = stacks.some(({ blocks }) =>
    blocks.some(({ feedForwards }) => feedForwards.some(({ kind }) => kind === 'moe'))
  )
  if (isSparse) return
  throw new ConfigError(
    problem(
      key,
      `expected none, as a ${modelType} has no experts, found ${found(keys[key])}; if code of its own gives it some, a best-effort reading goes by key names`
    )
  )
}

/** The families by their names without case and dashes. */
const byPlainName = new Map([...families].reverse().map(([type, each]) => [plain(type), [each, type] as const]))

/** The family of a `model_type`, in capitals and with dashes, too. */
function familyOfType(modelType: string): readonly [Family, string] | undefined {
  const exact = families.get(modelType)
  return exact ? [exact, modelType] : byPlainName.get(plain(modelType))
}

function plain(text: string): string {
  return text.toLowerCase().replaceAll(/[^a-z0-9]/g, '')
}

/** The family of a class of transformers: its name is the kind without underscores, and ends with what it is for. */
function familyOf(name: string): readonly [Family, string] | undefined {
  const kind = plain(name.replace(/(For[A-Z]\w*|LMHead)?(Model)?$/, ''))
  return byPlainName.get(kind) ?? (kind.endsWith('moe') ? undefined : byPlainName.get(`${kind}text`))
}
