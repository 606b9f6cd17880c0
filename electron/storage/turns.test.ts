import { setTimeout as wait } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createTurns } from './turns'

test('actions of one key follow one another in their order, also after a failure', async () => {
  const turns = createTurns()
  const done: string[] = []
  const act = (name: string, ms: number) => async () => {
    done.push(`${name} begins`)
    await wait(ms)
    done.push(`${name} ends`)
    if (name === 'second') throw new Error('second fails')
    return name
  }
  const first = turns.take('a', act('first', 30))
  const second = turns.take('a', act('second', 1))
  const third = turns.take('a', act('third', 1))
  await expect(second).rejects.toThrow('second fails')
  expect([await first, await third]).toEqual(['first', 'third'])
  expect(done).toEqual(['first', 'second', 'third'].flatMap((name) => [`${name} begins`, `${name} ends`]))
})

test('another key does not wait', async () => {
  const turns = createTurns()
  let release = () => {}
  const blocked = turns.take('a', () => new Promise<void>((open) => (release = open)))
  expect(await turns.take('b', async () => 'at once')).toBe('at once')
  expect(turns.idle).toBe(false)
  release()
  await blocked
})

test('it is settled when all that was asked for has ended, well or badly', async () => {
  const turns = createTurns()
  expect(turns.idle).toBe(true)
  let ended = 0
  const act = async () => {
    await wait(5)
    ended++
    if (ended === 2) throw new Error('told to whoever asked')
  }
  const asked = ['a', 'a', 'b'].map((key) => turns.take(key, act).catch((error: unknown) => error))
  await turns.settled()
  expect(ended).toBe(3)
  await Promise.all(asked)
  expect(turns.idle).toBe(true)
})
