import { EventEmitter } from 'node:events'
import { modelled } from './modelled'

/** The members of an emitter that are its own. */
export type OwnMembers<Whole> = Partial<Omit<Whole, keyof EventEmitter>>

/**
 * An emitter that also throws when an event is listened to that it does not model.
 *
 * @param events the events that it emits, and those that it never does and that need no model
 */
export function modelledEmitter<Whole extends object>(
  name: string,
  events: readonly string[],
  members: OwnMembers<Whole>
): Whole & EventEmitter {
  const emitter = new ModelledEmitter(name, new Set(events))
  return modelled<Whole & EventEmitter>(
    name,
    Object.defineProperties(emitter, Object.getOwnPropertyDescriptors(members)) as object
  )
}

class ModelledEmitter extends EventEmitter {
  readonly #check: (event: string | symbol) => void

  constructor(name: string, events: ReadonlySet<string>) {
    super()
    this.#check = (event) => {
      if (typeof event === 'symbol' || events.has(event)) return
      throw new Error(
        `the Electron double does not model the event '${event}' of ${name}: add it to e2e/electron-double`
      )
    }
    const { on, once, prependListener } = EventEmitter.prototype
    const checked = (add: typeof on) => {
      const check = this.#check
      return function (this: EventEmitter, event: string | symbol, listener: (...args: unknown[]) => void) {
        check(event)
        return add.call(this, event, listener)
      }
    }
    Object.assign(this, {
      on: checked(on),
      addListener: checked(on),
      once: checked(once),
      prependListener: checked(prependListener)
    })
  }
}

/** Electron's events that can be prevented. */
export interface PreventableEvent {
  readonly defaultPrevented: boolean
  preventDefault(): void
}

/** An event that nobody prevented yet. */
export function preventable(): PreventableEvent {
  let prevented = false
  return {
    get defaultPrevented() {
      return prevented
    },
    preventDefault: () => {
      prevented = true
    }
  }
}
