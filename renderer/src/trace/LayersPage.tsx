import { Awaited } from './Awaited'
import { LoadMap } from './LoadMap'
import { PlacementPanel } from './PlacementPanel'
import { useStatistics } from './use-inspected'

/** Layers by experts: any choice, and first choices. */
export function LayersPage() {
  const { choices } = useStatistics('choices')
  return (
    <Awaited known={choices}>
      {(counts) => (
        <>
          <LoadMap counts={counts} />
          <LoadMap counts={counts} which="first" />
          <PlacementPanel counts={counts} />
        </>
      )}
    </Awaited>
  )
}
