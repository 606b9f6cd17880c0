import type { SpeedPoint } from '../../bench/speed-against-size'
import { measureSpeedAgainstSize } from '../../bench/speed-against-size'
import { jsonBytes } from '../../formats/json'
import type { RunKind } from '../kind'
import { ensureMeasured } from '../measured-on'
import type { SpeedAgainstSizeSpec, Speeds } from './speed-against-size'
import { readSpeeds, speedAgainstSizeForm, speedsName } from './speed-against-size'

/** Measures the speed of the same shapes from small to large, dense and MoE. Tells each point. */
export const speedAgainstSize: RunKind<SpeedAgainstSizeSpec, SpeedPoint> = {
  ...speedAgainstSizeForm,
  run: async ({ on, widths, experts, topK, milliseconds }, context) => {
    const { files, backend, turn, keep, progress, tell, origin } = context
    ensureMeasured(backend, on)
    const kept = await files.read(speedsName)
    const points: SpeedPoint[] = kept ? [...readSpeeds(kept).points] : []
    const missing = widths.filter((width) => !points.some((point) => point.width === width))
    for (const [i, width] of missing.entries()) {
      const done = (widths.length - missing.length + i) / widths.length
      progress(done, `d ${width}`)
      points.push(
        ...(await measureSpeedAgainstSize(backend, {
          widths: [width],
          experts,
          topK,
          milliseconds,
          turn,
          onPoint: tell
        }))
      )
      const whole = i === missing.length - 1
      const result: Speeds = { format: 'moescope.speed-against-size/1', ...origin, points, whole }
      await keep([{ name: speedsName, content: jsonBytes(result) }])
    }
  }
}
