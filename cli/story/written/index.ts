import type { WrittenStory } from '../write'
import { fromGpt2ToDeepSeek } from './from-gpt-2-to-deepseek'
import { isBiggerAlwaysBetter } from './is-bigger-always-better'
import { smallerPlease } from './smaller-please'
import { whatDoExpertsBuy } from './what-do-experts-buy'
import { whenTheRouterCollapses } from './when-the-router-collapses'
import { whoIsExpert5 } from './who-is-expert-5'

/** The built-in stories, in the order of the front page. */
export const writtenStories: readonly WrittenStory[] = [
  whatDoExpertsBuy,
  isBiggerAlwaysBetter,
  whoIsExpert5,
  whenTheRouterCollapses,
  smallerPlease,
  fromGpt2ToDeepSeek
]
