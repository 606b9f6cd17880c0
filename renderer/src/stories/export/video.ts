/** A story as a video of a fixed frame rate: every frame drawn from the record, none filmed. */
import { frameRate, framesOf, momentOf, storyFrames } from '@core/stories/frames'
import type { Story } from '@core/stories/story'
import {
  BufferTarget,
  getFirstEncodableVideoCodec,
  Mp4OutputFormat,
  Output,
  QUALITY_HIGH,
  VideoSample,
  VideoSampleSource,
  WebMOutputFormat
} from 'mediabunny'
import { canvasOf } from '../../charts/export'
import { type Look, type Making, sizes } from './look'
import { openStageFrame, stageSize } from './stage-frame'

export interface Video {
  /** H.264 in MP4 where the system encodes it, else VP9 in WebM. */
  readonly extension: 'mp4' | 'webm'
  readonly bytes: Uint8Array<ArrayBuffer>
}

/** Makes the video of a story. Rejects where nothing here encodes one, and with the signal's reason once it is aborted. */
export async function storyVideo(
  story: Story,
  { theme, size }: Look,
  { signal, onProgress }: Pick<Making, 'signal' | 'onProgress'>
): Promise<Video> {
  const scale = sizes[size]
  const [width, height] = [stageSize.width * scale, stageSize.height * scale]
  const codec = await getFirstEncodableVideoCodec(['avc', 'vp9'], { width, height, quality: QUALITY_HIGH })
  if (!codec) throw new Error(`neither H.264 nor VP9 of ${width} by ${height} pixels can be encoded here`)
  const target = new BufferTarget()
  const format = codec === 'avc' ? new Mp4OutputFormat() : new WebMOutputFormat()
  const output = new Output({ format, target })
  const source = new VideoSampleSource({ codec, quality: QUALITY_HIGH, keyFrameInterval: 5 })
  output.addVideoTrack(source, { frameRate })
  const frame = openStageFrame(story, theme)
  const all = storyFrames(story)
  let drawn: { readonly svg: string; readonly sample: VideoSample } | undefined
  try {
    await output.start()
    let count = 0
    for (const [number, chapter] of story.chapters.entries()) {
      let moment = -1
      for (let i = 0; i < framesOf(chapter); i++, count++) {
        signal.throwIfAborted()
        // A frame like the one before is not drawn again.
        if (momentOf(chapter, i) !== moment) {
          moment = momentOf(chapter, i)
          const svg = frame.draw(number, moment)
          if (svg !== drawn?.svg) {
            const canvas = await canvasOf(svg, scale)
            drawn?.sample.close()
            drawn = { svg, sample: new VideoSample(canvas, { timestamp: 0 }) }
          }
        }
        const sample = drawn?.sample.clone()
        if (!sample) continue
        sample.setTimestamp(count / frameRate)
        sample.setDuration(1 / frameRate)
        await source.add(sample)
        sample.close()
        if (count % frameRate === 0) onProgress(count / all)
      }
    }
    await output.finalize()
  } catch (error) {
    if (output.state !== 'finalized') await output.cancel()
    throw error
  } finally {
    drawn?.sample.close()
    frame.close()
  }
  if (!target.buffer) throw new Error('the video is empty')
  return { extension: codec === 'avc' ? 'mp4' : 'webm', bytes: new Uint8Array(target.buffer) }
}
