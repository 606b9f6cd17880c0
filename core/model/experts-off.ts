/** Experts that are switched off, as they are stored and as interventions. */
import type { Architecture } from '../arch/architecture'
import { moeLayers, moeShape } from '../arch/architecture'
import type { ExpertsOff, Mask, MaskedLayer } from './intervention'
import { interventionName } from './intervention'

/** The intervention on each layer: a mask, or where all of its experts are off, its MoE skipped. */
export function switchedOff(architecture: Architecture, layers: readonly MaskedLayer[]): ExpertsOff[] {
  return layers.map(({ layer, experts }) => {
    const off = [...new Set(experts)]
    const isWhole = moeLayers(architecture).includes(layer) && off.length === moeShape(architecture, layer).experts
    return isWhole ? { kind: 'skip-moe', layer } : { kind: 'mask', layer, experts: off }
  })
}

/** The same as it is stored: layer by layer, ascending. */
export function storedOff(architecture: Architecture, off: readonly ExpertsOff[]): MaskedLayer[] {
  return off
    .flatMap((each) =>
      (each.layer === undefined ? moeLayers(architecture) : [each.layer]).map((layer) => ({
        layer,
        experts:
          each.kind === 'mask' ? [...each.experts] : Array.from(Array(moeShape(architecture, layer).experts).keys())
      }))
    )
    .sort((a, b) => a.layer - b.layer)
}

/** The masks among them, and the layers that are skipped, as a decoder takes them. */
export function splitOff(off: readonly ExpertsOff[]): { readonly masks: Mask[]; readonly skipped: number[] } {
  return {
    masks: off.filter((each) => each.kind === 'mask'),
    skipped: off.flatMap(({ kind, layer }) => (kind === 'skip-moe' && layer !== undefined ? [layer] : []))
  }
}

/** `3 of 32 experts off`. */
export function countText(architecture: Architecture, off: readonly ExpertsOff[]): string {
  return `${countOff(architecture, off)} of ${countExperts(architecture)} experts off`
}

/** Routed experts of all layers. */
export function countExperts(architecture: Architecture): number {
  return moeLayers(architecture).reduce((sum, layer) => sum + moeShape(architecture, layer).experts, 0)
}

/** Number of experts that are off. */
export function countOff(architecture: Architecture, off: readonly ExpertsOff[]): number {
  return storedOff(architecture, off).reduce((sum, { experts }) => sum + experts.length, 0)
}

/** `layer 0: without experts 1, 3; layer 1: MoE skipped`. */
export function offText(off: readonly ExpertsOff[]): string {
  return off.map(interventionName).join('; ')
}
