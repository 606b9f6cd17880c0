import { EngineChip } from './EngineChip'
import { FollowChip } from './FollowChip'
import { JobsChip } from './JobsChip'

/** Jobs and engine in the header; a script of its own, because the front page can be used before. */
export default function Chips() {
  return (
    <>
      <FollowChip />
      <JobsChip />
      <EngineChip />
    </>
  )
}
