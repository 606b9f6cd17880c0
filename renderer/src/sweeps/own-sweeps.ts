/** Sweeps that the Lab computes itself: planned from a file, kept among its runs, and computed one after the other. */
import { FormatError } from '@core/formats/format-error'
import { parseJson } from '@core/formats/json'
import { parsedBy } from '@core/formats/problems'
import { isUnderWay, type RunRecord } from '@core/lab/run'
import { sha256 } from '@core/lab/run-id'
import { type ListedRun, listName, readSweepList, sweepLines } from '@core/lab/sweep/folder'
import { planTrainings } from '@core/lab/sweep/plan-trainings'
import { type Sweep, sweepSchema, sweepSize } from '@core/lab/sweep/points'
import { missingRun, readSweepRun, type SweepRun } from '@core/lab/sweep/read-run'
import { messageOf } from '@core/reason'
import { type OpenedFile, textOf } from '../host/host'
import type { App } from '../state/app'
import type { OpenedSweep } from './state'

/** Most runs of a sweep that the app computes: what takes longer is for the terminal. */
export const mostOwnRuns = 1000

/** Ids of the folders that sweeps are kept in. */
const ownSweepId = /^sweep-[0-9a-f]{12}$/

/** The file that has the name of a sweep. */
const nameName = 'name.txt'

/** Longest file of a sweep, in bytes. */
const longestFile = 4 * 1024 * 1024

