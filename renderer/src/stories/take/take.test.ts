import { readGallery } from '@core/arch/gallery'
import { recordSchema } from '@core/stories/records'
import { expect, test } from 'vitest'
import shippedGallery from '../../../../assets/architectures.json'
import { createApp } from '../../app/create-app'
import { createMemoryHost } from '../../host/memory'
import { views } from '../../state/choices'
import { readVersioned, stateFormat } from '../../state/versioned'
import { takeView } from './take'

test('a model of the gallery is taken with its published size, and with the choices of its view alone', () => {
  const app = createApp(createMemoryHost())
  app.store.setState({ gallery: readGallery(shippedGallery) })
  const { architectures } = app.store.getState().choices
  app.choose({ view: 'architectures', architectures: { ...architectures, screen: 'one', model: 'mixtral-8x7b' } })
  const { record, pointer, choices } = takeView(app)
  expect(recordSchema.parse(record)).toMatchObject({ kind: 'meters', rows: [{ total: 46_702_792_704 }] })
  expect(pointer).toBe('mixtral-8x7b')
  expect(Object.keys(Object(choices?.choices)).toSorted()).toEqual(['architectures', 'view'])
  expect(readVersioned(stateFormat, choices).choices.architectures.model).toBe('mixtral-8x7b')
})

test('a view with nothing to show yet gives its choices without a record', () => {
  const app = createApp(createMemoryHost())
  for (const view of views.filter((each) => !['scaling', 'stories'].includes(each))) {
    app.choose({ view })
    expect(takeView(app)).toEqual({
      choices: expect.objectContaining({ format: expect.stringContaining('moescope.state/') })
    })
  }
})
