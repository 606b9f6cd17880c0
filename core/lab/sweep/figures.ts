/** The figures of a run that is whole, for its row of a sweep's table: one function for each kind that a sweep can be of. */
import { FormatError } from '../../formats/format-error'
import { readTrainingReport, type TrainingReport } from '../../formats/training-report'
import { ablateForm, ablationName, readAblation } from '../kinds/ablate'
import { benchForm } from '../kinds/bench'
import { benchName, readBench } from '../kinds/bench-result'
import { compressForm, compressionName, readCompression } from '../kinds/compress'
import { evaluateForm } from '../kinds/evaluate'
import { evaluationName, readEvaluation } from '../kinds/evaluation'
import { reportName, trainForm } from '../kinds/train'
import type { RunFiles } from '../store'
import type { Cell } from './settings'

export interface RunSize {
  /** Total parameters, and active ones by the convention `all`; of the model that is trained, or looked at. */
  readonly total: number
  readonly active: number
  /** Floating-point operations of a training; null where they are not counted. */
  readonly flops: number | null
}

export type Figures = Readonly<Record<string, Cell>>

/** Reads the figures of a run. Throws a `FormatError` when its result is missing or damaged. */
export type ReadFigures = (files: Pick<RunFiles, 'read'>, size: RunSize) => Promise<Figures>

export const trainFigures: ReadFigures = async (files, size) => {
  const bytes = await files.read(reportName)
  if (!bytes) throw new FormatError(`${reportName} is missing`)
  return trainingFigures(readTrainingReport(bytes), size)
}

/** The figures of a training, by its report. */
export function trainingFigures(report: TrainingReport, size: RunSize): Figures {
  const { result, floor, steps, characters, seconds, flops, backend, threads, machine, versions } = report
  return {
    ...size,
    loss: result.loss,
    loss_memory: finite(result.memory),
    loss_computation: finite(result.computation),
    ...Object.fromEntries(Object.entries(result.domains).map(([domain, loss]) => [`loss_${domain}`, loss])),
    floor: floor?.total ?? null,
    steps,
    characters,
    flops,
    seconds,
    backend,
    threads,
    machine,
    ...Object.fromEntries(Object.entries(versions).map(([name, version]) => [`version_${name}`, version]))
  }
}

export const compressFigures: ReadFigures = async (files) => {
  const bytes = await files.read(compressionName)
  const kept = bytes && readCompression(bytes)
  const [point] = kept?.points ?? []
  if (!kept?.whole || !point) throw new FormatError(`${compressionName} is missing, or not whole`)
  const before = { bytes_before: kept.before.bytes, loss_before: kept.before.loss }
  if ('refused' in point) return { ...before, refused: point.refused }
  const { bytes: size, total, active, loss, delta, standardError, tokens, domains } = point
  return {
    total,
    active,
    bytes: size,
    loss,
    delta,
    standard_error: standardError,
    tokens,
    ...before,
    ...deltasOf(domains)
  }
}

export const ablateFigures: ReadFigures = async (files, size) => {
  const bytes = await files.read(ablationName)
  const kept = bytes && readAblation(bytes)
  const [row] = kept?.rows ?? []
  if (!kept?.whole || !row) throw new FormatError(`${ablationName} is missing, or not whole`)
  const { loss, delta, standardError, tokens, domains } = row
  return {
    total: size.total,
    active: size.active,
    loss,
    delta,
    standard_error: standardError,
    tokens,
    loss_before: kept.baseline.loss,
    ...deltasOf(domains)
  }
}

export const evaluateFigures: ReadFigures = async (files, { total, active }) => {
  const bytes = await files.read(evaluationName)
  const kept = bytes && readEvaluation(bytes)
  if (!kept?.whole) throw new FormatError(`${evaluationName} is missing, or not whole`)
  const { loss, standardError, tokens, floor, domains, answers } = kept
  return {
    total,
    active,
    loss,
    standard_error: standardError,
    floor,
    tokens,
    ...Object.fromEntries(Object.entries(domains).map(([id, domain]) => [`loss_${id}`, domain.loss])),
    ...Object.fromEntries(
      Object.entries(answers).flatMap(([id, { share, low, high }]) => [
        [`right_${id}`, share],
        [`right_${id}_low`, low],
        [`right_${id}_high`, high]
      ])
    )
  }
}

export const benchFigures: ReadFigures = async (files, { total, active }) => {
  const bytes = await files.read(benchName)
  if (!bytes) throw new FormatError(`${benchName} is missing`)
  const { decode, prefill, machine, versions } = readBench(bytes)
  return {
    total,
    active,
    decode_tokens_per_s: decode.median,
    decode_tokens_per_s_low: decode.low,
    decode_tokens_per_s_high: decode.high,
    prefill_tokens_per_s: prefill.median,
    prefill_tokens_per_s_low: prefill.low,
    prefill_tokens_per_s_high: prefill.high,
    machine,
    ...Object.fromEntries(Object.entries(versions).map(([name, version]) => [`version_${name}`, version]))
  }
}

/** By kind, for who reads a sweep of any of them. */
export const figuresByKind: Readonly<Partial<Record<string, ReadFigures>>> = {
  [trainForm.kind]: trainFigures,
  [compressForm.kind]: compressFigures,
  [ablateForm.kind]: ablateFigures,
  [evaluateForm.kind]: evaluateFigures,
  [benchForm.kind]: benchFigures
}

function deltasOf(domains: Readonly<Record<string, { readonly delta: number } | undefined>>): Figures {
  return Object.fromEntries(
    Object.entries(domains).map(([domain, change]) => [`delta_${domain}`, change?.delta ?? null])
  )
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null
}