/** True of a file that asks for a sweep: YAML, or JSON with its keys. */
export async function isSweepFile(file: OpenedFile): Promise<boolean> {
  if (file.size > longestFile) return false
  if (/\.ya?ml$/i.test(file.name)) return true
  const text = new TextDecoder().decode(await file.bytes())
  return /^\s*\{/.test(text) && /"kind"\s*:/.test(text) && /"(base|list)"\s*:\s*[{[]/.test(text)
}

/** Shows the runs that a file asks for; nothing is computed yet. Throws a `FormatError` that says what is wrong. */
export async function openSweepFile(app: App, file: OpenedFile): Promise<void> {
  const text = await textOf(file)
  const value = /\.ya?ml$/i.test(file.name) ? await yamlOf(text) : parseJson(text, file.name)
  await showPlanned(app, file.name.replace(/\.[^.]*$/, ''), parsedBy(sweepSchema, value, ''))
}

async function yamlOf(text: string): Promise<unknown> {
  const { parse } = await import('yaml')
  try {
    // By default no more than 100 aliases are followed, and one that contains itself is refused.
    return parse(text)
  } catch (error) {
    throw new FormatError(`it is not YAML: ${messageOf(error).split('\n')[0]?.replace(/:$/, '')}`, { cause: error })
  }
}

/** Shows the runs of a sweep, as far as they are trained here already. */
export async function showPlanned(app: App, name: string, sweep: Sweep): Promise<void> {
  const size = sweepSize(sweep)
  if (size > mostOwnRuns) {
    throw new FormatError(
      `it asks for ${size.toLocaleString('en')} runs, and at most ${mostOwnRuns.toLocaleString('en')} are computed here: 'moescope sweep' computes more`
    )
  }
  await showOwn(app, name, await planTrainings(sweep))
}

async function showOwn({ store, choose, lab }: App, name: string, list: readonly ListedRun[]): Promise<void> {
  const id = `sweep-${(await sha256(list.map((run) => run.id).join('\n'))).slice(0, 12)}`
  const sweep: OpenedSweep = {
    name,
    folder: undefined,
    from: 'lab',
    own: { id, list },
    runs: list.map(missingRun),
    read: 0
  }
  store.setState({ sweep })
  const { choices } = store.getState()
  choose({ view: 'sweep', sweep: { ...choices.sweep, filter: '', run: '' } })
  await refreshOwn({ store, lab }, lab.queue.records)
}

/** Brings a sweep of the Lab up to what has become of its runs. */
export async function refreshOwn(
  { store, lab }: Pick<App, 'store' | 'lab'>,
  records: readonly RunRecord[]
): Promise<void> {
  const { sweep } = store.getState()
  if (!sweep?.own) return
  const { list } = sweep.own
  const byId = new Map(records.map((record) => [record.id, record]))
  const runs = await Promise.all(
    list.map(async (listed, place) => {
      const before = sweep.runs[place] ?? missingRun(listed)
      const record = byId.get(listed.id)
      if (!record) return before.state.kind === 'missing' ? before : missingRun(listed)
      if (record.status !== 'finished') return withState(missingRun(listed), record)
      return before.state.kind === 'whole' ? before : readSweepRun(listed, lab.files(listed.id))
    })
  )
  store.setState(({ sweep: now }) =>
    now && now.own === sweep.own ? { sweep: { ...now, runs, read: runs.length } } : {}
  )
}

function withState(run: SweepRun, { status, done, failure }: RunRecord): SweepRun {
  if (status === 'failed') return { ...run, state: { kind: 'failed', reason: failure ?? 'no reason was reported' } }
  return { ...run, state: { kind: 'begun', done } }
}

/** Runs of a sweep that wait or compute at a time: the queue has the next one when it has room. */
const ahead = 4

/** Computes what is missing of the sweep that is open, in its order; it is kept first. Resolves when it is over. */
export async function playSweep(app: App): Promise<void> {
  const { host, lab, store } = app
  const { sweep, playing } = store.getState()
  if (!sweep?.own || playing !== undefined) return
  const { id, list } = sweep.own
  store.setState({ playing: id })
  try {
    const files = host.runs.files(id)
    await files.write(listName, new TextEncoder().encode(`${[...sweepLines(list)].join('\n')}\n`))
    await files.write(nameName, new TextEncoder().encode(sweep.name))
    const isPlaying = () => store.getState().playing === id
    const pending = list.filter((run) => lab.queue.records.find((each) => each.id === run.id)?.status !== 'finished')
    async function next(): Promise<void> {
      for (let run = pending.shift(); run !== undefined && isPlaying(); run = pending.shift()) {
        const { kind, spec } = run
        const { id: own } = await lab.queue.add({ kind, spec }, run.id)
        await lab.queue.ended(own)
      }
    }
    await Promise.all(Array.from({ length: ahead }, next))
  } finally {
    store.setState(({ playing: now }) => (now === id ? { playing: undefined } : {}))
  }
}

/** Ends the runs of the sweep that is computed; what they have learnt is kept, and they go on from there. */
export function stopSweep({ lab, store }: App): void {
  const { sweep } = store.getState()
  store.setState({ playing: undefined })
  for (const { id } of sweep?.own?.list ?? []) {
    const record = lab.queue.records.find((each) => each.id === id)
    if (record && isUnderWay(record)) lab.cancel(id)
  }
}

/** A sweep that is kept here. */
export interface KeptSweep {
  readonly id: string
  readonly name: string
  readonly list: readonly ListedRun[]
}

/** The sweeps that are kept here; one that cannot be read is left out, and its folder stays. */
export async function keptSweeps({ host }: Pick<App, 'host'>): Promise<KeptSweep[]> {
  const ids = (await host.runs.ids()).filter((id) => ownSweepId.test(id))
  const found = await Promise.all(
    ids.map(async (id): Promise<KeptSweep[]> => {
      const files = host.runs.files(id)
      const [list, name] = await Promise.all([files.read(listName), files.read(nameName)])
      try {
        return list ? [{ id, name: name ? new TextDecoder().decode(name) : id, list: readSweepList(list) }] : []
      } catch (error) {
        if (error instanceof FormatError) return []
        throw error
      }
    })
  )
  return found.flat()
}

/** Shows a sweep that is kept here. */
export function openKept(app: App, { name, list }: KeptSweep): Promise<void> {
  return showOwn(app, name, list)
}

/** Takes a sweep off the list; its runs stay. */
export async function forgetSweep({ host }: Pick<App, 'host'>, id: string): Promise<void> {
  await host.runs.remove(id)
}
