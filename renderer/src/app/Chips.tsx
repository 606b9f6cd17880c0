import { EngineChip } from './EngineChip'
import { FollowChip, StoryChip } from './FollowChip'
import { JobsChip } from './JobsChip'

/** The way back to a story, jobs and engine in the header; a script of its own, because the front page can be used before. */
export default function Chips() {
  return (
    <>
      <StoryChip />
      <FollowChip />
      <JobsChip />
      <EngineChip />
    </>
  )
}
