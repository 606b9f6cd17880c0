/** The terminal's answers, against those of before. */
import { expect, test } from 'vitest'
import { answerOf, commands } from './commands.fixture'
import { differences, savedJson } from './saved.fixture'

test.each(Object.entries(commands))('%s', async (name, command) => {
  expect(differences(await answerOf(command), savedJson('figures', `${name}.json`), command)).toEqual([])
})
