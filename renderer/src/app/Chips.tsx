import { EngineChip } from './EngineChip'
import { LongWorkChip } from './LongWorkChip'

/** What works behind the views, in the header; a script of its own, because the front page can be used before. */
export default function Chips() {
  return (
    <>
      <LongWorkChip />
      <EngineChip />
    </>
  )
}
