import { moeLayers, moeShape } from '../../arch/architecture'
import { readingWindows } from '../../corpus/reading-windows'
import { routerOf } from '../../routers'
import { createTraceRecorder, type Decision } from '../../routing/recorder'
import { traceFile } from '../../routing/trace-file'
import type { FiledModel } from '../../stream/filed-model'
import { type LayerDecisions, type Predictions, streamedPass } from '../../stream/pass'
import type { RunKind } from '../kind'
import type { RecordedText } from '../recorded-text'
import { bytesOf, tokensOf } from '../recording'
import { runId } from '../run-id'
import { traceName } from './record'
import { type StreamResult, type StreamSpec, streamForm, streamResultName } from './stream'
import { passState } from './stream-state'

/**
 * A model that need not fit into memory reads a text layer by layer, and what its routers decide is recorded. After each
 * layer the residual stream and the decisions are kept, from which a killed run goes on.
 */
export const stream: RunKind<StreamSpec> = {
  ...streamForm,
  run: async (spec, context) => {
    const { backend, files, keep, progress, turn, signal } = context
    if ((await files.names()).includes(traceName)) return
    const model = await context.openFiled(spec.model)
    const { architecture, weights } = model
    const read = readingOf(model, spec.text)
    const { windows, tokens } = read
    const pass = streamedPass(backend, architecture, weights, {
      sequences: windows.map(({ start, end }) => tokens.slice(start, end)),
      turn
    })
    try {
      const state = passState(files, await runId(streamForm.kind, { kind: streamForm.kind, spec }))
      const kept = await state.read()
      const hidden = kept?.hidden ?? (await pass.embed())
      const decisions = kept?.decisions ?? []
      const done = kept?.layers ?? 0
      const { length: layers } = architecture.layers
      for (let layer = done; layer < layers; layer++) {
        const tell = (part: number) => progress((layer + part) / (layers + 1), `layer ${layer} of ${layers}`)
        tell(0)
        const decided = await pass.layer(layer, hidden, tell)
        signal.throwIfAborted()
        if (decided) decisions.push(decided)
        await keep(state.files(layer, hidden, decided))
      }
      const predictions = await pass.head(hidden, read.targets, spec.logits === 'all')
      const content = await bytesOf(traceFile(traceOf(model, spec, read, decisions, predictions)))
      const known = predictions.nats.filter((_, row) => read.counts[row] === 1)
      const result: StreamResult = {
        loss: known.length > 0 ? known.reduce((a, b) => a + b, 0) / known.length : null,
        resumed_layers: done
      }
      await keep([
        { name: streamResultName, content: new TextEncoder().encode(JSON.stringify(result)) },
        { name: traceName, content }
      ])
      await state.remove()
    } finally {
      await pass.release()
    }
  }
}

/** A text as rows of windows: those that a recording reads one after the other. */
function readingOf(model: FiledModel, text: RecordedText) {
  const { architecture, tokenizer } = model
  const read = tokensOf(model, text)
  if (read.tokenIds.length === 0) throw new RangeError(`${read.source} is empty: there is nothing to record`)
  const opening = text.kind === 'ids' ? [] : Array.from(tokenizer.opening)
  const tokens = Int32Array.from([...opening, ...read.tokenIds])
  const windows = readingWindows(tokens, opening[0] ?? -1, architecture.context)
  // Each token is new in one window, and its row there is the one that counts.
  const places = windows.flatMap(({ start, from, end }) =>
    Array.from({ length: end - start }, (_, i) => ({ place: start + i, isNew: start + i >= from }))
  )
  return {
    ...read,
    texts: read.tokens,
    before: opening.length,
    tokens,
    windows,
    places,
    targets: Int32Array.from(places, ({ place }) => tokens[place + 1] ?? -1),
    counts: places.map(({ place, isNew }) => (isNew && place + 1 < tokens.length ? 1 : 0))
  }
}

function traceOf(
  { id, architecture }: FiledModel,
  { logits }: StreamSpec,
  { before, places, ...read }: ReturnType<typeof readingOf>,
  decisions: readonly LayerDecisions[],
  predictions: Predictions
) {
  const { vocabularySize, width } = architecture
  const layers = moeLayers(architecture)
  const [shape] = layers.map((layer) => moeShape(architecture, layer))
  const { source, tokenIds, texts, domains, domainIds, sequenceStarts } = read
  const recorder = createTraceRecorder({
    source,
    tokenIds,
    tokens: texts,
    domains,
    domainIds,
    sequenceStarts,
    model: id,
    layers,
    experts: shape?.experts ?? 0,
    topK: shape ? routerOf(shape, width).places : 0,
    logits,
    vocabularySize
  })
  for (const [row, { place, isNew }] of places.entries()) {
    if (!isNew || place < before) continue
    const next = predictions.logits?.subarray(row * vocabularySize, (row + 1) * vocabularySize) ?? []
    recorder.record(
      place - before,
      decisions.map((each) => decisionOf(each, row, places.length)),
      next
    )
  }
  return recorder.trace
}

function decisionOf({ experts, gates, logits }: LayerDecisions, row: number, rows: number): Decision {
  const rowOf = (column: Float32Array) =>
    column.subarray((row * column.length) / rows, ((row + 1) * column.length) / rows)
  const chosen = rowOf(experts)
  const isFilled = (_: number, place: number) => (chosen[place] ?? -1) >= 0
  return {
    experts: Array.from(chosen).filter(isFilled),
    gates: rowOf(gates).filter(isFilled),
    logits: rowOf(logits),
    dropped: []
  }
}
