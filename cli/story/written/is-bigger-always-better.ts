import { countParameters } from '@core/arch/count/count'
import { readConfig } from '@core/arch/runnable'
import type { TrainingReport } from '@core/formats/training-report'
import { publishedTrainings } from '@core/scaling/cost'
import { chinchillaLoss, hoffmannRounded, trainingFlops } from '@core/scaling/laws/chinchilla'
import { publishedModels } from '@core/scaling/published-models'
import { denseTrainings, spentBudgets } from '@core/scaling/trainings'
import type { LinesRecord } from '@core/stories/records'
import { sizeText } from '../../terminal/model-figures'
import { lossPoints, reportsSource } from '../records'
import { claimed, timesText } from '../words'
import { defineStory, sourcesOf, view } from '../write'

/** Diminishing returns, compute-optimal sizes, overfitting, and what it costs. */
export const isBiggerAlwaysBetter = defineStory(
  'is-bigger-always-better',
  'Is bigger always better?',
  async (facts) => {
    const family = facts.models.filter(
      ({ role, architecture: { layers, sharedLayers } }) => role === 'dense' && layers.length === 2 && !sharedLayers
    )
    const smallest = family[0] ?? facts.model('dense-24')
    const floor = smallest.floor ?? Number.NaN
    const above = (id: string) => (facts.model(id).loss?.mean ?? Number.NaN) - floor
    const study = facts.study('iso-flop')
    const budgets = spentBudgets(
      denseTrainings(study.map((report) => ({ report, architecture: report.config && readConfig(report.config) })))
        .points
    )
    const [least, most] = [budgets[0], budgets.at(-1)]
    if (!least?.best || !most?.best) throw new Error('the study iso-flop has no best sizes any more')
    const repeated = facts.study('repeated-text').toSorted((a, b) => sizeOf(a) - sizeOf(b))
    const text = repeated[0]?.corpus
    const characters = text && !('kind' in text) ? text.characters : Number.NaN
    const best = repeated.toSorted((a, b) => a.result.loss - b.result.loss)[0]
    const worst = repeated.at(-1)
    if (!best || !worst) throw new Error('the study repeated-text is not here')
    const [gopher, chinchilla] = ['Gopher', 'Chinchilla'].map((name) =>
      publishedModels.find((model) => model.name === name)
    )
    if (!gopher?.tokens || !chinchilla?.tokens)
      throw new Error('Gopher and Chinchilla are not among the published models')
    const lossOf = ({ total, tokens }: { total: number; tokens: number | null }) =>
      chinchillaLoss(hoffmannRounded, { parameters: total, tokens: tokens ?? Number.NaN })
    return {
      answer: claimed(
        most.best.parameters > least.best.parameters && best !== worst,
        'Only with more text and more compute: each budget has a best size, and a small text punishes large models.'
      ),
      chapters: [
        {
          headline: 'Bigger is better, at first',
          text: [
            `${family.length} dense models that differ only in width, on the same text.`,
            claimed(
              family.every(({ loss }, i) => i === 0 || (loss?.mean ?? 9) < (family[i - 1]?.loss?.mean ?? 0)),
              'Every larger model has a lower loss.'
            ),
            'None can go below the floor, the entropy of the text.'
          ],
          notes:
            'Loss in nats per character on unseen text. The text is generated, so its entropy is known exactly; for natural language nobody knows it.',
          minutes: 0.75,
          choices: view('scaling', { scaling: { question: 'family' } }),
          record: {
            kind: 'lines',
            basis: 'shipped',
            source: reportsSource,
            seconds: 5,
            x: { label: 'parameters', scale: 'log', format: 'count' },
            y: { label: 'loss, nats per character', scale: 'linear', format: 'loss' },
            series: [
              {
                id: 'dense',
                label: 'dense',
                role: 'dense',
                mark: 'line',
                points: lossPoints(family, ({ total }) => total)
              }
            ],
            references: [{ y: floor, label: 'floor' }]
          }
        },
        {
          headline: 'Returns diminish',
          text: [
            `From ${sizeText(facts.model('dense-24').total)} to ${sizeText(facts.model('dense-48').total)}: ${(above('dense-24') - above('dense-48')).toFixed(3)} nats lower.`,
            `From ${sizeText(facts.model('dense-96').total)} to ${sizeText(facts.model('dense-192').total)}: ${(above('dense-96') - above('dense-192')).toFixed(3)} nats lower.`,
            claimed(
              above('dense-24') - above('dense-48') > above('dense-96') - above('dense-192'),
              'The same factor of size buys less each time.'
            )
          ],
          notes:
            'Both steps are a factor of about four. The bars are the distance to the floor, which scaling laws describe as a power of the size.',
          minutes: 0.75,
          record: {
            kind: 'bars',
            basis: 'shipped',
            source: reportsSource,
            seconds: 3,
            quantity: 'loss above the floor, nats per character',
            format: 'loss',
            rows: family.map(({ id, total, loss }) => ({
              id,
              label: `${id}, ${sizeText(total)}`,
              role: 'dense',
              value: (loss?.mean ?? Number.NaN) - floor
            }))
          }
        },
        {
          headline: 'Every budget has a best size',
          text: [
            'Same FLOPs, several sizes: the larger the model, the less text it reads.',
            `Best at ${flopsText(least.flops)}: ${sizeText(least.best.parameters)}. At ${flopsText(most.flops)}: ${sizeText(most.best.parameters)}.`,
            'Too large is as wrong as too small.'
          ],
          notes:
            'Approach 2 of the Chinchilla paper (IsoFLOP profiles), on a laptop. The bottom of each parabola is the best size for its budget.',
          minutes: 1,
          choices: view('scaling', { scaling: { question: 'family' } }),
          record: budgetLines(budgets)
        },
        {
          headline: 'Chinchilla’s lesson',
          text: [
            `Gopher: ${sizeText(gopher.total)} on ${tokensText(gopher.tokens)} tokens.`,
            `Chinchilla: ${sizeText(chinchilla.total)} on ${tokensText(chinchilla.tokens)}, for ${timesText(trainingFlops({ parameters: chinchilla.total, tokens: chinchilla.tokens }) / trainingFlops({ parameters: gopher.total, tokens: gopher.tokens }))} the compute.`,
            claimed(lossOf(chinchilla) < lossOf(gopher), 'The smaller one is predicted to be better, and was.')
          ],
          notes:
            'Hoffmann et al. 2022. Compute is taken as 6 N D. The losses follow from their own fitted law; the paper reports that Chinchilla beats Gopher on nearly all benchmarks.',
          minutes: 1,
          record: {
            kind: 'bars',
            basis: 'predicted',
            source: 'L(N, D) of Hoffmann et al. 2022 (arXiv 2203.15556), equation 10; sizes and tokens as published',
            seconds: 0,
            quantity: 'predicted loss, nats per token',
            format: 'loss',
            rows: [gopher, chinchilla].map((model) => ({
              id: model.name,
              label: `${model.name}, ${sizeText(model.total)}`,
              role: 'dense',
              value: lossOf(model)
            }))
          }
        },
        {
          headline: 'On a small text, bigger gets worse',
          text: [
            `${sizeText(characters)} characters, read ${Math.round((best.characters ?? 0) / characters)} times.`,
            claimed(
              worst.result.loss > best.result.loss,
              `Best on unseen text: ${sizeText(sizeOf(best))}. Largest: ${(worst.result.loss - best.result.loss).toFixed(2)} nats worse.`
            ),
            'The largest has memorised its text: it overfits.'
          ],
          notes:
            'Solid: loss on unseen text. Dashed: loss on the text that is read again and again, which falls with size. The gap is what was memorised.',
          minutes: 1,
          choices: view('scaling', { scaling: { question: 'repeats' } }),
          pointer: 'unseen',
          record: {
            kind: 'lines',
            basis: 'shipped',
            source: 'training.json of the study repeated-text (assets/models/studies)',
            seconds: 5,
            x: { label: 'parameters', scale: 'log', format: 'count' },
            y: { label: 'loss, nats per character', scale: 'linear', format: 'loss' },
            series: [
              {
                id: 'unseen',
                label: 'unseen',
                role: 'dense',
                mark: 'line',
                points: repeated.map((report) => ({ x: sizeOf(report), y: report.result.loss }))
              },
              {
                id: 'read',
                label: 'read',
                mark: 'line',
                dashed: true,
                points: repeated.map((report) => ({
                  x: sizeOf(report),
                  y: report.training_loss.at(-1)?.[1] ?? Number.NaN
                }))
              }
            ],
            references: []
          }
        },
        {
          headline: 'Watch it happen',
          text: [
            'Three of these models as they train.',
            claimed(isBestAtItsEnd(best), `At ${sizeText(sizeOf(best))} the loss still falls at the end.`),
            claimed(
              !isBestAtItsEnd(worst),
              'The largest turns around: more training makes it worse on text it has not seen.'
            )
          ],
          notes:
            'Point at the bottom of each curve. Early stopping would have saved the largest one, and most of its compute.',
          minutes: 0.75,
          record: {
            kind: 'lines',
            basis: 'shipped',
            source: 'training.json of the study repeated-text (assets/models/studies)',
            seconds: 8,
            x: { label: 'characters read', scale: 'log', format: 'count' },
            y: { label: 'loss on unseen text', scale: 'linear', format: 'loss' },
            series: [repeated[0], best, worst].flatMap((report, i) =>
              report
                ? [
                    {
                      id: `${sizeOf(report)}`,
                      label: sizeText(sizeOf(report)),
                      ...(i === 1 ? { role: 'dense' as const } : {}),
                      ...(i === 0 ? { dashed: true } : {}),
                      mark: 'line' as const,
                      points: report.curve.map(({ characters: x, loss: y }) => ({ x, y }))
                    }
                  ]
                : []
            ),
            references: []
          }
        },
        {
          headline: 'And somebody pays for it',
          text: [
            'Electricity of trainings whose makers published it.',
            `GPT-3: ${Math.round((publishedTrainings.find(({ name }) => name === 'GPT-3')?.kilowattHours ?? 0) / 1000).toLocaleString('en')} MWh for its final run.`,
            'Use adds to it: every token that is written pays for size again.'
          ],
          notes:
            'BLOOM’s figure covers its computers only; the others include the data centre’s overhead. None includes failed runs or the making of the hardware.',
          minutes: 0.75,
          choices: view('scaling', { scaling: { question: 'cost' } }),
          record: {
            kind: 'bars',
            basis: 'published',
            source: 'Patterson et al. 2021, table 4; Luccioni et al. 2022, section 4.2; Touvron et al. 2023, table 15',
            seconds: 3,
            quantity: 'energy of the training, MWh',
            format: 'number',
            rows: publishedTrainings.map(({ name, kilowattHours }) => ({
              id: name,
              label: name,
              ...(name.startsWith('Switch') ? { role: 'moe' as const } : {}),
              value: kilowattHours / 1000
            }))
          }
        },
        sourcesOf([
          { what: 'Sizes and losses', from: `${reportsSource}, and of the studies iso-flop and repeated-text` },
          { what: 'Compute-optimal training', from: 'Hoffmann et al. 2022, arXiv 2203.15556' },
          { what: 'Repeated text', from: 'Muennighoff et al. 2023, arXiv 2305.16264' },
          {
            what: 'Energy',
            from: 'Patterson et al. 2021, arXiv 2104.10350; Luccioni et al. 2022, arXiv 2211.02001; Touvron et al. 2023, arXiv 2302.13971'
          }
        ])
      ]
    }
  }
)

