import { specifiedFloor, worldOf } from '../../corpus'
import { createMaskedEvaluator, evaluationRounds, type MaskedEvaluator } from '../../evaluate/masked-evaluator'
import { addNats, changesOf, countCharacters, windowSums } from '../../evaluate/paired-losses'
import { proportionOf } from '../../evaluate/proportions'
import { drawQuestions } from '../../evaluate/questions'
import { answerQuestions, askingDomains, chanceOf, whyNoScore } from '../../evaluate/score'
import { corpusOf, validationText } from '../../evaluate/validation-text'
import { jsonBytes } from '../../formats/json'
import type { RunnableModel } from '../../model/runnable-model'
import type { RunContext, RunKind } from '../kind'
import type { EvaluateSpec } from './evaluate'
import { evaluateForm } from './evaluate'
import { evaluationName, type KeptEvaluation, readEvaluation } from './evaluation'

/** Measures the loss, then asks one language after the other; tells and keeps what is known after each. */
export const evaluate: RunKind<EvaluateSpec, KeptEvaluation> = {
  ...evaluateForm,
  run: async (spec, context) => {
    const { files, backend, turn, keep, progress, tell } = context
    const kept = await files.read(evaluationName)
    let known = kept && readEvaluation(kept)
    if (known?.whole) return
    const model = await context.openModel(spec.model)
    const unasked = spec.questions > 0 ? whyNoScore(model) : undefined
    const languages = spec.questions > 0 && unasked === undefined ? askingDomains : []
    const parts = 1 + languages.length
    const learn = async (found: KeptEvaluation) => {
      known = { ...found, whole: languages.every((id) => id in found.answers) }
      tell(known)
      await keep([{ name: evaluationName, content: jsonBytes(known) }])
    }
    const evaluator = createMaskedEvaluator(backend, model)
    try {
      if (!known) {
        const loss = await lossOf(evaluator, model, spec, context, (share) => progress(share / parts, 'loss'))
        await learn({ ...loss, ...(unasked === undefined ? {} : { unasked }) })
      }
      const { architecture, report } = model
      for (const domain of languages) {
        if (!known || domain in known.answers) continue
        progress((1 + languages.indexOf(domain)) / parts, domain)
        const { questions: count, seed } = spec
        const common = { world: worldOf(corpusOf(report)), context: architecture.context }
        const questions = drawQuestions({ ...common, domain, count, seed })
        const right = await answerQuestions(evaluator, questions, architecture.context, { turn })
        const answer = proportionOf(right.filter(Boolean).length, right.length)
        await learn({ ...known, answers: { ...known.answers, [domain]: { ...answer, chance: chanceOf(questions) } } })
      }
    } finally {
      await evaluator.release()
    }
  }
}

/** The error of a loss is that of its difference from a loss of 0 on the same windows. */
async function lossOf(
  evaluator: MaskedEvaluator,
  model: RunnableModel,
  { characters }: EvaluateSpec,
  { backend, turn }: Pick<RunContext<never>, 'backend' | 'turn'>,
  onShare: (share: number) => void
): Promise<KeptEvaluation> {
  const windows = validationText(model, characters)
  const rounds = evaluationRounds(backend, windows.count)
  let done = 0
  const { nats } = await evaluator.evaluate(windows, { turn, onBatch: () => onShare(++done / rounds) })
  const sums = windowSums(windows)
  addNats(sums, windows, 0, nats)
  const { domains, ...all } = changesOf(sums, windowSums(windows), countCharacters(windows))
  const floor = specifiedFloor(corpusOf(model.report))
  return {
    format: 'moescope.evaluation/1',
    model: model.id,
    loss: all.loss,
    standardError: all.standardError,
    tokens: all.tokens,
    floor: floor.total,
    domains: Object.fromEntries(
      Object.entries(domains).map(([id, { loss, standardError, tokens }]) => [
        id,
        { loss, standardError, tokens, floor: floor.domains[id as keyof typeof floor.domains] ?? null }
      ])
    ),
    answers: {},
    whole: false
  }
}
