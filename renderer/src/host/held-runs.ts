import type { Host } from './host'

/** Holds runs by locks of the browser: all windows of one origin share them, and a window that dies gives its own back. */
export const holdByLock: Host['hold'] = (id) =>
  new Promise((answer, fail) => {
    const options = { ifAvailable: true }
    const holding = navigator.locks.request(`moescope.run.${id}`, options, async (lock) => {
      if (!lock) return answer(undefined)
      await new Promise<void>((end) =>
        answer({
          release: () => {
            end()
            return holding
          }
        })
      )
    })
    holding.catch(fail)
  })
