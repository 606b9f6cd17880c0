/** The player of a story: what each key does to the chapter and the stage. Pure, and defined for every key. */
import { freshStage, type Stage } from './state'

export interface Player extends Stage {
  /** From 0. */
  readonly chapter: number
}

/** Something beyond the stage that a key asks for. */
export type Wish = 'leave' | 'live' | 'speaker' | 'full-screen' | 'theme' | 'clock'

export interface Pressed {
  readonly player: Player
  readonly wish?: Wish
}

/** Keys and what they do, for who asks. */
export const playerKeys: readonly (readonly [keys: string, effect: string])[] = [
  ['Space, →, Page Down', 'next chapter'],
  ['←, Page Up', 'chapter before'],
  ['↑, ↓', 'back and forth in time'],
  ['Home, End', 'first and last chapter'],
  ['G or a number, Enter', 'go to a chapter'],
  ['O', 'overview'],
  ['B', 'black'],
  ['L', 'live'],
  ['S', 'speaker window'],
  ['F', 'full screen'],
  ['T', 'light or dark'],
  ['R', 'the clock again, from this chapter'],
  ['Esc', 'back, at last to the list']
]

/** Part of a record's course that a key goes through. */
const step = 0.1

/**
 * The player after a key, as `KeyboardEvent.key` names it.
 *
 * @param count of the story's chapters, at least 1
 */
export function press(player: Player, key: string, count: number): Pressed {
  const name = key.length === 1 ? key.toLowerCase() : key
  if (player.black) return { player: { ...player, black: false } }
  if (player.shows === 'number' || (/^\d$/.test(name) && player.shows === 'chapter'))
    return typeNumber(player, name, count)
  const chapter = chapterAfter(player, name, count)
  if (chapter !== undefined) {
    return { player: player.shows === 'overview' ? { ...player, chapter } : begin(player, chapter) }
  }
  if (player.shows === 'overview') return inOverview(player, name)
  switch (name) {
    case 'ArrowUp':
    case 'ArrowDown': {
      const moment = Math.round((player.moment + (name === 'ArrowUp' ? -step : step)) * 1000) / 1000
      return { player: { ...player, runs: false, moment: Math.min(1, Math.max(0, moment)) } }
    }
    case 'b':
    case '.':
      return { player: { ...player, black: true } }
    case 'o':
      return { player: { ...player, shows: 'overview' } }
    case 'g':
      return { player: { ...player, shows: 'number', typed: '' } }
    case 'Escape':
      return { player, wish: 'leave' }
    default:
      return name in wishes ? { player, wish: wishes[name as keyof typeof wishes] } : { player }
  }
}

/** The player after some time of a record's course, which is still where its chapter has been moved by hand. */
export function pass(player: Player, part: number): Player {
  if (!player.runs) return player
  const moment = Math.min(1, player.moment + Math.max(0, part))
  return { ...player, moment, runs: moment < 1 }
}

const wishes = { l: 'live', s: 'speaker', f: 'full-screen', t: 'theme', r: 'clock' } as const

/** The player at the beginning of a chapter; where it is that already, as it is. */
function begin(player: Player, chapter: number): Player {
  return chapter === player.chapter ? player : { ...freshStage, chapter }
}

function chapterAfter({ chapter }: Player, name: string, count: number): number | undefined {
  const last = count - 1
  const within = (wanted: number) => Math.min(last, Math.max(0, wanted))
  switch (name) {
    case ' ':
    case 'ArrowRight':
    case 'PageDown':
      return within(chapter + 1)
    case 'ArrowLeft':
    case 'PageUp':
    case 'Backspace':
      return within(chapter - 1)
    case 'Home':
      return 0
    case 'End':
      return last
    default:
      return undefined
  }
}

function inOverview(player: Player, name: string): Pressed {
  if (name === 'Enter' || name === 'Escape' || name === 'o')
    return { player: { ...freshStage, chapter: player.chapter } }
  return { player }
}

function typeNumber(player: Player, name: string, count: number): Pressed {
  if (/^\d$/.test(name)) {
    const typed = `${player.shows === 'number' ? player.typed : ''}${name}`.slice(-3)
    return { player: { ...player, shows: 'number', typed } }
  }
  if (name === 'Backspace') return { player: { ...player, typed: player.typed.slice(0, -1) } }
  const stage: Player = { ...player, shows: 'chapter', typed: '' }
  if (name === 'Enter' && player.typed !== '') {
    return { player: begin(stage, Math.min(count, Math.max(1, Number(player.typed))) - 1) }
  }
  return name === 'Enter' || name === 'Escape' || name === 'g' ? { player: stage } : { player }
}
