/** Moescope's own trace file. */
import { FormatError } from '../../formats/format-error'
import { openTraceFile } from '../trace-file'
import type { Importer } from './importer'

export const moescope: Importer = {
  format: 'moescope',
  label: 'Moescope trace (safetensors)',
  detect: ({ content }) => {
    if (content.kind !== 'arrays' || content.container !== 'safetensors') return 'no'
    if (content.metadata.format?.startsWith('moescope.trace/')) return 'certain'
    return content.tensors.some(({ name }) => name === 'expert_ids') ? 'possible' : 'no'
  },
  read: async ({ source }) => {
    const trace = await openTraceFile(source)
    if (trace.layers.length * trace.topK === 0) {
      throw new FormatError(`trace: ${trace.model || 'its model'} is dense, so that there is no routing to look at`)
    }
    const { expertIds } = await trace.rows(0, Math.min(previewTokens, trace.tokenCount))
    const perToken = trace.layers.length * trace.topK
    const lines = Array.from({ length: expertIds.length / perToken }, (_, token) => {
      const ids = expertIds.subarray(token * perToken, (token + 1) * perToken)
      return `token ${token}  ${trace.tokens ? `${JSON.stringify(trace.tokens[token])}  ` : ''}${ids.join(' ')}`
    })
    return {
      questions: [],
      preview: lines.length > 0 ? lines.join('\n') : 'no tokens',
      open: async () => trace
    }
  }
}

const previewTokens = 4
