import type { Architecture } from '../../arch/architecture'
import { branchedExperts } from './branched'
import { branchingPays } from './branching'
import { capacityExperts } from './capacity'
import type { ExpertDispatch } from './dispatch'
import { gatheredExperts } from './gathered'
import { groupedExperts } from './grouped'

/** Processor of a graph. */
export type Processor = 'cpu' | 'gpu'

/** Reading many tokens at once, or one at a time. */
export type Phase = 'prefill' | 'decode'

/**
 * The way of computing experts that was measured to be the quickest for a kind of processor and a phase.
 * On the GPU branches would wait for the CPU.
 */
export function chooseDispatch(architecture: Architecture, processor: Processor, phase: Phase): ExpertDispatch {
  if (phase === 'prefill') return processor === 'gpu' ? capacityExperts(architecture.context) : groupedExperts
  if (processor === 'gpu') return gatheredExperts
  return branchingPays(architecture) ? branchedExperts : gatheredExperts
}

/**
 * The same for training on batches of so many tokens. On the GPU an expert has places for `trainingCapacity` times its
 * even share of the assignments: with room for every token, every expert would compute as many rows as there are tokens.
 */
export function chooseTrainingDispatch(processor: Processor, tokens: number): ExpertDispatch {
  if (processor === 'cpu') return groupedExperts
  return (site) => {
    const { experts, topK } = site.shape
    const capacity = Math.ceil((trainingCapacity * tokens * topK) / experts)
    return capacityExperts(Math.min(capacity, tokens))(site)
  }
}

/** Of the capacity factors that Fedus et al. 2022 try (section 2.2, 1 to 2) the one that drops least. */
const trainingCapacity = 2

/** The same for an evaluation of so many tokens at once, which drops none: it measures the model, not the machine. */
export function chooseEvaluationDispatch(processor: Processor, tokens: number): ExpertDispatch {
  return processor === 'gpu' ? capacityExperts(tokens) : groupedExperts
}
