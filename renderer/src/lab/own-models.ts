/** Models that were trained here, as far as their files tell. */
import type { StoreApi } from 'zustand/vanilla'
import type { Host } from '../host/host'
import type { AppState } from '../state/app-state'
import { readLibrary } from '../state/library'
import { shippedTrainings } from './models'

type Rooms = { readonly host: Host; readonly store: StoreApi<AppState> }

/** Reads anew what was trained here. */
export async function refreshOwnModels({ host, store }: Rooms): Promise<void> {
  store.setState({ library: await readLibrary(host) })
  await refreshTrainings({ host, store })
}

/** Reads anew which trainings can go on, and which have kept checkpoints, here or as they are shipped. */
export async function refreshTrainings({ host, store }: Rooms): Promise<void> {
  const [ids, shipped] = await Promise.all([host.models.ids(), shippedTrainings(host)])
  const own = await Promise.all(ids.map(async (id) => ({ id, names: await host.models.files(id).names() })))
  const idsOf = (isWanted: (names: readonly string[]) => boolean) =>
    own.filter(({ names }) => isWanted(names)).map(({ id }) => id)
  store.setState({
    unfinished: idsOf((names) => names.includes('run.safetensors') && !names.includes('training.json')),
    checkpointed: [
      ...shipped.map(({ id }) => id),
      ...idsOf((names) => names.some((name) => /^checkpoints(\.safetensors$|\/)/.test(name)))
    ]
  })
}
