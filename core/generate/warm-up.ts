import type { Decoder } from './decoder'

/** Tokens that are read at once. */
const window = 32

/**
 * Has decoders read a window and go on by single tokens, in turns, until a time (of `performance.now()`) has come; each
 * reads its window in any case. What they read means nothing, and reading a prompt forgets it. Machine code for
 * WebAssembly and WebGPU gets its final form once a program was seen at work: without this the first texts are slow,
 * and so is everything beside them while both cores compile.
 */
export async function warmUp(
  decoders: readonly Pick<Decoder, 'model' | 'room' | 'prefill' | 'step'>[],
  end: number
): Promise<void> {
  for (const decoder of decoders) {
    const tokens = Math.min(window, decoder.model.architecture.context)
    await decoder.prefill(new Array<number>(tokens).fill(0))
  }
  while (performance.now() < end) {
    for (const decoder of decoders) {
      if (decoder.room === 0) return
      await decoder.step(0)
    }
  }
}
