import { messageOf } from '@core/reason'
import { type FormEvent, useEffect, useState } from 'react'
import { formatExact, formatPercent } from '../charts/format'
import type { QueueState, WatchedQueue } from '../host/host'
import { useApp } from '../state/app'
import { Button } from '../ui/Button'
import field from '../ui/Field.module.css'
import styles from './SweepView.module.css'

/** Milliseconds between two looks at a queue. */
const pause = 2000

/**
 * The queue that workers take the runs of a sweep from, which is only looked at. Its address is kept nowhere, and the
 * password not even here.
 */
export function QueueProgress({ sweep }: { sweep: string }) {
  const { host } = useApp()
  const [queue, setQueue] = useState<WatchedQueue>()
  const [problem, setProblem] = useState('')
  const [isConnecting, setConnecting] = useState(false)
  useEffect(() => {
    if (!queue) return undefined
    return () => void queue.close()
  }, [queue])
  const { watchQueue } = host
  async function connect(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault()
    const form = event.currentTarget
    const given = new FormData(form)
    const of = (name: string) => {
      const value = given.get(name)
      return typeof value === 'string' ? value : ''
    }
    setProblem('')
    setConnecting(true)
    try {
      const found = await watchQueue?.({ sweep, url: of('url'), password: of('password') })
      if (found) form.reset()
      setQueue(found)
    } catch (error) {
      setProblem(messageOf(error))
    } finally {
      setConnecting(false)
    }
  }
  if (queue) return <Watched queue={queue} onLeave={() => setQueue(undefined)} />
  return (
    <details className={styles.queue}>
      <summary>Its queue and workers</summary>
      {watchQueue ? (
        <form className={styles.address} onSubmit={(event) => void connect(event)}>
          <label>
            address of the queue
            <input
              className={field.field}
              name="url"
              required
              size={36}
              placeholder="redis://HOST:6379"
              spellCheck={false}
              autoComplete="off"
            />
          </label>
          <label>
            password, if it has one
            <input className={field.field} name="password" type="password" autoComplete="off" />
          </label>
          <Button type="submit" disabled={isConnecting}>
            {isConnecting ? 'Connecting …' : 'Look at it'}
          </Button>
        </form>
      ) : (
        <p className={styles.note}>
          A page in a browser cannot speak to Redis or PostgreSQL: the desktop app shows workers and waiting runs. What
          ends appears here from the folder.
        </p>
      )}
      {problem && <p className={styles.failed}>{problem}</p>}
    </details>
  )
}

function Watched({ queue, onLeave }: { queue: WatchedQueue; onLeave: () => void }) {
  const [state, setState] = useState<QueueState>()
  const [problem, setProblem] = useState('')
  useEffect(() => {
    let isOver = false
    let timer: ReturnType<typeof setTimeout> | undefined
    async function look(): Promise<void> {
      try {
        const found = await queue.state()
        if (isOver) return
        setState(found)
        setProblem('')
      } catch (error) {
        if (isOver) return
        setProblem(messageOf(error))
      }
      timer = setTimeout(() => void look(), pause)
    }
    void look()
    return () => {
      isOver = true
      clearTimeout(timer)
    }
  }, [queue])
  return (
    <section className={styles.queue} aria-label="Queue of the sweep">
      <div className={styles.progress}>
        <output>
          {queue.name}: {state ? stateText(state) : 'asked …'}
        </output>
        <Button look="quiet" onClick={onLeave}>
          Leave the queue
        </Button>
      </div>
      {problem && <p className={styles.failed}>{problem}</p>}
      {state && state.computing.length > 0 && (
        <ul>
          {state.computing.map(({ id, worker, done }) => (
            <li key={id}>
              {id}, {formatPercent(done)}
              {worker && <span className={styles.note}> by {worker}</span>}
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

function stateText({ waiting, computing, failed, workers }: QueueState): string {
  const parts = [`${formatExact(waiting)} runs wait`, `${formatExact(computing.length)} are computed`]
  if (failed > 0) parts.push(`${formatExact(failed)} have failed`)
  return `${parts.join(', ')}; ${workers.length === 0 ? 'no worker is there' : `${formatExact(workers.length)} ${workers.length === 1 ? 'worker' : 'workers'}`}`
}
