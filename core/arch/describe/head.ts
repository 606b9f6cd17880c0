/** The head that `architectures` says a checkpoint has: the token's, labels, or none. */
import { classOf, isObject, type Keys } from './config-keys'
import type { ModelDescription } from './description'
import { listed } from './parts'

/** The description with the head of the class that the file names; as it is for a language model or an unknown name. */
export function withHead(description: ModelDescription, file: Keys, keys: Keys): ModelDescription {
  const name = classOf(file) ?? classOf(keys)
  if (name === undefined) return description
  const head = headOf(name, { ...file, ...keys })
  if (!head) return description
  const encoderOnly = /EncoderModel$|T5ForTokenClassification$/.test(name)
  const notes = [...description.notes, `architectures says ${name}: ${head.note}`]
  const { rows, bias = false } = head
  if (rows === undefined) return { ...description, notes }
  const inner = head.inner
    ? [listed('output', 'dense layer of the score head', 'width', 'width'), listed('output', 'its bias', 'width')]
    : []
  // Rows of the output are as wide as the embedding, those of such a head as the layers.
  const isListed = rows > 0 && description.embeddingWidth !== undefined
  const own = isListed
    ? [listed('output', 'head', rows, 'width'), ...(bias ? [listed('output', 'its bias', rows)] : [])]
    : []
  return {
    ...description,
    extras: [...(description.extras ?? []), ...inner, ...own],
    stacks: encoderOnly ? description.stacks.filter(({ role }) => role === 'encoder') : description.stacks,
    tiedEmbeddings: false,
    outputRows: isListed ? 0 : rows,
    outputBias: bias && !isListed,
    notes
  }
}

/** Classes whose score head has a bias, as those of decoders have not, and those of them that have a dense layer before it. */
const withBias =
  /^(Bert|BigBird|Roberta|Camembert|Data2VecText|Electra|Ernie(?!4)|MegatronBert|RemBert|RoFormer|Xmod|XLM|M?T5|XLNet|M?Bart|PLBart|Mvp)/
const withDenseLayer = /^(BigBird|RoFormer|M?T5|XLNet|M?Bart|PLBart|Mvp)/

interface Head {
  /** Absent where the output projection stays. */
  readonly rows?: number
  readonly bias?: boolean
  /** A dense layer before it. */
  readonly inner?: true
  readonly note: string
}

/** `LlamaForSequenceClassification` and its like have a score head without bias, token heads have one with a bias. */
function headOf(name: string, keys: Keys): Head | undefined {
  // modeling_qwen2_rm.py of Qwen2.5-Math: a dense layer, ReLU, and one score, or two for each step.
  if (/^Qwen2For(Process)?RewardModel$/.test(name)) {
    const rows = name.includes('Process') ? 2 : 1
    return {
      rows,
      bias: true,
      inner: true,
      note: `a dense layer and a score head of ${rows} in place of the output projection`
    }
  }
  if (/(ForSequenceClassification|RewardModel|ForReward|ForScore)$/.test(name)) {
    const labels = labelsOf(keys)
    const rows = labels ?? 1
    const assumed = labels === undefined ? '; the file does not say how many labels, 1 is assumed' : ''
    return {
      rows,
      bias: withBias.test(name),
      ...(withDenseLayer.test(name) ? { inner: true } : {}),
      note: `a score head of ${rows} in place of the output projection${assumed}`
    }
  }
  const draft = /(Eagle\d?|Medusa|Speculator|MTP)(Model)?$/.test(name)
  if (draft) {
    return {
      note: 'a draft model for speculative decoding, whose own parts (projections of hidden states, a smaller vocabulary) are not counted'
    }
  }
  if (name.endsWith('ForTokenClassification')) {
    const rows = labelsOf(keys) ?? 2
    return { rows, bias: true, note: `a head of ${rows} labels for each token in place of the output projection` }
  }
  if (/ForQuestionAnswering(Simple)?$/.test(name)) {
    return { rows: 2, bias: true, note: 'a head of 2 for the span of an answer in place of the output projection' }
  }
  const bare = name.endsWith('Model') && !/(LMHead|DoubleHeads|Chat|Omni|VLM|Reward)Model$/.test(name)
  return bare ? { rows: 0, bias: false, note: 'it has no output projection' } : undefined
}

function labelsOf({ num_labels: count, id2label: names }: Keys): number | undefined {
  const labels = typeof count === 'number' ? count : isObject(names) ? Object.keys(names).length : undefined
  return labels !== undefined && Number.isInteger(labels) && labels > 0 && labels < 2 ** 31 ? labels : undefined
}
