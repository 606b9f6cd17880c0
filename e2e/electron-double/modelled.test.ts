import { expect, test, vi } from 'vitest'
import { modelled, modelledClass } from './modelled'
import { modelledEmitter, preventable } from './modelled-emitter'

interface Whole {
  quit(): string
  name: string
  missing: string
}

test('a member that is not modelled throws by name, read or set', async () => {
  const app = modelled<Whole>('app', { quit: () => 'bye', name: 'x' })
  expect(app.quit()).toBe('bye')
  app.name = 'y'
  expect(app.name).toBe('y')
  expect(() => app.missing).toThrow('app.missing')
  expect(() => {
    app.missing = 'z'
  }).toThrow('app.missing')
  // Names that any `await` or `console.log` looks for do not count.
  expect(await Promise.resolve(app)).toBe(app)
  expect(JSON.stringify(app)).toBe('{"name":"y"}')
})

test('an accessor stays one', () => {
  let theme = 'light'
  const native = modelledEmitter<{ theme: string }>('nativeTheme', [], {
    get theme() {
      return theme
    },
    set theme(next) {
      theme = next
    }
  })
  native.theme = 'dark'
  expect([theme, native.theme]).toEqual(['dark', 'dark'])
})

test('an event that is not modelled throws when it is listened to', () => {
  const heard = vi.fn<(n: number) => void>()
  const app = modelledEmitter<object>('app', ['ready'], {})
  app.on('ready', heard)
  app.once('ready', heard)
  app.emit('ready', 1)
  app.emit('ready', 2)
  expect(heard.mock.calls).toEqual([[1], [1], [2]])
  for (const listen of ['on', 'once', 'addListener', 'prependListener'] as const) {
    expect(() => app[listen]('gpu-info-update', heard)).toThrow("'gpu-info-update' of app")
  }
})

test('a class makes what it is told, and its static members are modelled, too', () => {
  class Shape {
    declare width: number
    static largest: () => number
  }
  const Double = modelledClass<typeof Shape>('Shape', () => modelled<Shape>('Shape', {}), {})
  expect(() => new Double().width).toThrow('Shape.width')
  expect(() => Double.largest).toThrow('Shape.largest')
})

test('an event is prevented by whoever says so', () => {
  const event = preventable()
  expect(event.defaultPrevented).toBe(false)
  event.preventDefault()
  expect(event.defaultPrevented).toBe(true)
})
