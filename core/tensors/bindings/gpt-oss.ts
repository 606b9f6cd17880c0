import type { MoeFeedForward } from '../../arch/architecture'
import type { Binding, Block, CheckpointTensor } from '../binding'
import { decoder, type LayerSite, router } from '../decoder'
import { type Draw, uniform, zeros } from '../draw'
import type { ExpertPart } from '../part'
import type { View } from '../view'

/**
 * gpt-oss (OpenAI 2025, arXiv 2508.10925): the experts of a layer in one tensor with inputs before outputs, and biases;
 * gate and up projection alternate.
 */
export const gptOss: Binding = (architecture) =>
  decoder(architecture, (shape, site) => {
    if (shape.kind === 'dense' || shape.sharedWidth > 0) {
      throw new RangeError('a gpt_oss checkpoint has names for experts alone: expected model type llama or qwen2_moe')
    }
    return [...router('mlp.router', shape, site), ...stackedExperts(shape, site)]
  })

function stackedExperts(
  { experts, expertWidth: hidden, expertBias }: MoeFeedForward,
  { width, residual }: LayerSite
): CheckpointTensor[] {
  const stacked = (name: string, shape: readonly number[], blocksOf: (offset: number) => readonly Block[]) => {
    const size = shape.reduce((a, b) => a * b, 1)
    const blocks = Array.from({ length: experts }, (_, expert) =>
      blocksOf(expert * size).map(({ of, values }) => ({ of: { ...of, expert }, values }))
    )
    return { name: `mlp.experts.${name}`, shape: [experts, ...shape], blocks: blocks.flat() }
  }
  const block = (part: ExpertPart, draw: Draw, values: View): Block => ({ of: { part, draw }, values })
  const rows = (offset: number, inputs: number, row: number, step = 1): View => ({
    offset,
    shape: [inputs, row / step],
    strides: [row, step]
  })
  const list = (offset: number, length: number, step = 1): View => ({ offset, shape: [length / step], strides: [step] })
  const gateUp = (part: ExpertPart, draw: Draw, view: (offset: number) => View) => (offset: number) => [
    block(part, draw, view(offset)),
    block(part, draw, view(offset + 1))
  ]
  const matrices = [
    stacked(
      'gate_up_proj',
      [width, 2 * hidden],
      gateUp('expert_gate_up', uniform(), (offset) => rows(offset, width, 2 * hidden, 2))
    ),
    stacked('down_proj', [hidden, width], (offset) => [block('expert_down', residual, rows(offset, hidden, width))])
  ]
  if (!expertBias) return matrices
  return [
    ...matrices,
    stacked(
      'gate_up_proj_bias',
      [2 * hidden],
      gateUp('expert_gate_up_bias', zeros, (offset) => list(offset, 2 * hidden, 2))
    ),
    stacked('down_proj_bias', [width], (offset) => [block('expert_down_bias', zeros, list(offset, width))])
  ]
}
