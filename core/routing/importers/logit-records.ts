/** Router logits of records in any order, as the arrays `[tokens, experts]` of each text and layer, all in memory. */
import { z } from 'zod'
import { tensorInMemory } from '../../formats/filed-tensor'
import { FormatError } from '../../formats/format-error'
import { parsedBy } from '../../formats/problems'
import { storedTensor } from '../../formats/tensor-data'
import type { SniffedContent } from './importer'
import { checkCount, mostLayers } from './limits'

/** 128 MiB of 32-bit floats. */
const mostValues = 2 ** 25

const schema = z.union([z.array(z.number()), z.array(z.array(z.number())), z.array(z.array(z.array(z.number())))])

interface Where {
  readonly text: string
  readonly token: number | undefined
  readonly layer: number | undefined
}

export class LogitRecords {
  /** Records that were added. */
  count = 0
  private values = 0
  private experts = 0
  /** Of each text, layer and token. */
  private readonly texts = new Map<string, Map<number, Map<number, readonly number[]>>>()

  /**
   * Adds the logits of a record: of a token `[experts]` or `[layers, experts]`, of the tokens of a layer `[tokens,
   * experts]`, or `[tokens, layers, experts]`. Throws a `FormatError` that begins with `place`.
   */
  add({ text, token, layer }: Where, found: unknown, place: string): void {
    const value = parsedBy(schema, found, place)
    this.count++
    const [sample] = value
    if (!Array.isArray(sample)) this.addRow(text, token, layer, value as number[], place)
    else if (Array.isArray(sample[0])) {
      for (const [i, rows] of (value as number[][][]).entries()) {
        for (const [at, row] of rows.entries()) this.addRow(text, (token ?? 0) + i, at, row, place)
      }
    } else if (layer === undefined) {
      if (token === undefined) throw new FormatError(`${place}: expected token_idx or layer beside lists of lists`)
      for (const [at, row] of (value as number[][]).entries()) this.addRow(text, token, at, row, place)
    } else {
      for (const [i, row] of (value as number[][]).entries()) {
        this.addRow(text, token === undefined ? undefined : token + i, layer, row, place)
      }
    }
  }

  private addRow(
    text: string,
    token: number | undefined,
    layer: number | undefined,
    row: readonly number[],
    place: string
  ): void {
    if (layer === undefined || !Number.isInteger(layer) || layer < 0) {
      throw new FormatError(`${place}: expected the layer beside the logits, found ${layer ?? 'none'}`)
    }
    checkCount(layer + 1, mostLayers, `${place}: layer + 1`)
    if (this.experts === 0) this.experts = row.length
    if (row.length !== this.experts || row.length === 0) {
      throw new FormatError(`${place}: expected ${this.experts} logits, as in the first record, found ${row.length}`)
    }
    this.values += row.length
    if (this.values > mostValues)
      throw new FormatError(`${place}: more than ${mostValues} logits: save them with np.savez`)
    const layers = this.texts.get(text) ?? new Map<number, Map<number, readonly number[]>>()
    this.texts.set(text, layers)
    const tokens = layers.get(layer) ?? new Map<number, readonly number[]>()
    layers.set(layer, tokens)
    const at = token ?? tokens.size
    if (tokens.has(at))
      throw new FormatError(`${place}: token ${at} of layer ${layer} comes twice: expected seq_id or req_id`)
    tokens.set(at, row)
  }

  /** The logits as arrays of a file. Throws a `FormatError` where layers have other tokens than the first. */
  content(model: string | undefined): Extract<SniffedContent, { kind: 'arrays' }> {
    const tensors = [...this.texts.values()].flatMap((layers, text) => {
      const [first] = layers.values()
      const order = [...(first?.keys() ?? [])].sort((a, b) => a - b)
      return [...layers].map(([layer, tokens]) => {
        const missing = order.find((token) => !tokens.has(token))
        if (missing !== undefined || tokens.size !== order.length) {
          throw new FormatError(
            `layer ${layer} has ${tokens.size} tokens, expected the ${order.length} of the other layers`
          )
        }
        const values = Float32Array.from(order.flatMap((token) => tokens.get(token) ?? []))
        return tensorInMemory(`text_${text}_layer_${layer}_logits`, storedTensor(values, [order.length, this.experts]))
      })
    })
    return {
      kind: 'arrays',
      container: 'JSON',
      tensors,
      kinds: new Map(tensors.map((tensor) => [tensor, 'other'])),
      metadata: model === undefined ? {} : { model }
    }
  }
}
