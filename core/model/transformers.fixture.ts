/** The weights of the checkpoints of `transformers.json`. */
import type { Architecture } from '../arch/architecture'
import { storedTensor, writeSafetensors } from '../formats/safetensors'
import { checkpointLayout } from '../tensors/bindings'

/** `model.safetensors`: `0.5 sin(hash(name) + 1.3 i + i^2 mod 7)`, around 1 for norms and larger for routers. */
export function formulaCheckpoint(architecture: Architecture): Uint8Array {
  const tensors = checkpointLayout(architecture).tensors.map(({ name, shape }) => {
    const hash = Array.from(name).reduce((sum, each) => (31 * sum + each.charCodeAt(0)) % 1009, 0)
    const data = Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => {
      const wave = Math.sin(hash + 1.3 * i + (i ** 2 % 7))
      if (name.endsWith('norm.weight')) return 1 + 0.25 * wave
      return (/\.(gate|router|router\.layer)\.weight$/.test(name) ? 1.5 : 0.5) * wave
    })
    return [name, storedTensor(data, shape)] as const
  })
  return writeSafetensors(tensors)
}
