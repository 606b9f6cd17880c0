import { expect, test } from 'vitest'
import { createApp } from '../app/create-app'
import { createMemoryHost } from '../host/memory'
import { readLink } from './link'
import { copyLink } from './sharing'

test('a copied link restores the choices, and says so', async () => {
  const host = createMemoryHost()
  const app = createApp(host)
  app.choose({ view: 'compare', seed: 11, prompt: 'geba lives in ' })
  await copyLink(app)
  expect(app.store.getState().notice).toBe('Link copied: it restores exactly what you see.')
  expect(readLink(host.copied.replace(/^.*#/, ''))?.choices).toEqual(app.store.getState().choices)
})

test('what a link is too long for is named, and a clipboard that is closed is said', async () => {
  const host = createMemoryHost()
  const app = createApp(host)
  app.choose({
    view: 'compare',
    architectures: { ...app.store.getState().choices.architectures, filter: 'x'.repeat(20_000) }
  })
  await copyLink(app)
  expect(app.store.getState().notice).toBe(
    'Link copied without this, for which it would be too long: architectures. A saved file keeps everything.'
  )
  host.copyText = async () => {
    throw new Error('closed')
  }
  await copyLink(app)
  expect(app.store.getState().notice).toBe('The clipboard is not open to this page. The address bar holds the link.')
})
