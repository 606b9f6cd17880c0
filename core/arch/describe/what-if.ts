/** Changes a description, to count the parameters and memory of another shape. */
import type { Block, FeedForward, ModelDescription, MoeFeedForward, Stack } from './description'
import { uniqueBlocks } from './unique-blocks'

/** A field that is left out stays as it is. */
export interface DescriptionChange {
  readonly vocabularySize?: number
  /** Width of the residual stream; the heads keep their sizes. */
  readonly width?: number
  /** Of the decoder, or of the only stack: fewer end the stack earlier, more go on with the pattern of its second half. */
  readonly layers?: number
  /** Routed experts of every layer that has some, their width, and those that a token goes to. */
  readonly experts?: number
  readonly topK?: number
  readonly expertWidth?: number
  readonly sharedExperts?: number
  /** Width of one shared expert; by default that of the routed ones where there was none. */
  readonly sharedExpertWidth?: number
  /** Width of the dense feed-forwards. */
  readonly denseWidth?: number
  readonly tiedEmbeddings?: boolean
}

/**
 * The description with a change. Throws a `RangeError` that names the field for a size that is no positive integer (0 is
 * allowed for shared experts) and for a `topK` above the number of experts.
 */
export function changeDescription(description: ModelDescription, change: DescriptionChange): ModelDescription {
  checkSizes(change)
  const changeBlock = (block: Block): Block => ({
    ...block,
    feedForwards: block.feedForwards.map((each) => changeFeedForward(each, change))
  })
  const main = description.stacks.length - 1
  const stacks = description.stacks.map((stack, index): Stack => {
    const blocks = index === main ? resize(stack.blocks, change.layers ?? stack.blocks.length) : stack.blocks
    return { ...stack, blocks: uniqueBlocks(blocks.map(changeBlock)) }
  })
  const multiTokenPrediction = description.multiTokenPrediction.map((module) => ({
    ...module,
    blocks: module.blocks.map(changeBlock)
  }))
  return {
    ...description,
    vocabularySize: change.vocabularySize ?? description.vocabularySize,
    width: change.width ?? description.width,
    tiedEmbeddings: change.tiedEmbeddings ?? description.tiedEmbeddings,
    stacks,
    multiTokenPrediction
  }
}

function changeFeedForward(feedForward: FeedForward, change: DescriptionChange): FeedForward {
  if (feedForward.kind === 'dense') return { ...feedForward, width: change.denseWidth ?? feedForward.width }
  const expertWidth = change.expertWidth ?? feedForward.expertWidth
  const changed: MoeFeedForward = {
    ...feedForward,
    expertWidth,
    experts: change.experts ?? feedForward.experts,
    topK: change.topK ?? feedForward.topK,
    sharedExperts: change.sharedExperts ?? feedForward.sharedExperts,
    sharedExpertWidth: change.sharedExpertWidth ?? (feedForward.sharedExpertWidth || expertWidth)
  }
  const choices = changed.experts + changed.zeroExperts
  if (changed.topK > choices) {
    throw new RangeError(`topK: expected at most the number of experts, ${choices}, found ${changed.topK}`)
  }
  return changed
}

function checkSizes(change: DescriptionChange): void {
  for (const [field, size] of Object.entries(change)) {
    const least = field === 'sharedExperts' ? 0 : 1
    const most = field === 'layers' ? 10_000 : 2 ** 31 - 1
    const fits = Number.isSafeInteger(size) && size >= least && size <= most
    if (typeof size === 'number' && !fits) {
      throw new RangeError(`${field}: expected an integer from ${least} to ${most}, found ${size}`)
    }
  }
}

/** The first blocks, or all of them and more that go on with the pattern in which the last ones recur. */
function resize(blocks: readonly Block[], count: number): Block[] {
  const period = periodOf(uniqueBlocks(blocks))
  const resized = blocks.slice(0, count)
  while (resized.length < count) {
    const next = resized[resized.length - period]
    if (!next) throw new RangeError('layers: expected a model that has some')
    resized.push(next)
  }
  return resized
}

/**
 * After how many layers the second half of a stack repeats what comes before; the first layers are often different.
 *
 * @param blocks equal ones being one object
 */
function periodOf(blocks: readonly Block[]): number {
  const half = Math.ceil(blocks.length / 2)
  for (let period = 1; period < half; period++) {
    if (blocks.every((block, index) => index < half || block === blocks[index - period])) return period
  }
  return 1
}
