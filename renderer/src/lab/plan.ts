/** Architecture, text and recipe of chosen runs. The front page does without it. */
import type { Architecture, RouterSpec } from '@core/arch/architecture'
import { topKRouterSpec } from '@core/arch/architecture'
import { denseArchitecture, moeArchitecture } from '@core/arch/presets'
import { smallWorldSize, tokenizer } from '@core/corpus'
import {
  type CorpusSpec,
  corpusSpecSchema,
  currentCorpus,
  recipeSchema,
  type TrainingCorpus
} from '@core/formats/training-report'
import type { TrainingPlan } from '@core/train/fingerprint'
import { usualLearningRate } from '@core/train/learning-rates'
import type { TrainingChoices } from './choices'

/** The chosen router. With top-1 gates stay unnormalised: normalised they would be 1 and pass no gradient. */
export function chosenRouter({ router, topK }: TrainingChoices): RouterSpec {
  return router ?? topKRouterSpec(topK > 1)
}

/** The chosen architecture; throws a `RangeError` or, when it is counted, a `FormatError` where there is none. */
export function chosenArchitecture(choices: TrainingChoices): Architecture {
  const { kind, width, layers, heads, sharedLayers, context, feedForwardWidth } = choices
  const { experts, topK, expertWidth, sharedWidth } = choices
  const shape = { width, layers, heads, sharedLayers, context, vocabularySize: tokenizer.size }
  if (kind === 'dense') {
    return denseArchitecture({ ...shape, ...(feedForwardWidth === undefined ? {} : { feedForwardWidth }) })
  }
  return moeArchitecture({
    ...shape,
    experts,
    topK: Math.min(topK, experts),
    ...(expertWidth === undefined ? {} : { expertWidth }),
    sharedWidth,
    router: chosenRouter(choices)
  })
}

/** The text that is read. Throws a `RangeError` for a text of the user's that is not opened yet. */
export function chosenCorpus(choices: ChosenCorpus): TrainingCorpus {
  const { text, own, beside, ownShare, ...how } = choices
  if (text !== 'own') return generatedCorpus(text, how)
  if (!own) throw new RangeError('no text is opened yet')
  return {
    kind: 'text',
    sha256: own.sha256,
    ...(beside === 'none' ? {} : { beside: { share: ownShare, corpus: generatedCorpus(beside, how) } })
  }
}

type ChosenCorpus = HowGenerated & Pick<TrainingChoices, 'text' | 'own' | 'beside' | 'ownShare'>

type HowGenerated = Pick<TrainingChoices, 'characters' | 'textCharacters' | 'shares'>

/** Of the small world there is as much as a run reads, so that little is made for nothing. */
export function generatedCorpus(
  text: 'shipped' | 'small',
  { characters, textCharacters, shares }: HowGenerated
): CorpusSpec {
  const amount = textCharacters === undefined ? {} : { characters: textCharacters }
  const mixture = shares ? { shares } : {}
  if (text === 'shipped') return { ...currentCorpus, ...amount, ...mixture }
  const { edition: _edition, ...size } = smallWorldSize
  const corpus = corpusSpecSchema.parse({
    world: { edition: 2, ...size },
    characters: Math.min(characters, currentCorpus.characters),
    validation_characters: smallValidation
  })
  return { ...corpus, ...amount, ...mixture }
}

/** Characters of the validation text of the small world: measured ten times, it takes a tenth of a training of 500 steps. */
const smallValidation = 16_000

/** The learning rate that is trained with. */
export function chosenLearningRate({ learningRate, width }: TrainingChoices): number {
  return learningRate ?? usualLearningRate(width)
}

/** The plan of a training; what is not chosen is as in the recipe of the shipped models. */
export function chosenPlan(choices: TrainingChoices): TrainingPlan {
  return {
    architecture: chosenArchitecture(choices),
    corpus: chosenCorpus(choices),
    recipe: recipeSchema.parse({
      learning_rate: chosenLearningRate(choices),
      characters: choices.characters,
      balance_loss: choices.balanceLoss,
      seed: choices.seed,
      batch: choices.batch,
      warmup_steps: choices.warmupSteps,
      final_rate: choices.schedule === 'constant' ? 1 : choices.finalRate,
      ...(choices.schedule === 'linear' ? { decay: 'linear' } : {})
    })
  }
}