function sizeOf({ config }: TrainingReport): number {
  return config ? countParameters(readConfig(config)).total : Number.NaN
}

/** True where a training ends with its lowest loss. */
function isBestAtItsEnd({ curve }: TrainingReport): boolean {
  return curve.at(-1)?.loss === Math.min(...curve.map(({ loss }) => loss))
}

function tokensText(tokens: number): string {
  return tokens < 1e12 ? sizeText(tokens) : `${Number((tokens / 1e12).toPrecision(3))} T`
}

function flopsText(flops: number): string {
  return `${Number(flops.toPrecision(1)).toExponential().replace('+', '')} FLOPs`
}

function budgetLines(budgets: ReturnType<typeof spentBudgets>): LinesRecord {
  return {
    kind: 'lines',
    basis: 'shipped',
    source:
      'training.json of the study iso-flop (assets/models/studies); best size by a parabola, Hoffmann et al. 2022',
    seconds: 6,
    x: { label: 'parameters', scale: 'log', format: 'count' },
    y: { label: 'loss, nats per character', scale: 'linear', format: 'loss' },
    series: [
      ...budgets.map(({ flops, points }) => ({
        id: flopsText(flops),
        label: flopsText(flops),
        role: 'dense' as const,
        mark: 'line' as const,
        points: points.map(({ parameters, loss }) => ({ x: parameters, y: loss }))
      })),
      {
        id: 'best',
        label: '',
        mark: 'points' as const,
        points: budgets.flatMap(({ best }) =>
          best ? [{ x: best.parameters, y: best.loss, name: sizeText(best.parameters) }] : []
        )
      }
    ],
    references: []
  }
}
