import { changeChapter } from '@core/stories/edit'
import type { App } from '../state/app'
import { changeStory } from './own-actions'
import { takeView } from './take/take'

/** Takes the view that is shown into the chapter that is edited, in place of its record, and goes back to it. */
export function recordAgain(app: App): void {
  const { id, chapter } = app.store.getState().choices.story
  const { choices, record, pointer } = takeView(app)
  if (!record) {
    app.notify('This view has nothing to record yet: run it first. The chapter is as it was.')
    return
  }
  changeStory(app, id, (story) => changeChapter(story, chapter, { choices, record, pointer }))
  app.choose({ view: 'stories' })
  app.notify(`Chapter ${chapter + 1} is recorded again. Undo brings the old record back.`)
}
