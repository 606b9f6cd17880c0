/** The studies that ship with the app: trainings of which only the reports are kept. */
import { countParameters } from '@core/arch/count/count'
import { readConfig } from '@core/arch/runnable'
import { generatedText, readTrainingReport, type TrainingReport } from '@core/formats/training-report'
import { messageOf } from '@core/reason'
import { isFamilySize } from '@core/scaling/dense-family'
import { denseTrainings, type ReportedTraining, spentBudgets } from '@core/scaling/trainings'
import { useEffect } from 'react'
import { startWorker } from '../engine/client'
import type { ScalingApi } from '../engine/scaling-api'
import type { Host } from '../host/host'
import { type App, useApp, useAppState } from '../state/app'
import type { IsoFlopStudy, ScalingState, SmallTextStudy } from './state'

/** Fits a law away from the page's thread. */
export type FitLaw = ScalingApi['fitLaw']

/** The shipped trainings of equal compute and their law. Rejects where there are none. */
export async function readIsoFlop(host: Host, fitLaw: FitLaw): Promise<IsoFlopStudy> {
  const { models } = await host.modelIndex()
  const family = await readReports(
    host,
    models.flatMap(({ reports }) => reports)
  )
  const study = await readStudy(host, 'iso-flop')
  const { points, floor } = denseTrainings(
    [...family, ...study].map(withArchitecture).filter(({ architecture }) => architecture && isFamilySize(architecture))
  )
  return { budgets: spentBudgets(denseTrainings(study.map(withArchitecture)).points), law: await fitLaw(points, floor) }
}

/** The shipped trainings on a small text. Rejects where there are none. */
export async function readSmallText(host: Host): Promise<SmallTextStudy> {
  const reports = await readStudy(host, 'repeated-text')
  const [{ characters, corpus, floor } = missing()] = reports
  const text = generatedText(corpus)
  if (!text || !floor) return missing()
  const runs = reports.map(({ config, training_loss, result }) => ({
    parameters: countParameters(readConfig(config)).total,
    trainingLoss: training_loss.at(-1)?.[1] ?? Number.NaN,
    validationLoss: result.loss
  }))
  return {
    characters: text.characters,
    epochs: characters / text.characters,
    floor: floor.total,
    runs: runs.sort((a, b) => a.parameters - b.parameters)
  }
}

/** A study of the state, read when it is first asked for. */
export function useStudy<Name extends keyof ScalingState>(name: Name): ScalingState[Name] {
  const app = useApp()
  useEffect(() => void loadStudy(app, name), [app, name])
  return useAppState((state) => state[name])
}

async function loadStudy({ host, store }: App, name: keyof ScalingState): Promise<void> {
  if (typeof store.getState()[name] === 'object') return
  try {
    if (name === 'isoFlop') store.setState({ isoFlop: await readIsoFlop(host, fitInWorker) })
    else store.setState({ smallText: await readSmallText(host) })
  } catch (error) {
    store.setState({ [name]: messageOf(error) })
  }
}

const fitInWorker: FitLaw = async (points, floor) => {
  const worker = startWorker('scaling')
  try {
    return await worker.api.fitLaw(points, floor)
  } finally {
    worker.end()
  }
}

async function readStudy(host: Host, id: string): Promise<TrainingReport[]> {
  const { studies } = await host.modelIndex()
  return readReports(host, studies.find((study) => study.id === id)?.reports ?? missing())
}

function readReports(host: Host, paths: readonly string[]): Promise<TrainingReport[]> {
  return Promise.all(paths.map(async (path) => readTrainingReport(await host.readShippedFile(path), path)))
}

function withArchitecture(report: TrainingReport): ReportedTraining {
  return { report, architecture: report.config && readConfig(report.config) }
}

function missing(): never {
  throw new Error('This build ships no such trainings. Train them: npm run pretrain')
}
