import { PromptError, promptTokens } from '@core/generate/prompt'
import type { AppState } from '../state/app-state'

/** Reason for which the chosen models cannot read the prompt; undefined when they can, or are not known yet. */
export function promptProblem({ choices, library }: AppState): string | undefined {
  for (const id of [choices.left, choices.right]) {
    const model = library?.models.find((each) => each.id === id)
    if (!model) continue
    try {
      promptTokens(choices.prompt, model.tokenizer, model.architecture.context)
    } catch (error) {
      if (error instanceof PromptError) return sentence(error.message)
      throw error
    }
  }
  return undefined
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
}
