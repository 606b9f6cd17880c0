/** `moescope params`: parameters, FLOPs and bytes of architectures, counted from their config.json. */
import { ConfigError, UnknownKindError, UnknownShapesError } from '@core/arch/describe/config-error'
import { isReadableAtBestEffort, readDescription } from '@core/arch/describe/read'
import { FormatError } from '@core/formats/format-error'
import { FailureError } from '../terminal/errors'
import { readOptions, wholeNumber } from '../terminal/options'
import type { Terminal } from '../terminal/terminal'
import { type ModelParameters, modelParameters } from './json'
import { findConfig, openGallery } from './source'
import { modelsTable, modelText } from './text'

export const help = `usage: moescope params CONFIG.json... [options]

Counts the parameters of models from their Hugging Face config.json: in total, active for one token by each of the three
conventions, and by what they are for; the arithmetic of a token, the bytes of weights and of the cache. A folder with a
config.json will do, and so will the id or name of a model of the gallery; several make a table. One that cannot be read
is named on standard error and does not keep the others from being counted.

  --context N     tokens before the next one, for arithmetic and cache (default 4096)
  --best-effort   read kinds that are not known by the names of their keys, and say what that assumes; given twice,
                  also where a key that is not known looks like a size or a schedule of layers
  --gallery       list the models of the gallery instead
  --json          {models: [{name, source, model_type, total, active: {all, no_input_embedding, no_embedding},
                  active_range, components, mtp_extra, context, flops_per_token, flops_per_token_prefill,
                  flops_per_token_decode, kv_bytes_per_token, kv_bytes, state_bytes, cache_read_bytes,
                  weight_bytes: {fp32, bf16, fp8, int8, int4}, stored_bytes: {format: bytes},
                  shipped_format, quantisation, shipped_bytes, read_bytes_per_token: {format: bytes}, experts,
                  layers, assumptions, left_out, notes}]}
                  Weight bytes are those of the numbers alone; stored bytes have the scales of real formats.
`

export async function run(args: readonly string[], terminal: Terminal): Promise<void> {
  const options = {
    json: { type: 'boolean' },
    context: { type: 'string', default: '4096' },
    'best-effort': { type: 'boolean', multiple: true },
    gallery: { type: 'boolean' }
  } as const
  const { values, positionals } = readOptions(args, options, args.includes('--gallery') ? [] : ['CONFIG.json...'])
  const context = wholeNumber('--context', values.context, 1, 1_000_000_000)
  const gallery = await openGallery(terminal.modelsFolder)
  const names = values.gallery ? gallery.map(({ id }) => id) : positionals
  const asked = values['best-effort']?.length ?? 0
  const bestEffort = asked > 1 ? 'anyway' : asked > 0
  const models: ModelParameters[] = []
  const problems: string[] = []
  for (const name of names) {
    let json: unknown
    try {
      const source = findConfig(name, gallery)
      json = source.json
      const description = readDescription(source.json, { bestEffort })
      models.push(modelParameters(source, description, context))
    } catch (error) {
      problems.push(problemOf(name, error, asked === 0 && isReadableAtBestEffort(json)))
    }
  }
  const [only, ...others] = models
  if (values.json) terminal.write(`${JSON.stringify({ models })}\n`)
  else if (only) terminal.write(others.length === 0 ? modelText(only, terminal) : modelsTable(models, terminal))
  if (problems.length === 0) return
  if (names.length === 1) throw new FailureError(problems.join())
  for (const problem of problems) terminal.tell(`moescope: ${problem}\n`)
  throw new FailureError(`${problems.length} of ${names.length} could not be counted`)
}

/**
 * The file in place of the name that every config.json has. Faults of the program are no problem of a file.
 *
 * @param isReadable at best effort, which was not asked for
 */
function problemOf(name: string, error: unknown, isReadable: boolean): string {
  if (error instanceof ConfigError) {
    const option =
      error instanceof UnknownKindError || isReadable
        ? ' (--best-effort)'
        : error instanceof UnknownShapesError
          ? ' (--best-effort --best-effort)'
          : ''
    return `${name}: ${error.message.replace(/^config\.json: /, '')}${option}`
  }
  if (error instanceof FailureError || error instanceof FormatError) return error.message
  throw error
}
