import { Awaited } from './Awaited'
import { LoadMap } from './LoadMap'
import { PlacementPanel } from './PlacementPanel'
import { useInspected, useStatistics } from './use-inspected'

/** Layers by experts: any choice, and first choices where they are known. */
export function LayersPage() {
  const { choices } = useStatistics('choices')
  const { facts } = useInspected()
  return (
    <Awaited known={choices}>
      {(counts) => (
        <>
          <LoadMap counts={counts} />
          {facts.kind === 'trace' && <LoadMap counts={counts} which="first" />}
          <PlacementPanel counts={counts} />
        </>
      )}
    </Awaited>
  )
}
