/** The trace file: safetensors with the arrays of a `Trace` and its names as metadata. */
import { z } from 'zod'
import { FormatError } from '../formats/format-error'
import type { Safetensors, StoredTensor } from '../formats/safetensors'
import {
  float32Of,
  int32Of,
  readSafetensors,
  storedTensor,
  uint8Of,
  uint16Of,
  writeSafetensors
} from '../formats/safetensors'
import type { Trace } from './trace'
import { noExpert } from './trace'

const format = 'moescope.trace/1'

/** Bytes of a trace file. Throws a `FormatError` when an array does not have the size that the others call for. */
export function writeTrace(trace: Trace): Uint8Array {
  const { tokenIds, layers, topK, experts } = trace
  const count = tokenIds.length
  const tensors: [string, StoredTensor | undefined][] = [
    ['token_ids', storedTensor(tokenIds, [count])],
    ['expert_weights', trace.expertWeights && storedTensor(trace.expertWeights, [count, layers.length, topK])],
    ['router_logits', trace.routerLogits && storedTensor(trace.routerLogits, [count, layers.length, experts])],
    ['logits', trace.logits && storedTensor(trace.logits, [count, trace.logits.length / Math.max(1, count)])],
    ['expert_ids', storedTensor(trace.expertIds, [count, layers.length, topK])],
    ['domain_ids', trace.domainIds && storedTensor(trace.domainIds, [count])]
  ]
  return writeSafetensors(
    tensors.flatMap(([name, tensor]): [string, StoredTensor][] => (tensor ? [[name, tensor]] : [])),
    {
      format,
      model: trace.model,
      source: trace.source,
      layers: JSON.stringify(layers),
      experts: String(experts),
      top_k: String(topK),
      tokens: JSON.stringify(trace.tokens),
      domains: JSON.stringify(trace.domains)
    }
  )
}

/**
 * Reads a trace file; arrays are views of `bytes` where they are aligned. Throws a `FormatError` that names the tensor
 * or the metadata that is missing, has another shape than the rest calls for, or counts beyond experts or domains.
 */
export function readTrace(bytes: Uint8Array): Trace {
  const file = readSafetensors(bytes)
  const { layers, experts, top_k: topK, tokens, domains, model, source } = readMetadata(file)
  const count = tokens.length
  const optional = <T>(name: string, shape: readonly (number | 'any')[], read: Read<T>) =>
    file.tensors.has(name) ? required(file, name, shape, read) : undefined
  const trace: Trace = {
    model,
    source,
    layers,
    experts,
    topK,
    tokenIds: required(file, 'token_ids', [count], int32Of),
    tokens,
    expertIds: required(file, 'expert_ids', [count, layers.length, topK], uint16Of),
    expertWeights: optional('expert_weights', [count, layers.length, topK], float32Of),
    routerLogits: optional('router_logits', [count, layers.length, experts], float32Of),
    domains,
    domainIds: optional('domain_ids', [count], uint8Of),
    logits: optional('logits', [count, 'any'], float32Of)
  }
  checkIds(
    'expert_ids',
    trace.expertIds,
    (id) => id < experts || id === noExpert,
    `0 to ${experts - 1}, or ${noExpert}`
  )
  checkIds('domain_ids', trace.domainIds ?? [], (id) => id < domains.length, `less than ${domains.length} (domains)`)
  return trace
}

type Read<T> = (tensor: StoredTensor, name: string) => T

function required<T>({ tensors }: Safetensors, name: string, shape: readonly (number | 'any')[], read: Read<T>): T {
  const found = tensors.get(name)
  if (!found) throw new FormatError(`trace: tensor '${name}' is missing`)
  if (found.shape.length !== shape.length || shape.some((size, axis) => size !== 'any' && size !== found.shape[axis])) {
    throw new FormatError(
      `trace: tensor '${name}' has shape [${found.shape.join(', ')}], but the metadata call for [${shape.join(', ')}]`
    )
  }
  return read(found, name)
}

function checkIds(name: string, ids: ArrayLike<number>, valid: (id: number) => boolean, expected: string): void {
  for (let i = 0; i < ids.length; i++) {
    const id = ids[i] ?? 0
    if (!valid(id)) throw new FormatError(`trace: tensor '${name}' has ${id} at place ${i}, expected ${expected}`)
  }
}

const json = z.string().transform((text, { addIssue }): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    addIssue(`expected JSON, found ${JSON.stringify(text.slice(0, 40))}`)
    return z.NEVER
  }
})

const metadataSchema = z.object({
  format: z.literal(format),
  model: z.string().default(''),
  source: z.string().default(''),
  layers: json.pipe(z.array(z.int().nonnegative()).min(1)),
  experts: json.pipe(z.int().positive().max(noExpert)),
  top_k: json.pipe(z.int().positive()),
  tokens: json.pipe(z.array(z.string())),
  domains: z.string().default('[]').pipe(json).pipe(z.array(z.string()))
})

function readMetadata({ metadata }: Safetensors): z.infer<typeof metadataSchema> {
  const parsed = metadataSchema.safeParse(metadata)
  if (parsed.success) return parsed.data
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
  throw new FormatError(`trace: this is no trace file, or a damaged one: metadata ${problems.join('; ')}`)
}
