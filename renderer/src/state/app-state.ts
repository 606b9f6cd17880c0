import type { ReadStory } from '@core/stories/story'
import type { ShellState } from '../app/state'
import type { ArchitecturesState } from '../architectures/state'
import type { CompareState } from '../compare/state'
import type { CompressState } from '../compress/state'
import type { EngineState } from '../engine/state'
import type { LabState, RemovedRun } from '../lab/state'
import type { RoutingState } from '../routing/state'
import type { ScalingState } from '../scaling/state'
import type { StoriesState } from '../stories/state'
import type { SweepState } from '../sweeps/state'
import type { Choices } from './choices'
import type { History } from './history'
import type { Library } from './library'
import type { Settings } from './settings'

/** The part that undo takes back: choices, settings, the removal of runs, and the user's stories. */
export interface Chosen {
  readonly choices: Choices
  readonly settings: Settings
  /** Removed in this session. */
  readonly removed: readonly RemovedRun[]
  /** The user's stories; undefined before they are read. */
  readonly ownStories: readonly ReadStory[] | undefined
}

/** All that the app knows: what was chosen, and the slices of those who own them. */
export interface AppState
  extends Chosen,
    EngineState,
    CompareState,
    RoutingState,
    LabState,
    CompressState,
    SweepState,
    ArchitecturesState,
    ScalingState,
    StoriesState,
    ShellState {
  readonly history: History<Chosen>
  readonly library: Library | undefined
}
